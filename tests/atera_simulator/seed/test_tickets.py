from collections import Counter
from datetime import datetime, timedelta

from atera_simulator.seed import HOSTILE_TITLES

OPEN_LIKE = {"Open", "Pending", "Waiting for vendor", "Scheduled on-site", "Send to Tech"}
EVERY_STATUS = OPEN_LIKE | {"Resolved", "Closed", "Deleted"}


def moment(text):
    return datetime.fromisoformat(text)


def last(thread, field):
    return next((comment for comment in reversed(thread) if comment[field] is not None), None)


def test_last_words_of_both_sides_are_those_of_the_thread(world):
    for ticket_id, thread in world.comments.items():
        if not thread:
            continue
        ticket = world.tickets[ticket_id]
        for side, field in (("EndUser", "EndUserID"), ("Technician", "TechnicianContactID")):
            comment = last(thread, field)
            assert ticket[f"Last{side}Comment"] == (comment and comment["Comment"])
            assert ticket[f"Last{side}CommentTimestamp"] == (comment and comment["Date"])


def test_the_first_response_is_the_first_public_comment_of_a_technician(world):
    for ticket_id, thread in world.comments.items():
        public = (c["Date"] for c in thread if c["TechnicianContactID"] is not None and not c["IsInternal"])
        assert world.tickets[ticket_id]["TechnicianFirstCommentDate"] == next(public, None)


def test_threads_begin_with_the_description_and_rise_in_time(world):
    for ticket_id, thread in world.comments.items():
        ticket = world.tickets[ticket_id]
        assert ticket["FirstComment"]
        dates = [comment["Date"] for comment in thread]
        assert dates == sorted(set(dates))
        if thread:
            assert (thread[0]["Date"], thread[0]["CommentHtml"]) == (
                ticket["TicketCreatedDate"],
                ticket["FirstComment"],
            )
            assert moment(dates[-1]) < world.now


def test_every_comment_has_exactly_one_author_and_notes_are_technicians(world):
    for thread in world.comments.values():
        for comment in thread:
            assert (comment["EndUserID"] is None) != (comment["TechnicianContactID"] is None)
            assert not (comment["IsInternal"] and comment["EndUserID"] is not None)


def test_only_finished_tickets_have_a_date_of_resolution(world):
    for ticket in world.tickets.values():
        if ticket["TicketStatus"] in {"Resolved", "Closed"}:
            assert ticket["TicketCreatedDate"] < ticket["TicketResolvedDate"] <= world.now.isoformat()
        elif ticket["TicketStatus"] in OPEN_LIKE:
            assert ticket["TicketResolvedDate"] is None


def test_durations_are_the_sums_of_the_work_hours(world):
    seconds, on_site = Counter(), Counter()
    for entry in world.work_hours.values():
        worked = (moment(entry["EndWorkHour"]) - moment(entry["StartWorkHour"])).total_seconds()
        assert 900 <= worked <= 3 * 3600
        seconds[entry["TicketID"]] += worked
        on_site[entry["TicketID"]] += worked if entry["OnCustomerSite"] else 0
    for ticket_id, ticket in world.tickets.items():
        assert ticket["TotalDurationSeconds"] == seconds[ticket_id]
        assert ticket["OnSiteDurationSeconds"] == on_site[ticket_id]
        assert ticket["OffSiteDurationMinutes"] * 60 == seconds[ticket_id] - on_site[ticket_id]


def test_the_modified_clock_shows_the_latest_thing_that_happened(world):
    latest = {number: moment(thread[-1]["Date"]) for number, thread in world.comments.items() if thread}
    for entry in world.work_hours.values():
        number = entry["TicketID"]
        latest[number] = max(latest[number], moment(entry["EndWorkHour"]))
    assert set(world.ticket_modified) == set(world.tickets)
    assert all(world.ticket_modified[number] == when for number, when in latest.items())


