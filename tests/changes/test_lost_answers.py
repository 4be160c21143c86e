"""Atera at its worst: after each trouble there is what the journal says there is, and never two of anything."""

import pytest

from atera_simulator.faults import Fault

pytestmark = pytest.mark.anyio

RESUME = (
    'What is done stays done. To go on with the rest, once the reason is gone: confirm_change(code="1"). '
    "It looks first for what may have happened, and sends nothing twice."
)
REFUSED = {
    "unauthorized": "Atera refused the key",
    "throttle": "for too many requests (429)",
}


class Counted:
    """One kind of change: how it is asked for, where Atera takes it, and how many of it there are."""

    def __init__(self, tool, arguments, path, count):
        self.tool = tool
        self.arguments = arguments
        self.path = path
        self.count = count


@pytest.fixture
def kinds(world, ticket, notes):
    contact = world.tickets[ticket]["EndUserID"]
    customer = world.tickets[ticket]["CustomerID"]

    def titled(title):
        return sum(one["TicketTitle"] == title for one in world.tickets.values())

    def entries():
        return sum(one["TicketID"] == ticket for one in world.work_hours.values())

    def new_people():
        return sum(one["Email"] == "new.person@example.org" for one in world.contacts.values())

    booked = entries()
    return {
        "note": Counted(
            "jot",
            {"ticket": ticket, "text": "Lost?"},
            f"/tickets/{ticket}/comments",
            lambda: notes().count("Lost?"),
        ),
        "ticket": Counted(
            "open_for", {"contact": contact, "title": "Lost?"}, "/tickets", lambda: titled("Lost?")
        ),
        "contact": Counted("open_for", {"customer": customer, "title": "Lost?"}, "/contacts", new_people),
        "time": Counted(
            "finish", {"ticket": ticket}, f"/tickets/{ticket}/workhours", lambda: entries() - booked
        ),
        "status": Counted(
            "finish",
            {"ticket": ticket},
            f"/tickets/{ticket}",
            lambda: int(world.tickets[ticket]["TicketStatus"] == "Resolved"),
        ),
    }


KINDS = ["note", "ticket", "contact", "time", "status"]


@pytest.mark.parametrize(
    ("kind", "fault"),
    [
        *((kind, "reset-after-commit") for kind in KINDS),
        ("note", "hang-after-commit"),
        ("ticket", "hang-after-commit"),
    ],
)
async def test_a_write_whose_answer_is_lost_is_found_and_not_sent_again(me, simulator, kinds, kind, fault):
    one = kinds[kind]
    method = "PUT" if kind == "status" else "POST"
    simulator.faults.rules = [Fault(fault, path_prefix=one.path, method=method, times=1)]
    told = await me.confirmed(one.tool, **one.arguments)
    assert told.startswith("Done (change 1)"), told
    assert one.count() == 1


@pytest.mark.parametrize("kind", KINDS)
async def test_a_write_that_was_not_carried_out_is_told_and_can_be_finished(me, simulator, kinds, kind):
    one = kinds[kind]
    method = "PUT" if kind == "status" else "POST"
    simulator.faults.rules = [Fault("status", path_prefix=one.path, method=method, times=1, value=503)]
    told = await me.confirmed(one.tool, **one.arguments)
    assert told.startswith("NOT ALL DONE (change 1)")
    assert "NOT SEEN. Nobody knows whether Atera carried out" in told
    assert "because Atera answered 503" in told
    assert told.endswith(RESUME)
    assert one.count() == 0
    assert (await me("confirm_change", code="1")).startswith("Done (change 1)")
    assert one.count() == 1
    assert await me.refusal("confirm_change", code="1") == "Change 1 is done. Nothing was done now."


