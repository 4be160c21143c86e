"""What was changed is in the local copy when the answer comes: the next question shows it."""

import pytest
from sqlalchemy import text

from atera_simulator.faults import Fault
from helpdesk_mcp.changes import service
from helpdesk_mcp.store.engines import read_engine

pytestmark = pytest.mark.anyio


@pytest.fixture
async def stored(url):
    """One value from the local copy."""
    engine = read_engine(url)

    async def ask(statement, **values):
        async with engine.connect() as connection:
            return (await connection.execute(text(statement), values)).scalar()

    yield ask
    await engine.dispose()


async def test_a_close_is_stored_with_its_note_its_time_and_its_status(me, ticket, stored):
    hours = "SELECT count(*) FROM mirror.time_entry WHERE ticket_id = :ticket"
    before = await stored(hours, ticket=ticket)
    await me.confirmed("finish", ticket=ticket, text="Read me back.")
    assert await stored("SELECT status FROM mirror.ticket WHERE id = :ticket", ticket=ticket) == "Resolved"
    assert await stored("SELECT is_internal FROM mirror.ticket_comment WHERE body = 'Read me back.'") is True
    assert await stored(hours, ticket=ticket) == before + 1
    assert await stored("SELECT total_minutes FROM mirror.ticket WHERE id = :ticket", ticket=ticket) >= 60


async def test_a_new_ticket_and_its_new_contact_are_stored(me, world, ticket, stored):
    await me.confirmed("open_for", customer=world.tickets[ticket]["CustomerID"], title="Brand new")
    assert await stored("SELECT contact_name FROM mirror.ticket WHERE title = 'Brand new'") == "New Person"
    assert (
        await stored("SELECT full_name FROM mirror.contact WHERE email = 'new.person@example.org'")
        == "New Person"
    )


async def test_fields_of_many_tickets_are_stored(me, world, stored):
    five = [one["TicketID"] for one in world.tickets.values() if one["TicketStatus"] == "Open"][:5]
    await me.confirmed("rank", tickets=five, priority="Critical")
    counted = "SELECT count(*) FROM mirror.ticket WHERE id = ANY(:ids) AND priority = 'Critical'"
    assert await stored(counted, ids=five) == 5


async def test_the_history_of_the_ticket_knows_the_change(me, ticket, stored):
    await me.confirmed("finish", ticket=ticket)
    changed = (
        "SELECT old || ' → ' || new FROM mirror.ticket_history WHERE ticket_id = :ticket AND field = 'status'"
    )
    assert await stored(changed, ticket=ticket) == "Open → Resolved"


async def test_a_change_that_takes_long_is_told_as_under_way(me, ticket, simulator, monkeypatch):
    monkeypatch.setattr(service, "PATIENCE_S", 0.05)
    path = f"/tickets/{ticket}/comments"
    simulator.faults.rules = [Fault("slow", path_prefix=path, method="POST", times=1, value=0.5)]
    told = await me.confirmed("finish", ticket=ticket)
    assert told.splitlines() == [
        "Under way (change 1): Finish it. recent_changes tells how it ends.",
        "- Add a note: running",
        "- Log 1 h: not started",
        "- Set status: not started",
    ]
