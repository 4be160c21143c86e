"""Everything that is due, once: what one cycle of the worker does, and what `sync --once` repeats until nothing is left."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncEngine

from helpdesk_mcp import traces
from helpdesk_mcp.atera import AteraClient
from helpdesk_mcp.store import backwards, runs
from helpdesk_mcp.store.engines import reachable
from helpdesk_mcp.store.runs import StreamState
from helpdesk_mcp.sync.reading import OnProgress, Progress
from helpdesk_mcp.sync.run import RunReport, run_stream
from helpdesk_mcp.sync.stream import Stream
from helpdesk_mcp.sync.streams import STREAMS

__all__ = ["Progress", "RunReport", "run_due", "sync_once"]

SLACK = timedelta(seconds=45)
"""A stream may run this much early, so that a cycle that starts a little sooner does not leave it to the next one."""
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


async def sync_once(
    client: AteraClient,
    engine: AsyncEngine,
    *,
    only: set[str] | None = None,
    on_progress: OnProgress | None = None,
    full: bool = False,
) -> list[RunReport]:
    """Run everything that is due, the first load included, until nothing is left or nothing gets further.

    `only` names streams (a name without a dot stands for all its lanes), `full` runs them all, due or not.
    Returns one report for each run, in order. Raises StoreUnavailable, and ValueError for an unknown stream.
    """
    streams = chosen(only)
    reports = await run_due(client, engine, streams, on_progress=on_progress, full=full)
    unfinished = {report.stream for report in reports if report.goes_on}
    while unfinished:
        again = [stream for stream in streams if stream.name in unfinished]
        more = await run_due(client, engine, again, on_progress=on_progress, full=True)
        reports += more
        unfinished = {report.stream for report in more if report.goes_on}
    return reports


def chosen(only: set[str] | None) -> list[Stream]:
    """Return the streams named, in the order in which they run; ValueError for a name that does not exist."""
    if only is None:
        return list(STREAMS)
    unknown = only - {stream.name for stream in STREAMS}
    if unknown:
        known = ", ".join(stream.name for stream in STREAMS)
        raise ValueError(f"There is no stream {', '.join(sorted(unknown))}; the streams are {known}.")
    return [stream for stream in STREAMS if stream.name in only or stream.base in only]


async def run_due(
    client: AteraClient,
    engine: AsyncEngine,
    streams: Iterable[Stream],
    *,
    on_progress: OnProgress | None = None,
    full: bool = False,
    yields: Callable[[], bool] = lambda: False,
) -> list[RunReport]:
    """Run each stream that is due once, in order; stop early when Atera is away, refuses the key, or `yields` says so."""
    async with reachable(), engine.begin() as connection:
        now = await backwards.present(connection)
        states = await runs.states(connection)
    reports: list[RunReport] = []
    for stream in streams:
        if not (full or is_due(stream, states, now)):
            continue
        with traces.span(f"sync {stream.name}", {}, outgoing=False):
            report = await run_stream(client, engine, stream, yields=yields, on_progress=on_progress)
        reports.append(report)
        if standstill(reports) or yields():
            break
    return reports


def standstill(reports: Sequence[RunReport]) -> str | None:
    """Return the error that makes it useless to try other streams: a refused key, or Atera away twice in a row."""
    last = reports[-2:]
    if last and last[-1].blames == "key":
        return last[-1].error
    away = len(last) == 2 and all(report.blames == "atera" for report in last)  # noqa: PLR2004 - twice
    return last[-1].error if away else None


def is_due(stream: Stream, states: Mapping[str, StreamState], now: datetime) -> bool:
    """Return whether a stream should run now."""
    moment = due_from(stream, states)
    return moment is not None and now >= moment - SLACK


def due_from(stream: Stream, states: Mapping[str, StreamState]) -> datetime | None:
    """Return from when on a stream should run; None while it waits for its base stream.

    The slow lane of a stream counts from the first complete pass of the fast one, which has just read the same.
    """
    state = states.get(stream.name, StreamState())
    if state.cursor is not None:
        return _LONG_AGO
    last = state.last_ok
    if last is None and stream.base != stream.name and stream.every:
        last = states.get(stream.base, StreamState()).first_ok
        if last is None:
            return None
    return _LONG_AGO if last is None else last + stream.every


def is_in_each_cycle(stream: Stream) -> bool:
    """Return whether a stream runs in every cycle."""
    return not stream.every and not stream.is_background