@pytest.mark.parametrize(
    ("kind", "fault"),
    [
        ("note", "reset"),
        ("ticket", "unauthorized"),
        ("contact", "reset"),
        ("time", "throttle"),
        ("status", "unauthorized"),
    ],
)
async def test_what_was_refused_was_not_done_and_can_be_finished_once_the_reason_is_gone(
    me, simulator, kinds, kind, fault
):
    one = kinds[kind]
    method = "PUT" if kind == "status" else "POST"
    value = 60 if fault == "throttle" else None
    simulator.faults.rules = [Fault(fault, path_prefix=one.path, method=method, value=value)]
    told = await me.confirmed(one.tool, **one.arguments)
    assert told.startswith("NOT ALL DONE (change 1)")
    assert REFUSED.get(fault, "NOT SEEN") in told
    assert one.count() == 0
    simulator.faults.clear()
    if fault == "throttle":
        return  # the client keeps to the pause that Atera asked for
    assert (await me("confirm_change", code="1")).startswith("Done (change 1)")
    assert one.count() == 1


async def test_ateras_words_reach_the_person(me, simulator, ticket):
    simulator.faults.comment_errors_are_404 = True
    simulator.faults.rules = [
        Fault("status", path_prefix=f"/tickets/{ticket}/comments", method="POST", value=404)
    ]
    told = await me.confirmed("jot", ticket=ticket, text="Refused.")
    assert "- Add a note: FAILED. Atera refused POST tickets/" in told
    assert "(404)" in told


async def test_a_change_that_atera_accepts_and_ignores_is_told(me, simulator, ticket, world):
    engineer = world.tickets[ticket]["TechnicianContactID"]
    told = await me.confirmed("free", ticket=ticket)
    assert "- Set technician_id: FAILED. Atera accepted the call and left the ticket as it was." in told
    assert world.tickets[ticket]["TechnicianContactID"] == engineer
    simulator.faults.can_unassign = True
    assert (await me("confirm_change", code="1")).startswith("Done")
    assert world.tickets[ticket]["TechnicianContactID"] is None


async def test_a_new_ticket_that_cannot_be_read_yet_is_told_and_not_made_again(me, simulator, world, ticket):
    simulator.faults.read_after_write_lag_s = 30
    told = await me.confirmed("open_for", contact=world.tickets[ticket]["EndUserID"], title="Slow")
    new = max(world.tickets)
    assert told.splitlines() == [
        "Done (change 1): Open a ticket.",
        "- Create the ticket: done. Atera accepted it and does not show it yet: look at the ticket in some minutes.",
        f"The new ticket has the id {new}; Atera does not show it yet, so it cannot be read for a moment.",
    ]
    assert sum(one["TicketTitle"] == "Slow" for one in world.tickets.values()) == 1


async def test_what_atera_stores_with_another_visibility_is_an_alarm(
    me, simulator, ticket, world, monkeypatch
):
    from atera_simulator.api import comments  # noqa: PLC0415 - only here

    author = comments._author
    monkeypatch.setattr(comments, "_author", lambda *given: {**author(*given), "is_internal": False})
    told = await me.confirmed("jot", ticket=ticket, text="Secret.")
    assert (
        "- Add a note: done. Atera stored it as public, though it was sent as internal: "
        "THE CUSTOMER CAN READ IT: act in Atera now."
    ) in told


async def test_a_dead_key_stops_the_change_before_the_next_step(me, simulator, ticket, world):
    simulator.faults.rules = [Fault("unauthorized", path_prefix=f"/tickets/{ticket}/comments", method="POST")]
    told = await me.confirmed("finish", ticket=ticket)
    assert told.splitlines()[2:4] == ["- Log 1 h: not started", "- Set status: not started"]
    assert world.tickets[ticket]["TicketStatus"] == "Open"


async def test_while_atera_is_away_nothing_is_previewed(me, simulator, ticket):
    simulator.faults.rules = [Fault("status", value=503)]
    assert "Atera gave no usable answer" in await me.refusal("jot", ticket=ticket, text="Hello?")
