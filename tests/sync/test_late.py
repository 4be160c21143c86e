"""What happens now and is dated long ago: found by the ticket's minutes, or by lanes that read the past again."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, text, update

from atera_simulator import changes
from atera_simulator.changes.journal import note, remove
from helpdesk_mcp.store.tables import ticket as tickets
from helpdesk_mcp.sync import conversations, windows
from helpdesk_mcp.sync.run import run_stream
from helpdesk_mcp.sync.streams import STREAMS

pytestmark = pytest.mark.anyio


@pytest.fixture
def run(client, engine):
    """Run one lane, due or not, and return its report."""
    by_name = {stream.name: stream for stream in STREAMS}

    async def run(name):
        return await run_stream(client, engine, by_name[name])

    return run


@pytest.fixture
def log_time(simulator, now):
    """Log a quarter of an hour for work of some days ago."""

    def log(ticket_id, days, **options):
        with simulator.changing() as world:
            fields = {"TechnicianContactID": min(world.technicians), "Description": f"{days} days ago"}
            start = now - timedelta(days=days)
            end = start + timedelta(minutes=15)
            return changes.log_time(world, ticket_id, fields, start=start, end=end, now=now, **options)

    return log


@pytest.fixture
def closed_ticket(world):
    return next(key for key, one in world.tickets.items() if one["TicketStatus"] == "Closed")


async def due(rows):
    return [row["id"] for row in await rows("SELECT id FROM mirror.ticket WHERE time_due")]


async def test_time_logged_for_work_of_long_ago_is_found_by_the_minutes_of_its_ticket(
    loaded, simulator, run, rows, equal, log_time, closed_ticket
):
    entry = log_time(closed_ticket, days=400)
    await run("tickets")
    await run("time_entries")
    assert await rows("SELECT id FROM mirror.time_entry WHERE id = :id", id=entry) == []
    assert await due(rows) == [closed_ticket]
    report = await run("time_entries.late")
    assert (report.requests, report.inserted) == (1, 1)
    assert await due(rows) == []
    await equal()


async def test_time_that_the_last_days_explain_costs_no_request(
    loaded, simulator, run, rows, log_time, closed_ticket
):
    log_time(closed_ticket, days=0)
    await run("tickets")
    await run("time_entries")
    assert await due(rows) == [closed_ticket]
    assert (await run("time_entries.late")).requests == 0
    assert await due(rows) == []


async def test_time_moved_from_on_site_to_off_site_is_read_again(loaded, simulator, run, equal, now):
    with simulator.changing() as world:
        key = min(world.work_hours)
        moved = {**world.work_hours[key]}
        changes.withdraw_time(world, key, now=now)
        start, end = (datetime.fromisoformat(moved[name]) for name in ("StartWorkHour", "EndWorkHour"))
        fields = {**moved, "OnCustomerSite": not moved["OnCustomerSite"], "RateID": None}
        changes.log_time(world, moved["TicketID"], fields, start=start, end=end, now=now)
    await run("tickets")
    report = await run("time_entries.late")
    assert (report.inserted, report.deleted) == (1, 1)
    await equal()


async def test_the_last_entry_of_a_ticket_can_be_taken_back(
    simulator, sync, run, equal, log_time, world, now
):
    bare = next(key for key, one in world.tickets.items() if not one["TotalDurationMinutes"])
    entry = log_time(bare, days=50)
    await sync()
    with simulator.changing():
        changes.withdraw_time(world, entry, now=now)
    await run("tickets")
    assert (await run("time_entries.late")).deleted == 1
    await equal()


async def test_no_entries_are_not_believed_of_a_ticket_with_minutes(loaded, simulator, run, now):
    with simulator.changing() as world:
        entry = world.work_hours[min(world.work_hours)]
        ticket = entry["TicketID"]
        for key in [key for key, one in world.work_hours.items() if one["TicketID"] == ticket]:
            remove(world, "work_hours", key)
        world.tickets[ticket]["TotalDurationMinutes"] += 1
        world.ticket_modified[ticket] = now
        note(world, "tickets", ticket)
    await run("tickets")
    assert (await run("time_entries.late")).deleted == 0


async def test_minutes_that_no_entry_explains_are_asked_about_once(
    loaded, simulator, run, closed_ticket, now
):
    with simulator.changing() as world:
        world.tickets[closed_ticket]["TotalDurationMinutes"] += 7
        world.ticket_modified[closed_ticket] = now
        note(world, "tickets", closed_ticket)
    await run("tickets")
    requests = [(await run("time_entries.late")).requests for _ in range(2)]
    assert requests == [1, 0]


async def test_a_ticket_that_went_away_before_its_time_was_read_is_marked(
    loaded, simulator, run, rows, log_time, closed_ticket
):
    log_time(closed_ticket, days=400)
    await run("tickets")
    with simulator.changing() as world:
        remove(world, "tickets", closed_ticket)
    assert (await run("time_entries.late")).outcome == "ok"
    gone = await rows("SELECT id FROM mirror.ticket WHERE deleted_at IS NOT NULL")
    assert gone == [{"id": closed_ticket}]
    # A ticket that is gone is asked for no more.
    assert (await run("time_entries.late")).requests == 0


async def test_the_past_is_read_again_month_by_month_and_then_from_its_newest(
    loaded, simulator, run, rows, monkeypatch, world, now
):
    monkeypatch.setattr(windows, "ENOUGH", 1)
    oldest = min(datetime.fromisoformat(one["TicketCreatedDate"]) for one in world.tickets.values())
    newest = now - timedelta(days=35)
    months = (newest.year - oldest.year) * 12 + newest.month - oldest.month + 1
    assert months > 1
    reached = []
    for _ in range(months + 1):
        report = await run("time_entries.past")
        assert (report.requests, report.outcome, report.changed) == (1, "ok", 0)
        last = await rows(
            "SELECT watermark FROM helpdesk.sync_run WHERE stream = 'time_entries.past' ORDER BY id DESC LIMIT 1"
        )
        reached.append(last[0]["watermark"])
    begin = [datetime(newest.year, newest.month, 1, tzinfo=UTC)]
    while len(begin) < months:
        begin.append((begin[-1] - timedelta(days=1)).replace(day=1))
    assert reached == [*begin, begin[0]]


async def test_empty_months_count_too(loaded, simulator, run, monkeypatch):
    monkeypatch.setattr(windows, "ENOUGH", 4 * windows.PAGE)
    assert (await run("time_entries.past")).requests == 4


async def test_silent_changes_of_old_entries_are_found(
    simulator, sync, run, rows, equal, log_time, closed_ticket
):
    _, edited, removed = (log_time(closed_ticket, days=60) for _ in range(3))
    await sync()
    with simulator.changing() as world:
        world.work_hours[edited]["Description"] = "Corrected"
        remove(world, "work_hours", removed)
    for lane in ("tickets", "time_entries", "time_entries.month", "time_entries.late"):
        await run(lane)
    old = await rows("SELECT description, deleted_at FROM mirror.time_entry WHERE id = :id", id=edited)
    assert old == [{"description": "60 days ago", "deleted_at": None}]
    report = await run("time_entries.past")
    assert (report.changed, report.deleted) == (1, 1)
    assert await rows("SELECT id FROM mirror.time_entry WHERE deleted_at IS NOT NULL") == [{"id": removed}]
    await equal()


@pytest.mark.parametrize("days", [3, 365])
async def test_an_entry_that_ends_far_beyond_its_month_is_not_taken_for_gone(
    loaded, simulator, run, equal, closed_ticket, world, now, days
):
    # Atera's filter looks at the end as well: no month's window shows an entry like this one, of a mistyped date.
    start = (now - timedelta(days=70)).replace(day=1, hour=0) - timedelta(hours=1)
    with simulator.changing():
        fields = {"TechnicianContactID": min(world.technicians), "Description": f"{days} days long"}
        end = start + timedelta(days=days)
        for one in (end, start + timedelta(minutes=15)):
            changes.log_time(world, closed_ticket, fields, start=start, end=one, now=now)
    await run("tickets")
    assert (await run("time_entries.late")).inserted == 2
    assert (await run("time_entries.past")).deleted == 0
    await equal()


async def test_an_account_without_tickets_has_no_past(simulator, sync, run):
    with simulator.changing() as world:
        for key in list(world.tickets):
            remove(world, "tickets", key)
    await sync(only={"account", "tickets"})
    assert (await run("time_entries.past")).requests == 0


@pytest.fixture
def say_quietly(simulator, now):
    """Add a comment of last year that nothing on the ticket tells of."""

    def say(ticket_id):
        with simulator.changing() as world:
            changes.add_comment(
                world,
                ticket_id,
                "Moved here from another system.",
                technician_id=min(world.technicians),
                now=now,
                written_at=now - timedelta(days=365),
                bump=False,
            )

    return say


@pytest.mark.parametrize(
    ("active", "read", "is_found"),
    [("60 days", "31 days", True), ("60 days", "29 days", False), ("1 day", "25 hours", True), ("1 day", "23 hours", False)],
)  # fmt: skip
async def test_an_old_date_in_a_closed_conversation_is_found_when_it_is_read_again(
    loaded, simulator, run, engine, rows, say_quietly, closed_ticket, active, read, is_found
):
    say_quietly(closed_ticket)
    moments = {"read": timedelta(**{read.split()[1]: int(read.split()[0])}), "active": active}
    async with engine.begin() as connection:
        await connection.execute(update(tickets).values(thread_read_at=func.now()))
        await connection.execute(
            text(
                "UPDATE mirror.ticket SET thread_read_at = now() - CAST(:read AS interval), last_technician_comment_at = NULL,"
                " last_contact_comment_at = NULL, created_at = now() - interval '90 days', field_changed_at = NULL,"
                " resolved_at = now() - CAST(CAST(:active AS text) AS interval) WHERE id = :id"
            ),
            {**moments, "id": closed_ticket},
        )
    report = await run("conversations.history")
    assert report.requests == int(is_found)
    assert bool(await rows("SELECT key FROM mirror.ticket_comment WHERE body LIKE 'Moved here%'")) is is_found
    assert (await run("conversations.history")).requests == 0


async def test_few_closed_conversations_are_read_again_at_once_the_oldest_reading_first(
    loaded, simulator, run, engine, rows, monkeypatch
):
    monkeypatch.setattr(conversations, "CLOSED_MOST", 3)
    closed = [row["id"] for row in await rows("SELECT id FROM mirror.ticket WHERE NOT is_open ORDER BY id")]
    async with engine.begin() as connection:
        for age, key in enumerate(closed, start=1):
            read = update(tickets).where(tickets.c.id == key)
            await connection.execute(read.values(thread_read_at=func.now() - timedelta(days=40 + age)))
        await connection.execute(
            text(
                "UPDATE mirror.ticket SET created_at = '2020-01-01', resolved_at = NULL, last_contact_comment_at = NULL,"
                " last_technician_comment_at = NULL WHERE NOT is_open"
            )
        )
    assert (await run("conversations.history")).requests == 3
    read = "SELECT id FROM mirror.ticket WHERE NOT is_open AND thread_read_at > now() - interval '1 hour'"
    assert {row["id"] for row in await rows(read)} == set(closed[-3:])
