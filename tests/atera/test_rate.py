import asyncio

import pytest

from helpdesk_mcp.atera import Clock
from helpdesk_mcp.atera.rate import TokenBucket

pytestmark = pytest.mark.anyio


def bucket_of(time, per_minute=60, burst=2):
    return TokenBucket(per_minute, burst, time.clock)


async def moments_of(bucket, time, count, *, urgent=False):
    """Return when each of `count` requests that arrive together may go, in seconds."""

    async def one():
        await bucket.take(urgent=urgent)
        return round(time.elapsed_s, 3)

    return await asyncio.gather(*(one() for _ in range(count)))


async def test_a_burst_goes_at_once_and_the_rest_at_the_rate(time):
    assert await moments_of(bucket_of(time), time, 5) == [0, 0, 1, 2, 3]


async def test_a_rest_fills_the_bucket_no_further_than_the_burst(time):
    bucket = bucket_of(time)
    await moments_of(bucket, time, 2)
    await time.sleep(100)
    assert await moments_of(bucket, time, 4) == [100, 100, 101, 102]


async def test_the_wait_is_reported(time):
    bucket = bucket_of(time, burst=1)
    assert await bucket.take() == 0
    assert await bucket.take() == pytest.approx(1)


async def test_an_urgent_request_takes_the_next_turn_before_a_thousand_others(time):
    bucket = bucket_of(time)
    back_fill = [asyncio.create_task(bucket.take()) for _ in range(1000)]
    await time.sleep(2.5)
    assert await moments_of(bucket, time, 2, urgent=True) == [3, 4]
    for task in back_fill:
        task.cancel()
    await asyncio.gather(*back_fill, return_exceptions=True)


async def test_a_pause_stops_everybody_and_then_the_rate_is_half_for_ten_minutes(time):
    bucket = bucket_of(time)
    bucket.throttled(60)
    assert await moments_of(bucket, time, 3) == [62, 64, 66]
    await time.sleep(600)
    assert await moments_of(bucket, time, 4) == [666, 666, 667, 668]


async def test_a_pause_counts_for_those_who_already_wait(time):
    bucket = bucket_of(time, burst=1)
    waiting = asyncio.create_task(moments_of(bucket, time, 3))
    await time.sleep(1.5)
    bucket.throttled(10)
    assert await waiting == [0, 1, 13.5]


async def test_a_waiter_that_gives_up_leaves_its_turn_to_the_next(time):
    bucket = bucket_of(time, burst=1)
    await bucket.take()
    quitter, stayer = asyncio.create_task(bucket.take()), asyncio.create_task(moments_of(bucket, time, 1))
    await time.sleep(0.5)
    quitter.cancel()
    assert await stayer == [1]


@pytest.mark.parametrize("moment", ["before its turn", "in its turn"])
async def test_a_waiter_cancelled_as_its_turn_comes_gives_the_turn_back(time, moment):
    async def sleep(seconds):
        time.elapsed_s += seconds
        cancel_now = moment == "before its turn"
        quitter.cancel() if cancel_now else asyncio.get_running_loop().call_soon(quitter.cancel)

    bucket = TokenBucket(60, 1, Clock(monotonic=lambda: time.elapsed_s, sleep=sleep))
    await bucket.take()
    quitter = asyncio.create_task(bucket.take())
    await asyncio.gather(quitter, return_exceptions=True)
    assert quitter.cancelled()
    assert await bucket.take() == 0
    assert time.elapsed_s == 1


async def test_when_the_last_waiter_gives_up_nothing_keeps_running(time):
    bucket = bucket_of(time, burst=1)
    await bucket.take()
    before = asyncio.all_tasks()
    quitter = asyncio.create_task(bucket.take())
    await time.sleep(0.5)
    quitter.cancel()
    await asyncio.gather(quitter, return_exceptions=True)
    await time.sleep(0)
    assert asyncio.all_tasks() == before
    assert await moments_of(bucket, time, 1) == [1]


@pytest.mark.parametrize(("per_minute", "burst"), [(0, 1), (60, 0)])
def test_a_rate_that_lets_nothing_through_is_refused(time, per_minute, burst):
    with pytest.raises(
        ValueError, match="The rate limit needs more than 0 requests a minute and a burst of 1 or more."
    ):
        TokenBucket(per_minute, burst, time.clock)
