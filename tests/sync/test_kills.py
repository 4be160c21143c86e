"""Processes that die in the middle, of the sync and of the database: what was committed stays, and the next run goes on."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from functools import partial
from itertools import count
from pathlib import Path
from random import Random

import psutil
import pytest
from sqlalchemy import event, text
from tests import processes
from tests.sync.compare import differences, told
from tests.sync.events import TOLD, happen
from tests.sync.small import SmallPages

from atera_simulator.faults import Fault
from helpdesk_mcp.embedded import Cluster, find_binaries
from helpdesk_mcp.embedded.record import read_record
from helpdesk_mcp.store.engines import StoreUnavailable, write_engine
from helpdesk_mcp.store.migrate import upgrade
from helpdesk_mcp.sync import schedule
from helpdesk_mcp.sync.cycle import sync_once
from helpdesk_mcp.sync.schedule import Worker

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("small")]
PATIENCE_S = 60


def start(simulator, database_url, *command):
    settings = {"database_url": database_url, "atera_url": simulator.url, "atera_token": simulator.token}
    return subprocess.Popen(
        [*processes.COMMAND, *command],
        env=processes.environment(**settings, atera_requests_per_minute=6000),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def wait_for_requests(simulator, count, process):
    deadline = time.monotonic() + PATIENCE_S
    wanted = sum(simulator.requests.values()) + count
    while sum(simulator.requests.values()) < wanted and process.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.001)


async def test_a_worker_that_is_killed_again_and_again_loses_and_doubles_nothing(
    simulator, database_url, sync, equal
):
    die = Random(3)
    for requests in (4, 9, 14):
        process = start(simulator, database_url, "worker")
        wait_for_requests(simulator, requests, process)
        process.kill()
        process.communicate()
        with simulator.changing() as world:
            happen(world, die, 4)
    await sync()
    reports = await sync(full=True)
    assert {report.outcome for report in reports.values()} == {"ok"}
    await equal()


async def test_two_workers_started_by_mistake_do_no_harm(simulator, database_url, sync, rows, equal):
    both = [start(simulator, database_url, "sync", "--once") for _ in range(2)]
    try:
        assert [process.wait(PATIENCE_S) for process in both] == [0, 0]
    finally:
        for process in both:
            process.kill()
            process.wait()
    assert await rows("SELECT stream, error FROM helpdesk.sync_run WHERE outcome = 'failed'") == []
    await sync()
    await equal()


class Struck(SmallPages):
    """Something happens at a certain page."""

    left = 0
    strike = None

    async def page(self, path, params=None, page=1, *, size=5, urgent=False):
        self.left -= 1
        if self.left == 0:
            await self.strike()
        return await super().page(path, params, page, size=size, urgent=urgent)


@pytest.fixture
def home():
    # Not below pytest's own folder, which is closed to the account that runs the server when we are root.
    folder = Path(tempfile.mkdtemp(prefix="helpdesk-postgres-"))
    folder.chmod(0o755)
    yield folder / "home"
    shutil.rmtree(folder)


def kill_postgres(home):
    pid_file = Path(read_record(home).place) / "data" / "postmaster.pid"
    postmaster = psutil.Process(int(pid_file.read_text().splitlines()[0]))
    programs = [postmaster, *postmaster.children(recursive=True)]
    for program in programs:
        program.kill()
    psutil.wait_procs(programs, PATIENCE_S)


def at_write(engine, number, strike):
    """Have something happen in the middle of a transaction: when the mirror has been written to for so many times."""
    writes = count(1)

    def after(_connection, _cursor, statement, *_):
        if statement.startswith(("INSERT INTO mirror.", "UPDATE mirror.")) and next(writes) == number:
            strike()

    event.listen(engine.sync_engine, "after_cursor_execute", after)


async def test_a_postgres_that_is_killed_in_the_middle_of_writing_again_and_again_loses_nothing(
    simulator, make_client, home
):
    die = Random(4)
    for write in (3, 25, 0):
        with Cluster(home, find_binaries(None)) as cluster:
            cluster.ensure_database("helpdesk")
            await asyncio.to_thread(upgrade, cluster.url("helpdesk"))
            engine = write_engine(cluster.url("helpdesk"))
            at_write(engine, write, partial(kill_postgres, home))
            async with make_client(SmallPages) as client:
                if write:
                    with pytest.raises(StoreUnavailable):
                        await sync_once(client, engine)
                else:
                    reports = await sync_once(client, engine) + await sync_once(client, engine, full=True)
                    assert [report for report in reports if report.error and not report.goes_on] == []
                    found = await differences(engine, simulator.world)
                    assert not found, told(found)
            await engine.dispose()
        with simulator.changing() as world:
            happen(world, die, 4)


class Died(BaseException):
    """What a process cannot catch either."""


def die_now():
    raise Died


async def test_a_process_that_dies_at_whichever_write_loses_and_doubles_nothing(
    simulator, make_client, database_url, sync, equal
):
    die, deaths = Random(8), 0
    for write in (*range(1, 9), *range(12, 40, 9)):
        engine = write_engine(database_url)
        at_write(engine, write, die_now)
        async with make_client(SmallPages) as client:
            try:
                await sync_once(client, engine)
            except Died:
                deaths += 1
        await engine.dispose()
        with simulator.changing() as world:
            happen(world, die, 6, TOLD)
    assert deaths > 5
    await sync()
    await equal()


async def test_a_worker_outlives_connections_that_are_cut(make_client, engine, equal):
    async def strike():
        async with engine.connect() as connection:
            cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
            await connection.execute(text(f"{cut} AND pid <> pg_backend_pid()"))

    async with make_client(Struck) as client:
        client.left, client.strike = 9, strike
        worker = Worker(client, engine, timedelta(minutes=5))
        assert await worker.cycle() == []
        assert {report.outcome for report in await worker.cycle()} <= {"ok", "partial"}
        await sync_once(client, engine)
        await equal()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to catch")
async def test_a_worker_that_is_told_to_end_in_a_long_run_does_so_in_order(simulator, database_url):
    process = start(simulator, database_url, "worker")
    wait_for_requests(simulator, 8, process)
    os.kill(process.pid, signal.SIGTERM)
    assert await asyncio.to_thread(process.wait, schedule.GOODBYE_S + 5) == 0


async def test_a_worker_that_waits_for_atera_is_cut_short_at_its_end(
    simulator, client, engine, sync, equal, monkeypatch
):
    monkeypatch.setattr(schedule, "GOODBYE_S", 0.2)
    simulator.faults.rules = [Fault("hang", after=5)]
    stop = asyncio.Event()
    worker = asyncio.create_task(Worker(client, engine, timedelta(minutes=5)).run(stop))
    async with asyncio.timeout(PATIENCE_S):
        while not simulator.faults.rules[0].spoilt:  # noqa: ASYNC110 - the simulator tells nobody
            await asyncio.sleep(0.01)
        stop.set()
        await worker
    simulator.faults.clear()
    await sync()
    await equal()
