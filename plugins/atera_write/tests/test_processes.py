"""Changes through real server processes and real transports, and a server that is killed in the middle of one."""

import asyncio
import signal
import subprocess
import sys
from contextlib import contextmanager

import httpx2
import pytest
from mcp import Client
from mcp_types import ElicitResult
from tests import processes
from tests.office import Person, settings, struck

from atera_simulator.faults import Fault

pytestmark = pytest.mark.anyio


@pytest.fixture
def options(simulator, url, jens):
    return settings(simulator, url, jens["TechnicianEmail"])


async def test_a_day_of_changes_over_stdio_without_prompts(options, world, open_ticket):
    async with Client(processes.stdio(**options)) as client:
        await all_of_them(Person(client, None), world, open_ticket)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_a_day_of_changes_over_http_with_prompts(options, world, open_ticket, mode):
    person = Person(None, [])

    async def answer(_context, _params):
        return ElicitResult(action="accept", content=person.answers.pop(0))

    with processes.http(**options) as url:
        async with Client(url, mode=mode, elicitation_callback=answer) as client:
            person.client = client
            await all_of_them(person, world, open_ticket)


async def all_of_them(person, world, ticket):
    number, key = ticket["TicketNumber"], ticket["TicketID"]
    company, contact = ticket["CustomerName"], ticket["EndUserEmail"]
    await person.confirmed("update_ticket", ticket=number, engineer="me", priority="Critical")
    assert ticket["TicketPriority"] == "Critical"
    await person.confirmed("add_internal_note", ticket=number, text="Awaiting vendor response.")
    await person.confirmed("reply_to_requester", ticket=number, text="We are on it.")
    assert [one["IsInternal"] for one in world.comments[key][-2:]] == [True, False]
    await person.confirmed(
        "log_time", ticket=number, duration="15m", start="yesterday 09:00", site="on-site", billable=True
    )
    close = {"duration": "1h", "start": "yesterday 10:00", "site": "off-site", "billable": False}
    await person.confirmed("close_ticket", ticket=number, resolution="Replaced the cable.", **close)
    assert (
        sum(one["TicketID"] == key and one["OnCustomerSite"] is not None for one in world.work_hours.values())
        >= 2
    )
    assert ticket["TicketStatus"] == "Resolved"
    what = {
        "title": "Again",
        "description": "It is back.",
        "priority": "Low",
        "impact": "Minor",
        "type": "Problem",
    }
    done = await person.confirmed("create_ticket", customer=company, contact=contact, **what, engineer="me")
    new = max(world.tickets.values(), key=lambda one: one["TicketID"])
    assert f"The new ticket is #{new['TicketNumber']}." in done
    await person.confirmed("undo_change", change=1)
    assert ticket["TicketPriority"] != "Critical"
    assert (await person("recent_changes")).count(" · done · ") == 7


@pytest.mark.parametrize(
    ("fault", "method", "what"),
    [
        ("hang", "POST", "comments"),
        ("hang-after-commit", "POST", "workhours"),
        ("hang-after-commit", "PUT", ""),
    ],
)
async def test_a_server_killed_between_two_steps_finishes_after_its_restart(
    options, simulator, world, open_ticket, fault, method, what
):
    number, key = open_ticket["TicketNumber"], open_ticket["TicketID"]
    before = sum(one["TicketID"] == key for one in world.work_hours.values())
    simulator.faults.rules = [
        Fault(fault, path_prefix=f"/tickets/{key}/{what}".rstrip("/"), method=method, times=1)
    ]
    with killable(options) as (url, server):
        try:
            async with Client(url) as client:
                person = Person(client, None)
                said = {"duration": "1h", "site": "off-site", "billable": True}
                code = person.code(await person("close_ticket", ticket=number, resolution="Solved.", **said))
                await killed_during(client.call_tool("confirm_change", {"code": code}), server, simulator)
        except* httpx2.TransportError:
            pass  # the client notices that its server has died
    with processes.http(**options) as url:
        async with Client(url) as client:
            person = Person(client, None)
            assert "INTERRUPTED" in await person("recent_changes")
            assert (await person("confirm_change", code="1")).startswith("Done (change 1)")
    assert sum(one["Comment"] == "Solved." for one in world.comments[key]) == 1
    assert sum(one["TicketID"] == key for one in world.work_hours.values()) == before + 1
    assert open_ticket["TicketStatus"] == "Resolved"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends processes without asking them")
@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_a_server_asked_to_stop_in_the_middle_of_a_change_finishes_it_and_answers(
    options, simulator, world, open_ticket, mode
):
    key = open_ticket["TicketID"]
    simulator.faults.rules = [
        Fault("slow", path_prefix=f"/tickets/{key}/comments", method="POST", times=1, value=1.0)
    ]
    with killable(options) as (url, server):
        async with Client(url, mode=mode) as client:
            person = Person(client, None)
            code = person.code(
                await person("add_internal_note", ticket=open_ticket["TicketNumber"], text="Seen.")
            )
            task = asyncio.ensure_future(person("confirm_change", code=code))
            await struck(simulator)
            server.send_signal(signal.SIGTERM)
            said = await task
        assert await asyncio.to_thread(server.wait, 10) == 0
    assert said.startswith("Done (change 1)")
    assert sum(one["Comment"] == "Seen." for one in world.comments[key]) == 1


async def killed_during(call, server, simulator):
    """Start a call and kill the server with SIGKILL once Atera has it in hand."""
    task = asyncio.ensure_future(call)
    await struck(simulator)
    server.kill()
    server.wait(timeout=10)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


@contextmanager
def killable(options):
    """The server over HTTP as a process that may die; yields its URL and itself."""
    port = processes.free_port()
    command = [*processes.COMMAND, "serve", "--http", f"127.0.0.1:{port}"]
    server = subprocess.Popen(command, env=processes.environment(**options), stderr=subprocess.DEVNULL)
    try:
        processes.wait_for_port(server, port)
        yield f"http://127.0.0.1:{port}/mcp", server
    finally:
        server.kill()
        server.wait(timeout=10)
