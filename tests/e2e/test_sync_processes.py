"""The sync as a real process against a simulated Atera over HTTP."""

import asyncio
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import UTC, datetime

import httpx2
import pytest
from sqlalchemy import func, select
from tests import processes
from tests.office import struck

from atera_simulator.changes import update_ticket
from atera_simulator.faults import Fault
from atera_simulator.seed import build_world
from atera_simulator.serve import Simulator
from helpdesk_mcp.probe import probe
from helpdesk_mcp.sdk import tables
from helpdesk_mcp.store.engines import read_engine

pytestmark = pytest.mark.anyio


@pytest.fixture
def atera():
    with Simulator(build_world("tiny"), rate_per_minute=None) as simulator:
        yield simulator


def settings(atera, database_url, **more):
    return {
        "database_url": database_url,
        "atera_url": atera.url,
        "atera_token": atera.token,
        "atera_requests_per_minute": 6000,
        **more,
    }


async def value(database_url, statement):
    engine = read_engine(database_url)
    try:
        async with engine.connect() as connection:
            return (await connection.execute(statement)).scalar_one_or_none()
    finally:
        await engine.dispose()


async def test_one_cycle_loads_everything_and_reports_it(atera, bare_database_url):
    done = processes.run("sync", "--once", **settings(atera, bare_database_url))
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr
    tickets = next(line.split() for line in done.stdout.splitlines() if line.startswith("tickets "))
    assert tickets[:6] == ["tickets", "ok", tickets[2], "60", "60", "0"]
    assert await value(bare_database_url, select(func.count()).select_from(tables.ticket)) == 60


@contextmanager
def worker(stderr=subprocess.PIPE, **options):
    process = subprocess.Popen(
        [*processes.COMMAND, "worker"],
        env=processes.environment(**options),
        stderr=stderr,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


async def test_the_worker_brings_a_change_and_stops_in_order(atera, database_url):
    ticket_id = next(t["TicketID"] for t in atera.world.tickets.values() if t["TicketStatus"] == "Open")
    status = select(tables.ticket.c.status).where(tables.ticket.c.id == ticket_id)
    port = processes.free_port()
    with worker(**settings(atera, database_url, sync_every_s=1, metrics_port=port)) as process:
        await until(database_url, status, "Open")
        with atera.changing() as world:
            update_ticket(world, ticket_id, {"TicketStatus": "Pending"}, now=datetime.now(UTC))
        await until(database_url, status, "Pending")
        async with httpx2.AsyncClient(trust_env=False) as browser:
            page = await browser.get(f"http://127.0.0.1:{port}/metrics")
        assert probe(f"http://127.0.0.1:{port}/livez") == (True, "alive")
        process.send_signal(signal.SIGINT if sys.platform == "win32" else signal.SIGTERM)
        _, errors = process.communicate(timeout=10)
    assert process.returncode == 0, errors
    assert "Traceback" not in errors
    assert atera.token not in errors
    assert 'helpdesk_sync_rows_total{fate="inserted",stream="tickets"} 60.0' in page.text.splitlines()


async def test_a_second_worker_goes_on_when_the_first_is_killed_in_a_run(atera, database_url, tmp_path):
    ticket_id = next(t["TicketID"] for t in atera.world.tickets.values() if t["TicketStatus"] == "Open")
    status = select(tables.ticket.c.status).where(tables.ticket.c.id == ticket_id)
    options = settings(atera, database_url, sync_every_s=1)
    told = tmp_path / "standby"
    with worker(**options) as first:
        await until(database_url, status, "Open")
        atera.faults.rules = [Fault("hang", path_prefix="/tickets/lastmodified", times=1)]
        await struck(atera)
        with told.open("w") as log, worker(stderr=log, **options):
            # It does what it can, and leaves the stream to the first one for as long as that lives.
            await written(told, "run_skipped stream=tickets reason=another_process_runs_it")
            with atera.changing() as world:
                update_ticket(world, ticket_id, {"TicketStatus": "Pending"}, now=datetime.now(UTC))
            first.kill()
            killed = time.monotonic()
            await until(database_url, status, "Pending")
    assert time.monotonic() - killed < 10
    assert "Traceback" not in told.read_text()


async def written(path, words, timeout_s=40):
    deadline = time.monotonic() + timeout_s
    while words not in path.read_text():
        assert time.monotonic() < deadline, path.read_text()
        await asyncio.sleep(0.02)


async def until(database_url, statement, expected, timeout_s=40):
    deadline = time.monotonic() + timeout_s
    while (found := await value(database_url, statement)) != expected:
        assert time.monotonic() < deadline, f"still {found!r}, not {expected!r}"


async def test_a_wrong_key_is_told_in_a_sentence(atera, database_url):
    done = processes.run("sync", "--once", **settings(atera, database_url, atera_token="wrong"))
    assert done.returncode == 1
    assert "key" in done.stdout
    assert "Traceback" not in done.stderr


async def test_atera_being_away_is_told_in_a_sentence(database_url):
    done = processes.run(
        "sync",
        "--once",
        "--only",
        "customers",
        database_url=database_url,
        atera_url=f"http://127.0.0.1:{processes.free_port()}/api/v3",
        atera_token="any",
    )
    assert done.returncode == 1
    assert "customers: " in done.stdout
    assert "Traceback" not in done.stderr


def test_an_unknown_stream_is_told_with_those_that_exist(atera, database_url):
    done = processes.run("sync", "--once", "--only", "tickes", **settings(atera, database_url))
    assert done.returncode == 2
    assert done.stderr.startswith(
        "helpdesk-mcp: There is no stream tickes; the streams are account, customers, "
    )


def test_status_shows_what_was_synced(atera, database_url):
    before = processes.run("status", database_url=database_url)
    assert before.stdout == "Nothing was synced yet: start `helpdesk-mcp worker`.\n"
    processes.run("sync", "--once", **settings(atera, database_url))
    after = processes.run("status", database_url=database_url)
    assert after.returncode == 0
    assert any(line.split()[0] == "tickets" and " ok " in line for line in after.stdout.splitlines()[1:])
