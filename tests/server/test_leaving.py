"""The end of a server, as its calls meet it."""

import asyncio

import pytest
from mcp import Client
from tests.app.test_pulse import Clock
from tests.server.test_build import make_desk, text

from helpdesk_mcp import traces
from helpdesk_mcp.server import http
from helpdesk_mcp.server import leaving as module
from helpdesk_mcp.server.build import build_server
from helpdesk_mcp.server.leaving import Departure, Leaving

pytestmark = pytest.mark.anyio


def test_all_parts_of_the_end_together_take_less_than_ten_seconds():
    assert module.CALLS_S < module.ALL_S
    assert module.ALL_S + http._CUT_S + module.LEAST_S + traces.LAST_S < 10


async def test_it_is_due_when_every_call_is_done_and_every_answer_has_left():
    departure = Departure()
    async with departure.call():
        departure.arrived()
        departure.begin()
        assert not departure.is_due
    assert not departure.is_due
    departure.answered()
    assert departure.is_due
    await departure.wait()


async def test_it_is_due_after_a_while_whatever_is_still_open():
    clock = Clock()
    departure = Departure(clock)
    with departure.exchange():
        departure.begin()
        assert departure.left_s == module.ALL_S
        clock.now += module.ALL_S + 1
        assert departure.is_due
    assert departure.left_s == module.LEAST_S


async def test_a_call_that_comes_later_is_refused():
    departure = Departure()
    departure.begin()
    with pytest.raises(Leaving, match="The server is stopping: nothing was done. Try again in 10 seconds."):
        async with departure.call():
            raise AssertionError


async def test_a_call_that_lasts_too_long_is_ended_and_a_timeout_of_its_own_is_not_mistaken_for_that(
    monkeypatch,
):
    monkeypatch.setattr(module, "CALLS_S", 0.01)
    departure = Departure()

    async def last():
        async with departure.call():
            departure.begin()
            await asyncio.Event().wait()

    with pytest.raises(TimeoutError):
        async with departure.call():
            raise TimeoutError
    with pytest.raises(Leaving, match="this call took too long to be finished"):
        await last()


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_a_client_of_a_server_that_leaves_gets_a_sentence(mode):
    desk = make_desk()
    async with Client(build_server(desk), mode=mode) as client:
        desk.departure.begin()
        result = await client.call_tool("greet", {"name": "Ada"})
    assert result.is_error
    assert text(result) == "The server is stopping: nothing was done. Try again in 10 seconds."
