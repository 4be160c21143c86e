"""The same change on many tickets: one preview, one yes, few calls, and a ticket that fails does not stop the others."""

import asyncio
from datetime import UTC, datetime

import pytest

from atera_simulator import changes
from atera_simulator.faults import Fault

pytestmark = pytest.mark.anyio


@pytest.fixture
def five(world):
    chosen = [
        one["TicketID"]
        for one in world.tickets.values()
        if one["TicketStatus"] == "Open" and one["TicketPriority"] != "Critical"
    ][:5]
    assert len(chosen) == 5
    return chosen


async def test_one_yes_changes_all(me, five, world, simulator):
    code = me.code(await me("rank", tickets=five, priority="Critical"))
    before = sum(simulator.requests.values())
    told = await me("confirm_change", code=code)
    assert told.splitlines()[0] == "Done (change 1): Rank them."
    assert {world.tickets[one]["TicketPriority"] for one in five} == {"Critical"}
    # One question for what changed meanwhile; then for each ticket what it was, the change, and what it is.
    assert sum(simulator.requests.values()) - before == 1 + 3 * len(five)


async def test_one_that_fails_does_not_stop_the_others(me, five, world, simulator):
    simulator.faults.rules = [Fault("status", path_prefix=f"/tickets/{five[1]}", method="PUT", value=500)]
    told = await me.confirmed("rank", tickets=five, priority="Critical")
    assert told.startswith("NOT ALL DONE (change 1)")
    assert [line.rsplit(": ", 1)[1][:8] for line in told.splitlines()[1:6]].count("done") == 4
    assert [world.tickets[one]["TicketPriority"] == "Critical" for one in five].count(True) == 4
    simulator.faults.clear()
    assert (await me("confirm_change", code="1")).startswith("Done")
    assert {world.tickets[one]["TicketPriority"] for one in five} == {"Critical"}


async def test_one_that_changed_meanwhile_is_noticed_among_many(me, five, world, simulator):
    code = me.code(await me("rank", tickets=five, priority="Critical"))
    with simulator.changing() as changing:
        changes.update_ticket(changing, five[3], {"TicketStatus": "Pending"}, now=datetime.now(UTC))
    assert "has changed since the preview (status Open → Pending)" in await me.refusal(
        "confirm_change", code=code
    )
    assert "Critical" not in {world.tickets[one]["TicketPriority"] for one in five}


async def test_more_changes_at_once_than_there_are_connections_are_all_made(me, ticket, notes):
    """Each holds a connection for its lock while it needs others: all of them at once would wait for each other."""
    before = len(notes())
    codes = [me.code(await me("jot", ticket=ticket, text=f"Note {number}.")) for number in range(20)]
    # Those after the first find their ticket changed, and are told so; nobody waits for a connection.
    told = await asyncio.gather(*(me.client.call_tool("confirm_change", {"code": code}) for code in codes))
    failed = [
        one.content[0].text for one in told if one.is_error and "has changed since" not in one.content[0].text
    ]
    assert failed == []
    assert len(notes()) - before == len([one for one in told if not one.is_error])
