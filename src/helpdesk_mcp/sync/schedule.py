"""The worker: a cycle every few minutes, what takes a call for each record in between, and an orderly end.

APScheduler keeps the clock: an interval with jitter, never two cycles at once, missed ones merged. Its own shutdown cancels
what runs, so the worker waits for that itself first. It goes by the clock of the machine, so the worker tells it when that is
set back: else it would do nothing until the old time comes round again.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from apscheduler.schedulers.asyncio import (  # pyright: ignore[reportMissingTypeStubs] - it ships none
    AsyncIOScheduler,
)
from sqlalchemy.ext.asyncio import AsyncEngine

from helpdesk_mcp import metrics
from helpdesk_mcp.atera import AteraClient
from helpdesk_mcp.store import runs
from helpdesk_mcp.store.engines import StoreUnavailable, reachable
from helpdesk_mcp.sync.cycle import run_due, standstill
from helpdesk_mcp.sync.jobs import Job, run_due_job
from helpdesk_mcp.sync.run import RunReport
from helpdesk_mcp.sync.streams import STREAMS

_log = logging.getLogger(__name__)

JITTER = 0.1
"""Share of the interval by which a cycle may come early or late, so that many workers do not ask at the same second."""
GOODBYE_S = 7.0
"""Seconds that a cycle may go on after a stop is asked for; a cut loses nothing, as a pass goes on behind what was stored.

Less than the ten that Docker and service managers wait before they kill."""
PRUNE_EVERY = timedelta(days=1)
CLOCK_LOOK_S = 10.0
"""How often the machine's clock is compared with one that nobody can set."""
CLOCK_SET_BACK_S = 1.0
"""So much less than it should be means that somebody has set it back; less than that is the work of a time service."""

_BACKGROUND = [stream for stream in STREAMS if stream.is_background]
_CYCLE = [stream for stream in STREAMS if not stream.is_background]


