"""One run of one stream: under its lock, recorded from its beginning to its end, whatever that is."""

import asyncio
import logging
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from sqlalchemy.ext.asyncio import AsyncEngine

from helpdesk_mcp import metrics
from helpdesk_mcp.atera import AteraClient, RequestStats
from helpdesk_mcp.atera.errors import AteraError, BadCredentials, Throttled, Unavailable
from helpdesk_mcp.store import quarantine, runs
from helpdesk_mcp.store.engines import StoreUnavailable, reachable, sqlstate
from helpdesk_mcp.store.locks import stream_lock
from helpdesk_mcp.store.runs import Counts
from helpdesk_mcp.sync.reading import OnProgress, Paused, Reading
from helpdesk_mcp.sync.stream import Stream

_log = logging.getLogger(__name__)

TURN_S = 120.0
"""Seconds after which a pass that keeps a cursor lets the other streams have their turn."""
LONGEST_RUN_S = 3600.0
"""Seconds after which any run is ended, waiting included; a pass without a cursor starts again next time."""


Blames = Literal["stream", "atera", "key"]
"""This stream alone, perhaps Atera as a whole, or the key, which all streams use."""


@dataclass(frozen=True, slots=True)
class RunReport:
    """What one run did, for people."""

    stream: str
    outcome: Literal["ok", "partial", "failed", "busy"]
    """partial: not complete, goes on next time. busy: another process runs this stream; nothing was done."""
    requests: int = 0
    """Calls to Atera, retries included."""
    rows_read: int = 0
    inserted: int = 0
    changed: int = 0
    unchanged: int = 0
    deleted: int = 0
    quarantined: int = 0
    seconds: float = 0.0
    error: str | None = None
    """A sentence; None for a complete run."""
    blames: Blames | None = None
    """Whose trouble ended the run."""
    goes_on: bool = False
    """Whether the run only paused, and another one right away would get further."""


@dataclass(frozen=True, slots=True)
class End:
    """How a run ended."""

    outcome: Literal["ok", "partial", "failed"]
    error: str | None = None
    blames: Blames | None = None
    paused: bool = False


async def run_stream(
    client: AteraClient,
    engine: AsyncEngine,
    stream: Stream,
    *,
    yields: Callable[[], bool] = lambda: False,
    on_progress: OnProgress | None = None,
) -> RunReport:
    """Run a stream once and report it; its own troubles are in the report.

    Raises StoreUnavailable when the database goes away. Passes that keep a cursor pause after two minutes, or when `yields` says so.
    """
    async with reachable(), stream_lock(engine, stream.name) as ours:
        if not ours:
            _log.info("run_skipped stream=%s reason=another_process_runs_it", stream.name)
            return RunReport(stream.name, "busy")
        with client.counting() as stats:
            reading = await _begin(client, engine, stream, stats, yields, on_progress)
            began = time.monotonic()
            end = await _carried_out(reading)
            seconds = time.monotonic() - began
            reading.counts.requests = stats.requests
            await _record(reading, end, seconds)
    goes_on = end.paused and reading.counts.rows_read > 0
    report = report_of(stream.name, end, reading.counts, seconds, goes_on=goes_on)
    tell(report)
    return report


async def _begin(
    client: AteraClient,
    engine: AsyncEngine,
    stream: Stream,
    stats: RequestStats,
    yields: Callable[[], bool],
    on_progress: OnProgress | None,
) -> Reading:
    async with engine.begin() as connection:
        state = await runs.state(connection, stream.name)
        run_id = await runs.start(connection, stream.name, stream.every)
        aside = await quarantine.keys_aside(connection, stream.base)
    turn_ends = time.monotonic() + TURN_S
    return Reading(
        client=client,
        engine=engine,
        stream=stream,
        run_id=run_id,
        state=state,
        is_over=lambda: yields() or time.monotonic() >= turn_ends,
        requests=lambda: stats.requests,
        on_progress=on_progress,
        aside=aside,
    )


async def _carried_out(reading: Reading) -> End:
    """Let the strategy do its work, and say how it ended; only an absent database is raised."""
    try:
        # A timeout of the database passes as such: reachable tells it from ours.
        async with asyncio.timeout(LONGEST_RUN_S), reachable():
            await _passed(reading)
    except Paused as pause:
        return End("partial", str(pause), paused=True)
    except AteraError as error:
        return End(_broken(reading), str(error), _blamed(error))
    except TimeoutError:
        return End(_broken(reading), "The run took longer than an hour and was ended.", "stream")
    except StoreUnavailable:
        raise
    except Exception as error:  # noqa: BLE001 - the edge of one run: a fault in one stream must not stop the others
        return End(_broken(reading), unexpected(reading.stream.name, error), "stream")
    return End("ok")


async def _passed(reading: Reading) -> None:
    """Let the strategy do its work; what it had gathered when Atera failed or its turn was over is stored as well."""
    try:
        await reading.stream.strategy(reading)
    except (AteraError, Paused):
        await reading.flush()
        raise
    await reading.flush()


def _broken(reading: Reading) -> Literal["partial", "failed"]:
    """Return how an interrupted run is called: what was stored before the trouble counts."""
    return "partial" if reading.counts.rows_read else "failed"


def _blamed(error: AteraError) -> Blames:
    if isinstance(error, BadCredentials):
        return "key"
    return "atera" if isinstance(error, Unavailable | Throttled) else "stream"


def unexpected(stream: str, error: Exception) -> str:
    """Log an error that nobody foresaw, and return the sentence about it."""
    # Neither the message nor the values: a database error quotes the row it refused.
    places = [f"{frame.name}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)[-4:]]
    kind = f"{type(error).__name__} {sqlstate(error)}".strip()
    _log.error("run_broke stream=%s error=%s at=%s", stream, kind, " < ".join(reversed(places)))
    return f"An unexpected error ended the run ({kind} in {places[-1] if places else 'nowhere'}); please report it."


async def _record(reading: Reading, end: End, seconds: float) -> None:
    complete = end.outcome == "ok"
    async with reading.transaction() as connection:
        await runs.finish(
            connection,
            reading.run_id,
            outcome=end.outcome,
            counts=reading.counts,
            seconds=seconds,
            data_as_of=reading.data_as_of if complete else None,
            watermark=reading.watermark if complete else None,
            error=end.error,
        )


def report_of(stream: str, end: End, counts: Counts, seconds: float, *, goes_on: bool = False) -> RunReport:
    """Return the report of a run that has ended."""
    values = {name: getattr(counts, name) for name in Counts.__slots__}
    return RunReport(
        stream, end.outcome, seconds=seconds, error=end.error, blames=end.blames, goes_on=goes_on, **values
    )


def tell(report: RunReport) -> None:
    """Count a run for Prometheus, and log it."""
    fates = {name: getattr(report, name) for name in metrics.FATES}
    metrics.ran(report.stream, report.outcome, seconds=report.seconds, requests=report.requests, fates=fates)
    # What is not the stream's own trouble is told once, by the worker.
    level = logging.WARNING if report.blames == "stream" else logging.INFO
    _log.log(
        level,
        "run stream=%s outcome=%s requests=%d rows=%d inserted=%d changed=%d unchanged=%d deleted=%d quarantined=%d "
        "seconds=%.2f%s",
        report.stream,
        report.outcome,
        report.requests,
        report.rows_read,
        report.inserted,
        report.changed,
        report.unchanged,
        report.deleted,
        report.quarantined,
        report.seconds,
        f" error={report.error!r}" if report.error else "",
    )