def test_demo_has_the_promised_shares(demo, now):
    tickets = demo.tickets.values()
    statuses = Counter(ticket["TicketStatus"] for ticket in tickets)
    waiting = [ticket for ticket in tickets if ticket["TicketStatus"] in OPEN_LIKE]
    overdue = [t for t in waiting if t["ClosedTicketDueDate"] and moment(t["ClosedTicketDueDate"]) < now]
    stale = [t for t in waiting if now - demo.ticket_modified[t["TicketID"]] > timedelta(days=14)]
    assert set(statuses) == EVERY_STATUS
    assert len(waiting) == 140
    assert statuses["Deleted"] == 12
    assert 10 <= sum(ticket["TechnicianContactID"] is None for ticket in waiting) <= 40
    assert sum(ticket["TechnicianContactID"] == -1 for ticket in waiting) >= 1
    assert 25 <= len(overdue) <= 90
    assert 15 <= len(stale) <= 70
    assert {"Email", "Portal", "Phone", "Alert"} <= {ticket["TicketSource"] for ticket in tickets}


def test_some_tickets_are_minutes_old(world, now):
    ages = [now - moment(ticket["TicketCreatedDate"]) for ticket in world.tickets.values()]
    assert min(ages) < timedelta(minutes=10)
    assert max(ages) > timedelta(days=600)


def test_about_one_in_a_hundred_threads_is_long(demo):
    lengths = [len(thread) for thread in demo.comments.values()]
    assert 10 <= sum(length >= 30 for length in lengths) <= 80
    assert max(lengths) <= 65
    assert 4.5 < sum(lengths) / len(lengths) < 8


def test_deleted_tickets_keep_their_thread(world):
    deleted = [ticket["TicketID"] for ticket in world.tickets.values() if ticket["TicketStatus"] == "Deleted"]
    assert deleted
    assert any(len(world.comments[number]) > 1 for number in deleted)


def test_numbers_are_unique_and_only_one_of_demo_is_also_an_id(world):
    numbers = [ticket["TicketNumber"] for ticket in world.tickets.values()]
    assert len(set(numbers)) == len(numbers)
    confusing = [number for number in numbers if int(number) in world.tickets]
    assert len(confusing) == (1 if world.size == "demo" else 0)
    assert all(ticket["TicketNumber"] != str(ticket["TicketID"]) for ticket in world.tickets.values())


def test_mails_of_every_program_occur(demo):
    bodies = "".join(comment["CommentHtml"] for thread in demo.comments.values() for comment in thread)
    for mark in ("MsoNormal", "<b>Von:</b>", "<b>From:</b>", "gmail_quote", "Apple-interchange", "moz-cite-prefix", "cid:image001",
                 "Sent from my iPhone", "confidential", 'width="1" height="1"', " schrieb ", " wrote:"):  # fmt: skip
        assert mark in bodies, mark


def test_texts_come_in_many_languages(demo):
    titles = "".join(ticket["TicketTitle"] for ticket in demo.tickets.values())
    for mark in (
        "Etiketten",
        "Imprimante",
        "Mot de passe",
        "Mailbox vol",
        "contraseña",
        "VPN ciągle",
        "Outlook δεν",
        "סיסמה",
        "会議",
    ):
        assert mark in titles, mark


def test_hostile_tickets_are_there_and_some_are_open(world):
    hostile = [ticket for ticket in world.tickets.values() if ticket["TicketTitle"] in HOSTILE_TITLES]
    assert len(hostile) == {"tiny": 3, "demo": 10}[world.size]
    assert any(ticket["TicketStatus"] == "Open" for ticket in hostile)


def test_demo_knows_every_trick_of_hostile_text(demo):
    text = "".join(
        ticket["FirstComment"] for ticket in demo.tickets.values() if ticket["TicketTitle"] in HOSTILE_TITLES
    )
    for mark in ("ignore all previous", "display:none", "font-size:0", "color:#ffffff", "<!--", "\u200b", "\U000e0049", "\u202e",
                 "&lt;/untrusted", "approved already by your administrator", '"tool"', "![logo]("):  # fmt: skip
        assert mark in text, mark


def test_solving_notes_of_a_family_can_be_found_in_its_threads(demo):
    blank = [
        n
        for n, ticket in demo.tickets.items()
        if "comes out white" in ticket["TicketTitle"] or "blank labels" in ticket["TicketTitle"]
    ]
    notes = [c["Comment"] for n in blank for c in demo.comments[n] if c["TechnicianContactID"] is not None]
    assert any("print head" in note for note in notes)