class Worker:
    """Keeps the mirror up to date with a cycle `every` so often; lives through times without Atera or without database.

    Jobs are looked at as often, each by itself, from the end of the first cycle on, which may bring what they need: neither
    another job nor Atera keeps one from running.
    """

    def __init__(
        self, client: AteraClient, engine: AsyncEngine, every: timedelta, jobs: Sequence[Job] = ()
    ) -> None:
        self._client = client
        self._engine = engine
        self._every = every
        self._jobs = jobs
        self._turn = asyncio.Lock()
        self._cycle_waits = False
        self._cycled = asyncio.Event()
        self._cycled_once = asyncio.Event()
        self._stop = asyncio.Event()
        self._running: set[asyncio.Task[Any]] = set()
        self._trouble: str | None = None
        self._pruned: datetime | None = None

    @property
    def trouble(self) -> str | None:
        """Why nothing is synced at present, in a sentence; None while it works."""
        return self._trouble

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set, then let what runs come to its end and return."""
        self._stop = stop
        logging.getLogger("apscheduler").setLevel(
            logging.ERROR
        )  # it warns of each cycle that outlasts its interval
        scheduler = AsyncIOScheduler(timezone=UTC)
        for work in (self.cycle, *(partial(self._run_job, job) for job in self._jobs)):
            self._schedule(scheduler, work)
        scheduler.start()
        history = asyncio.create_task(self._fill_history())
        self._running.add(history)
        clock = asyncio.create_task(self._watch_the_clock(scheduler))
        try:
            await stop.wait()
        finally:
            clock.cancel()
            scheduler.pause()
            await self._say_goodbye()
            scheduler.shutdown(wait=False)

    async def _say_goodbye(self) -> None:
        _, late = await asyncio.wait(self._running, timeout=GOODBYE_S)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    def _schedule(self, scheduler: AsyncIOScheduler, work: Callable[[], Awaitable[Any]]) -> None:
        seconds = self._every.total_seconds()
        scheduler.add_job(  # pyright: ignore[reportUnknownMemberType] - untyped
            partial(self._tracked, work),
            "interval",
            seconds=seconds,
            jitter=seconds * JITTER,
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
            next_run_time=datetime.now(UTC),
        )

    @staticmethod
    async def _watch_the_clock(scheduler: AsyncIOScheduler) -> None:
        """Have everything run at once, and go on from there, when the machine's clock was set back."""
        ahead = _ahead_s()
        while True:
            await asyncio.sleep(CLOCK_LOOK_S)
            if (now := _ahead_s()) < ahead - CLOCK_SET_BACK_S:
                _log.warning("clock_of_the_machine_went_back seconds=%d", ahead - now)
                for job in scheduler.get_jobs():  # pyright: ignore[reportUnknownMemberType,reportUnknownVariableType] - untyped
                    job.modify(next_run_time=datetime.now(UTC))  # pyright: ignore[reportUnknownMemberType] - the same
            ahead = now

    async def _tracked(self, work: Callable[[], Awaitable[Any]]) -> None:
        """Do some work as a task that the worker knows, so that it can wait for its end."""
        task = asyncio.ensure_future(work())
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        await asyncio.shield(task)

    async def _run_job(self, job: Job) -> None:
        await self._first_of(self._cycled_once, self._stop)
        if self._stop.is_set():
            return
        try:
            await run_due_job(self._engine, job)
        except StoreUnavailable:
            return  # the next cycle tells

    async def cycle(self) -> list[RunReport]:
        """Run what is due once, ahead of the history."""
        self._cycle_waits = True
        async with self._turn:
            self._cycle_waits = False
            try:
                reports = await run_due(self._client, self._engine, _CYCLE, yields=self._stop.is_set)
                await self._show()
                await self._prune()
            except StoreUnavailable as error:
                self._tell(str(error))
                return []
            finally:
                self._cycled.set()
                self._cycled_once.set()
        self._tell(standstill(reports))
        return reports

    async def _fill_history(self) -> None:
        """Read what takes a call for each record whenever no cycle wants to run."""
        while not self._stop.is_set():
            self._cycled.clear()
            if not await self._read_history():
                # Until a cycle has brought more to read.
                await self._first_of(self._cycled, self._stop)

    async def _read_history(self) -> bool:
        """Return whether there is more to read right away."""
        async with self._turn:
            try:
                reports = await run_due(self._client, self._engine, _BACKGROUND, yields=self._history_yields)
            except StoreUnavailable:
                return False  # the next cycle tells
            except Exception as error:  # noqa: BLE001 - the edge of the history: it must not end before the worker does
                _log.error("history_broke error=%s", type(error).__name__)
                return False
        return any(report.goes_on for report in reports)

    def _history_yields(self) -> bool:
        return self._cycle_waits or self._stop.is_set()

    @staticmethod
    async def _first_of(*events: asyncio.Event) -> None:
        waiting = [asyncio.create_task(event.wait()) for event in events]
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waiting:
                task.cancel()

    async def _show(self) -> None:
        """Show Prometheus what is recorded of all streams, of those too that this process has not run yet."""
        async with reachable(), self._engine.connect() as connection:
            newest = (await connection.execute(runs.newest_of_each(finished=True))).all()
        metrics.recorded(newest, lambda: datetime.now(UTC))

    async def _prune(self) -> None:
        now = datetime.now(UTC)
        if self._pruned is not None and now - self._pruned < PRUNE_EVERY:
            return
        async with reachable(), self._engine.begin() as connection:
            dropped = await runs.prune(connection)
        self._pruned = now
        _log.debug("runs_pruned rows=%d", dropped)

    def _tell(self, trouble: str | None) -> None:
        """Log a change between working and not working, and nothing while it stays as it is."""
        if trouble == self._trouble:
            return
        if trouble is None:
            _log.info("sync_works_again")
        else:
            _log.warning("sync_stands reason=%r", trouble)
        self._trouble = trouble


def _ahead_s() -> float:
    """Return by how much the clock that can be set is ahead of the one that cannot; only differences of it mean something."""
    return datetime.now(UTC).timestamp() - time.monotonic()
