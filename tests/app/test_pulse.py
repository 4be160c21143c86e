import asyncio

import pytest

from helpdesk_mcp.app.pulse import STILL_S, Pulse

pytestmark = pytest.mark.anyio


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


async def test_a_loop_that_beats_is_alive_and_one_that_stopped_is_stuck():
    clock = Clock()
    pulse = Pulse(lambda: None, clock)
    clock.now = STILL_S
    assert pulse.alive() == (True, "alive")
    clock.now = STILL_S + 5
    assert pulse.alive() == (False, "stuck: nothing has moved for 65 s; restart it.")
    async with pulse.beating():
        await asyncio.sleep(0)
        assert pulse.alive() == (True, "alive")
    clock.now += STILL_S + 1
    assert not pulse.alive()[0]


async def test_trouble_is_told_and_does_not_count_as_dead():
    pulse = Pulse(lambda: "Atera refuses the key.")
    assert pulse.alive() == (True, "degraded: Atera refuses the key.")
