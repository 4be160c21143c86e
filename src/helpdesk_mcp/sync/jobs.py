"""Jobs: work beside the streams that somebody else hands the worker, recorded and guarded like a run of a stream.

What a job does and whose it is, the sync does not know: `app` makes them from plugins.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncEngine

from helpdesk_mcp.store import runs
from helpdesk_mcp.store.engines import StoreNotSetUp, StoreUnavailable, reachable
from helpdesk_mcp.store.locks import stream_lock
from helpdesk_mcp.store.runs import Counts, StreamState
from helpdesk_mcp.sync.run import End, RunReport, report_of, tell, unexpected

SLACK = timedelta(seconds=45)
"""A job may run this much early, as a stream may."""
RETRY = timedelta(minutes=15)
"""Least time between a failed run and the next try, where the job's own interval is longer."""
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)

_log = logging.getLogger(__name__)


class JobFailed(Exception):
    """A job could not do its work; the message is a sentence for the operator."""


@dataclass(frozen=True, slots=True)
class Job:
    """One job, ready to run."""

    stream: str
    """Name under which its runs are recorded."""
    every: timedelta
    longest: timedelta
    run: Callable[[AsyncEngine, datetime, Counts], Awaitable[None]]
    """Gets the worker's engine, the database's present, and counts to fill in."""


async def run_due_job(engine: AsyncEngine, job: Job) -> RunReport | None:
    """Run a job when it is due. Its own troubles are in the report; raises StoreUnavailable when the database is away."""
    async with reachable(), engine.connect() as connection:
        state = await runs.state(connection, job.stream)
        now = await runs.clock(connection)
    return await run_job(engine, job) if is_due(job, state, now) else None


def is_due(job: Job, state: StreamState, now: datetime) -> bool:
    """Return whether a job should run now."""
    return now >= due_from(job, state) - SLACK


def due_from(job: Job, state: StreamState) -> datetime:
    """Return from when on a job should run: its interval after a complete run, a little later after a failed one."""
    after_ok = _LONG_AGO if state.last_ok is None else state.last_ok + job.every
    after_try = _LONG_AGO if state.last_start is None else state.last_start + min(job.every, RETRY)
    return max(after_ok, after_try)


async def run_jobs(engine: AsyncEngine, jobs: Iterable[Job], *, due_only: bool) -> list[RunReport]:
    """Run jobs one after the other, or only those that are due; errors as for `run_due_job`."""
    reports = [await (run_due_job if due_only else run_job)(engine, job) for job in jobs]
    return [report for report in reports if report is not None]


async def run_job(engine: AsyncEngine, job: Job) -> RunReport:
    """Run a job once under its lock and report it; errors as for `run_due_job`."""
    async with reachable(), stream_lock(engine, job.stream) as ours:
        if not ours:
            _log.info("run_skipped stream=%s reason=another_process_runs_it", job.stream)
            return RunReport(job.stream, "busy")
        async with engine.begin() as connection:
            run_id = await runs.start(connection, job.stream, job.every)
            now = await runs.clock(connection)
        counts = Counts()
        began = time.monotonic()
        end = await _carried_out(engine, job, now, counts)
        seconds = time.monotonic() - began
        async with engine.begin() as connection:
            await runs.finish(
                connection,
                run_id,
                outcome=end.outcome,
                counts=counts,
                seconds=seconds,
                data_as_of=now if end.outcome == "ok" else None,
                error=end.error,
            )
    report = report_of(job.stream, end, counts, seconds)
    tell(report)
    return report


async def _carried_out(engine: AsyncEngine, job: Job, now: datetime, counts: Counts) -> End:
    """Let the job do its work, and say how it ended; only an absent database is raised."""
    limit = asyncio.timeout(job.longest.total_seconds())
    try:
        async with limit:
            await job.run(engine, now, counts)
    except JobFailed as failure:
        return End("failed", str(failure), "stream")
    except StoreNotSetUp as error:
        return End("failed", str(error), "stream")
    except StoreUnavailable:
        raise
    except Exception as error:  # noqa: BLE001 - the edge of one job: a fault in it must not stop the others
        if limit.expired():
            said = f"The run took longer than {job.longest.total_seconds():.0f} s and was ended."
            return End("failed", said, "stream")
        return End("failed", unexpected(job.stream, error), "stream")
    return End("ok")
