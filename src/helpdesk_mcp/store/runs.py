"""Runs of the sync: what was read when, where to go on, and how old the data are.

A quiet cycle writes nothing but its runs. Watermarks and cursors live in them, so that "the pass is complete" and "the next
one starts here" are one fact in one row.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, delete, func, insert, null, select, true, update
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncConnection

from helpdesk_mcp.store.tables import sync_run

Outcome = Literal["ok", "partial", "failed"]
Cursor = dict[str, Any]

KEEP = timedelta(days=30)
"""Age after which a run's row is dropped, unless it still says something that no newer one does."""


@dataclass(slots=True)
class Counts:
    """What a run has done so far. Rows are counted once for each time they were read."""

    rows_read: int = 0
    inserted: int = 0
    changed: int = 0
    unchanged: int = 0
    deleted: int = 0
    quarantined: int = 0
    requests: int = 0
    """Calls to Atera, retries included."""


@dataclass(frozen=True, slots=True)
class StreamState:
    """What earlier runs left behind for the next one."""

    watermark: datetime | None = None
    """Atera's clock."""
    cursor: Cursor | None = None
    """Where an unfinished pass goes on; None: with a new one."""
    last_ok: datetime | None = None
    """Our clock: start of the newest run that was ok."""
    last_start: datetime | None = None
    """Our clock: start of the newest run."""
    first_ok: datetime | None = None
    """Our clock: start of the oldest run that was ok and is still recorded."""


async def clock(connection: AsyncConnection) -> datetime:
    """Return the database's present: the one clock that all our processes share, so that their readings can be ordered."""
    moment: datetime = (await connection.execute(select(func.clock_timestamp()))).scalar_one()
    return moment


async def states(connection: AsyncConnection) -> dict[str, StreamState]:
    """Return what each stream that ever ran left behind."""
    return {row.stream: StreamState(*row[1:]) for row in await connection.execute(_STATES)}


async def state(connection: AsyncConnection, stream: str) -> StreamState:
    """Return what earlier runs of one stream left behind."""
    row = (await connection.execute(_STATES.where(_streams.c.stream == stream))).one_or_none()
    return StreamState() if row is None else StreamState(*row[1:])


async def start(connection: AsyncConnection, stream: str, every: timedelta) -> int:
    """Record that a run of a stream begins, with the cursor that the last one left; return its number."""
    values = {
        "stream": stream,
        "every_s": round(every.total_seconds()),
        "started_at": func.clock_timestamp(),
        "cursor": _newest("cursor", stream),
    }
    statement = insert(sync_run).values(values).returning(sync_run.c.id)
    run_id: int = (await connection.execute(statement)).scalar_one()
    return run_id


async def checkpoint(connection: AsyncConnection, run_id: int, cursor: Cursor) -> None:
    """Keep where an unfinished pass goes on; belongs in the transaction of the page that was read last."""
    await connection.execute(update(sync_run).where(sync_run.c.id == run_id).values(cursor=cursor))


async def finish(
    connection: AsyncConnection,
    run_id: int,
    *,
    outcome: Outcome,
    counts: Counts,
    seconds: float,
    data_as_of: datetime | None = None,
    watermark: datetime | None = None,
    error: str | None = None,
) -> None:
    """Record how a run ended. `data_as_of` is the moment before its first request, `watermark` where the next one starts."""
    values = {
        "outcome": outcome,
        "finished_at": func.clock_timestamp(),
        "data_as_of": data_as_of,
        "watermark": watermark,
        "seconds": seconds,
        "error": error,
        **{name: getattr(counts, name) for name in Counts.__slots__},
    }
    if outcome == "ok":
        values["cursor"] = null()
    await connection.execute(update(sync_run).where(sync_run.c.id == run_id).values(values))


async def as_of(connection: AsyncConnection, streams: Iterable[str]) -> dict[str, datetime]:
    """Return for each stream how fresh its rows are at least; streams that were never read completely are left out."""
    statement = (
        select(sync_run.c.stream, sync_run.c.data_as_of)
        .ext(distinct_on(sync_run.c.stream))
        .where(sync_run.c.stream.in_(list(streams)), sync_run.c.outcome == "ok")
        .order_by(sync_run.c.stream, sync_run.c.finished_at.desc())
    )
    return {row.stream: row.data_as_of for row in await connection.execute(statement)}


def newest_of_each(*, finished: bool = False) -> Select[Any]:
    """Return the question for the newest run of each stream, or the newest `finished` one.

    Beside its own columns a row has `as_of`, how fresh the stream's rows are at least, and `succeeded_at`, the end of its last
    complete run; both None without one.
    """
    is_its = sync_run.c.stream == _streams.c.stream
    newest = select(sync_run).where(is_its).order_by(sync_run.c.id.desc()).limit(1)
    last_ok = (
        select(sync_run.c.data_as_of.label("as_of"), sync_run.c.finished_at.label("succeeded_at"))
        .where(is_its, sync_run.c.outcome == "ok")
        .order_by(sync_run.c.finished_at.desc())
        .limit(1)
        .lateral("last_ok")
    )
    if finished:
        newest = newest.where(sync_run.c.outcome.is_not(None))
    run = newest.lateral("run")
    return (
        select(run, last_ok)
        .select_from(_streams.join(run, true()).outerjoin(last_ok, true()))
        .order_by(run.c.stream)
    )


async def prune(connection: AsyncConnection) -> int:
    """Drop old rows of runs and return how many: neither a stream's newest one nor its newest ok one is ever dropped."""
    newest = select(func.max(sync_run.c.id)).group_by(sync_run.c.stream)
    statement = delete(sync_run).where(
        sync_run.c.started_at < func.clock_timestamp() - KEEP,
        sync_run.c.id.not_in(newest),
        sync_run.c.id.not_in(newest.where(sync_run.c.outcome == "ok")),
        sync_run.c.id.not_in(newest.where(sync_run.c.watermark.is_not(None))),
    )
    return (await connection.execute(statement)).rowcount


def _newest(column: str, stream: Any, *, where: Callable[[Any], ColumnElement[bool]] | None = None) -> Any:
    """Return a column of the stream's newest run, or of the newest that meets a condition."""
    run = sync_run.alias()
    statement = select(run.c[column]).where(run.c.stream == stream).order_by(run.c.id.desc()).limit(1)
    return (statement if where is None else statement.where(where(run.c))).scalar_subquery()


def _was_ok(run: Any) -> ColumnElement[bool]:
    return run.outcome == "ok"


_known = select(func.min(sync_run.c.stream).label("stream")).cte("known", recursive=True)
_next = select(func.min(sync_run.c.stream)).where(sync_run.c.stream > _known.c.stream).scalar_subquery()
# From one stream to the next through the index: a month of runs is 100,000 rows.
_walked = _known.union_all(select(_next).where(_known.c.stream.is_not(None)))
_streams = select(_walked.c.stream).where(_walked.c.stream.is_not(None)).subquery("streams")
_first_ok = sync_run.alias()
_STATES = select(
    _streams.c.stream,
    _newest("watermark", _streams.c.stream, where=lambda run: run.watermark.is_not(None)),
    _newest("cursor", _streams.c.stream),
    _newest("started_at", _streams.c.stream, where=_was_ok),
    _newest("started_at", _streams.c.stream),
    select(_first_ok.c.started_at)
    .where(_first_ok.c.stream == _streams.c.stream, _first_ok.c.outcome == "ok")
    .order_by(_first_ok.c.finished_at)
    .limit(1)
    .scalar_subquery(),
)
