"""A server that dies in the middle of a change: what was done is known afterwards, and the rest is done once."""

import asyncio

import pytest
from tests.office import struck

from atera_simulator.faults import Fault

pytestmark = pytest.mark.anyio

STEPS = [("POST", "comments"), ("POST", "workhours"), ("PUT", "")]


@pytest.mark.parametrize("fault", ["hang", "hang-after-commit"])
@pytest.mark.parametrize(("method", "what"), STEPS, ids=["note", "time", "status"])
async def test_a_change_that_broke_off_is_finished_without_doubling_anything(
    office, ticket, notes, world, simulator, method, what, fault
):
    before = sum(one["TicketID"] == ticket for one in world.work_hours.values())
    path = f"/tickets/{ticket}/{what}".rstrip("/")
    simulator.faults.rules = [Fault(fault, path_prefix=path, method=method, times=1)]
    doomed = await office.desk(timeout_s=60)
    await died_during(doomed, office, ticket, simulator)

    after = await office.person()
    (line, *steps) = (await after("recent_changes")).splitlines()
    assert "INTERRUPTED" in line
    assert [one.rsplit(": ", 1)[1] for one in steps[:3]].count("done") == STEPS.index((method, what))
    told = await after("confirm_change", code="1")
    assert told == "Done (change 1): Finish it.\n- Add a note: done\n- Log 1 h: done\n- Set status: done"
    assert notes().count("Solved.") == 1
    assert sum(one["TicketID"] == ticket for one in world.work_hours.values()) == before + 1
    assert world.tickets[ticket]["TicketStatus"] == "Resolved"
    assert " done · Finish it" in await after("recent_changes")


async def died_during(desk, office, ticket, simulator):
    """Confirm on this server, and end it while Atera keeps it waiting: nothing of it gets to write another word."""
    person = await office.person(desk=desk)
    code = person.code(await person("finish", ticket=ticket))
    call = asyncio.create_task(person.client.call_tool("confirm_change", {"code": code}))
    await struck(simulator)
    service = desk.changes
    for task in service._tasks:
        task.cancel()
    await asyncio.gather(*service._tasks, return_exceptions=True)
    call.cancel()
    await asyncio.gather(call, return_exceptions=True)


async def test_a_change_under_way_elsewhere_is_not_started_again(office, ticket, simulator, notes):
    path = f"/tickets/{ticket}/comments"
    simulator.faults.rules = [Fault("slow", path_prefix=path, method="POST", times=1, value=0.5)]
    first, second = await office.person(), await office.person()
    code = first.code(await first("finish", ticket=ticket))
    call = asyncio.create_task(first("confirm_change", code=code))
    await struck(simulator)
    assert " running · Finish it" in await second("recent_changes")
    assert await second.refusal("confirm_change", code="1") == "Change 1 is under way. Nothing was done now."
    assert (await call).startswith("Done")
    assert notes().count("Solved.") == 1


async def test_a_client_that_goes_away_does_not_stop_a_change(office, ticket, simulator, notes):
    path = f"/tickets/{ticket}/comments"
    simulator.faults.rules = [Fault("slow", path_prefix=path, method="POST", times=1, value=0.3)]
    desk = await office.desk()
    person = await office.person(desk=desk)
    code = person.code(await person("finish", ticket=ticket))
    call = asyncio.create_task(person("confirm_change", code=code))
    await struck(simulator)
    call.cancel()
    await asyncio.gather(call, return_exceptions=True)
    await desk.changes.close(8.0)
    assert " done · Finish it" in await person("recent_changes")
    assert notes().count("Solved.") == 1


async def test_only_the_same_person_may_finish_it(office, ticket, simulator):
    simulator.faults.rules = [
        Fault("status", path_prefix=f"/tickets/{ticket}/workhours", method="POST", times=1)
    ]
    person, other = await office.person(), await office.person(person="Somebody else")
    assert (await person.confirmed("finish", ticket=ticket)).startswith("NOT ALL DONE")
    assert "only they can confirm it" in await other.refusal("confirm_change", code="1")
