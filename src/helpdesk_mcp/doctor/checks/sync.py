"""The sync: how far each stream is behind Atera, and what went wrong last."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncConnection

from helpdesk_mcp.doctor.finding import Finding, ok, problem, warning
from helpdesk_mcp.sdk.times import span
from helpdesk_mcp.settings import Settings
from helpdesk_mcp.store import runs
from helpdesk_mcp.store.tables import sync_run
from helpdesk_mcp.sync.stream import Stream
from helpdesk_mcp.sync.streams import STREAMS

NAME = "sync"
LATE_AFTER = 3
"""Intervals of a stream after which it is late."""
LEAST = timedelta(minutes=15)
"""Age that is never late: a cycle may take its time."""
_LOG = "Look into its log, and `helpdesk-mcp status`."

_NEWEST = (
    select(sync_run.c.stream, sync_run.c.outcome, sync_run.c.error)
    .ext(distinct_on(sync_run.c.stream))
    .order_by(sync_run.c.stream, sync_run.c.id.desc())
)


async def findings(connection: AsyncConnection, settings: Settings) -> list[Finding]:
    """Return on every stream that is late or failed, and one line on the rest."""
    now = await runs.clock(connection)
    newest = {row.stream: row for row in await connection.execute(_NEWEST)}
    if not newest:
        return [warning(NAME, "Nothing was synced yet.", "Start `helpdesk-mcp worker`.")]
    streams = [stream for stream in STREAMS if not stream.is_background]
    fresh = await runs.as_of(connection, [stream.name for stream in streams])
    ages = {name: now - at for name, at in fresh.items()}
    cycle = timedelta(seconds=settings.sync_every_s)
    return [*_failures(newest), *_lags(streams, ages, cycle)]


def _failures(newest: Mapping[str, Row[Any, Any, Any]]) -> Iterator[Finding]:
    for name, run in newest.items():
        if run.outcome == "failed":
            yield problem(f"{NAME} {name}", f"The last run failed: {run.error or 'no reason recorded'}", _LOG)


def _lags(streams: Sequence[Stream], ages: Mapping[str, timedelta], cycle: timedelta) -> Iterator[Finding]:
    on_time: list[timedelta] = []
    for stream in streams:
        age = ages.get(stream.name)
        if age is None:
            yield warning(f"{NAME} {stream.name}", "It was never read to its end.", "Let the worker go on.")
        elif age > max(LATE_AFTER * max(stream.every, cycle), LEAST):
            every = span(max(stream.every, cycle))
            late = f"Its data are {span(age)} old, though it is due every {every}."
            yield problem(f"{NAME} {stream.name}", late, "Check that the worker runs; then its log.")
        else:
            on_time.append(age)
    if on_time:
        yield ok(NAME, f"{len(on_time)} streams are on time; the freshest is {span(min(on_time))} old.")
