"""Jobs beside the streams: when they are due, and that the worker runs them whatever becomes of Atera or of each other."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from atera_simulator.faults import Fault
from helpdesk_mcp.store.runs import StreamState
from helpdesk_mcp.sync.jobs import Job, JobFailed, is_due
from helpdesk_mcp.sync.schedule import Worker

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def ago(minutes):
    return NOW - timedelta(minutes=minutes)


async def nothing(engine, now, counts):
    pass


@pytest.mark.parametrize(
    ("state", "due"),
    [
        (StreamState(), True),
        (StreamState(last_ok=ago(58), last_start=ago(58)), False),
        (StreamState(last_ok=ago(60), last_start=ago(60)), True),
        (StreamState(last_ok=ago(80), last_start=ago(10)), False),
        (StreamState(last_ok=ago(80), last_start=ago(15)), True),
        (StreamState(last_start=ago(10)), False),
    ],
)
def test_a_job_is_due_after_its_interval_and_sooner_after_a_failure(state, due):
    assert is_due(Job("a.job", HOUR, HOUR, nothing), state, NOW) == due


@pytest.fixture
async def working(client, engine):
    """Runs a worker with some jobs until the block ends."""
    stop = asyncio.Event()
    tasks = []

    def start(*jobs):
        worker = Worker(client, engine, timedelta(minutes=5), jobs=jobs)
        tasks.append(asyncio.create_task(worker.run(stop)))

    yield start
    stop.set()
    await asyncio.wait_for(asyncio.gather(*tasks), 30)


async def test_the_worker_runs_each_job_after_the_first_cycle(working, rows):
    done = asyncio.Event()
    seen = []

    async def broken(engine, now, counts):
        raise JobFailed("It is Tuesday.")

    async def look(engine, now, counts):
        seen.extend(await rows("SELECT count(*) AS customers FROM mirror.customer"))
        done.set()

    working(Job("a.broken", HOUR, HOUR, broken), Job("a.look", HOUR, HOUR, look))
    await asyncio.wait_for(done.wait(), 30)
    assert seen[0]["customers"] > 0


async def test_jobs_run_while_atera_is_away(working, simulator):
    simulator.faults.rules = [Fault("status", value=503)]
    done = asyncio.Event()

    async def look(engine, now, counts):
        done.set()

    working(Job("a.look", HOUR, HOUR, look))
    await asyncio.wait_for(done.wait(), 30)


async def test_a_stop_waits_for_a_job_that_runs(client, engine, rows):
    stop, entered, leave = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def linger(engine, now, counts):
        entered.set()
        await leave.wait()
        counts.inserted = 7

    worker = Worker(client, engine, timedelta(minutes=5), jobs=[Job("a.linger", HOUR, HOUR, linger)])
    running = asyncio.create_task(worker.run(stop))
    await asyncio.wait_for(entered.wait(), 30)
    stop.set()
    leave.set()
    await asyncio.wait_for(running, 30)
    found = await rows("SELECT outcome, inserted FROM helpdesk.sync_run WHERE stream = 'a.linger'")
    assert found == [{"outcome": "ok", "inserted": 7}]
