"""What a steady cycle of the sync costs: requests by route, seconds, CPU, and the rows it writes when nothing changed.

The simulated account is an MSP's. Loading sixty thousand old conversations would take the rate limit hours, so they are marked
as read once everything else is here.
"""

import asyncio
import re
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import psutil
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from atera_simulator.life import Life
from atera_simulator.seed import build_world
from atera_simulator.serve import Simulator
from helpdesk_mcp.atera import AteraClient
from helpdesk_mcp.store.engines import write_engine
from helpdesk_mcp.store.migrate import upgrade
from helpdesk_mcp.sync.cycle import run_due, sync_once
from helpdesk_mcp.sync.streams import STREAMS

from .postgres import scratch_postgres
from .report import Report

WORLDS = {"full": "msp", "small": "demo"}
CHANGES = 12
"""Things that happen at the simulated provider between two cycles of five minutes, as in a working day."""
_FIRST = {stream.name for stream in STREAMS if stream.base == stream.name} - {"conversations"}
_STEADY = {stream.name for stream in STREAMS if not (stream.every or stream.is_background)} | {"time_entries"}
_SETTLE_S = 1.0

_EXPECTED = {
    "/tickets/lastmodified": "1",
    "/tickets/{ticketId}/comments": "~10",
    "/alerts": "8",
    "/alerts/{alertId}": "~3",
    "/customers": "1",
    "/contacts": "1",
    "/workhours": "2 on average, 6 in every third cycle",
}
"""Requests of one cycle at this size, by the reckoning of the project's notes on Atera's API."""

_MARK_READ = """
    UPDATE mirror.ticket SET thread_read_at = now(), thread_due = false
    WHERE thread_due AND NOT is_open
"""
_WRITTEN = """
    SELECT schemaname || '.' || relname AS name, n_tup_ins + n_tup_upd + n_tup_del AS rows FROM pg_stat_user_tables
"""


@dataclass(frozen=True, slots=True)
class Cycle:
    """One cycle as it was seen from outside."""

    requests: Mapping[str, int]
    seconds: float
    cpu_seconds: float
    written: Mapping[str, int]

    @property
    def total(self) -> int:
        """Return all requests."""
        return sum(self.requests.values())


def run(scale: str, command: str, *, keep: bool) -> None:
    """Measure, print, and keep the result."""
    world = build_world(WORLDS[scale])
    report = Report(
        "cycle", "A cycle of the sync", f"{len(world.tickets):,} tickets, {len(world.agents):,} machines"
    )
    with scratch_postgres("cycle", keep=keep) as url, Simulator(world, rate_per_minute=None) as simulator:
        upgrade(url)
        asyncio.run(_measure(url, simulator, report))
    report.save(command)


async def _measure(url: str, simulator: Simulator, report: Report) -> None:
    engine = write_engine(url)
    try:
        async with AteraClient(
            simulator.url, simulator.token, requests_per_minute=1_000_000, burst=1000
        ) as client:
            first = await _first_load(client, engine, simulator)
            quiet = await _cycle(client, engine, simulator)
            life = Life(simulator.world, simulator.world.seed)
            with simulator.changing():
                for _ in range(CHANGES):
                    life.step(datetime.now(UTC))
            busy = await _cycle(client, engine, simulator)
    finally:
        await engine.dispose()
    _tell(report, first, quiet, busy)


async def _first_load(client: AteraClient, engine: AsyncEngine, simulator: Simulator) -> Cycle:
    before = await _before(engine, simulator)
    await sync_once(client, engine, only=_FIRST)
    async with engine.begin() as connection:
        await connection.execute(text(_MARK_READ))
    await sync_once(client, engine, only={"conversations"})
    return await _after(engine, simulator, before)


async def _cycle(client: AteraClient, engine: AsyncEngine, simulator: Simulator) -> Cycle:
    """Run what runs every five minutes; the half-hourly sweep of machines and the slow lanes are not due."""
    streams = [stream for stream in STREAMS if stream.name in _STEADY]
    before = await _before(engine, simulator)
    await run_due(client, engine, streams, full=True)
    return await _after(engine, simulator, before)


@dataclass(frozen=True, slots=True)
class _Before:
    requests: Counter[str]
    written: Counter[str]
    at: float
    cpu: float


async def _before(engine: AsyncEngine, simulator: Simulator) -> _Before:
    written = await _written(engine)
    return _Before(Counter(simulator.requests), written, time.perf_counter(), _thread_cpu())


async def _after(engine: AsyncEngine, simulator: Simulator, before: _Before) -> Cycle:
    seconds, cpu = time.perf_counter() - before.at, _thread_cpu() - before.cpu
    return Cycle(
        requests=Counter(simulator.requests) - before.requests,
        seconds=seconds,
        cpu_seconds=cpu,
        written=await _written(engine) - before.written,
    )


def _thread_cpu() -> float:
    # The simulator runs in another thread of this process.
    return time.thread_time()


async def _written(engine: AsyncEngine) -> Counter[str]:
    # A connection tells what it has written when it closes, else with ten seconds' delay.
    await engine.dispose()
    await asyncio.sleep(_SETTLE_S)
    async with engine.connect() as connection:
        return Counter({row.name: row.rows for row in await connection.execute(text(_WRITTEN))})


def _tell(report: Report, first: Cycle, quiet: Cycle, busy: Cycle) -> None:
    routes = sorted(first.requests | quiet.requests | busy.requests)
    report.table(
        ["requests", "first load", "quiet cycle", f"cycle after {CHANGES} changes", "expected in a cycle"],
        [
            *(
                (route, first.requests[route], quiet.requests[route], busy.requests[route], _expected(route))
                for route in routes
            ),
            ("all", first.total, quiet.total, busy.total, "~26"),
        ],
    )
    report.table(
        ["cost", "first load", "quiet cycle", f"cycle after {CHANGES} changes"],
        [
            ("seconds", *(f"{one.seconds:.1f}" for one in (first, quiet, busy))),
            (
                "CPU seconds of the syncing thread",
                *(f"{one.cpu_seconds:.2f}" for one in (first, quiet, busy)),
            ),
            (
                "CPU seconds per 1,000 requests",
                *(f"{one.cpu_seconds / one.total * 1000:.1f}" for one in (first, quiet, busy)),
            ),
            ("rows written", *(f"{sum(one.written.values()):,}" for one in (first, quiet, busy))),
        ],
    )
    kinds = ", ".join(f"{name} {rows}" for name, rows in sorted(quiet.written.items()))
    peak = _peak_mib()
    report.say(
        f"Written in the quiet cycle: {kinds or 'nothing'}. Peak memory of the process, simulator included: {peak:.0f} MiB."
    )


def _expected(route: str) -> str:
    return _EXPECTED.get(re.sub(r"^\w+ (/api/v3)?", "", route), "")


def _peak_mib() -> float:
    memory = psutil.Process().memory_info()
    return getattr(memory, "peak_wset", memory.rss) / 2**20
