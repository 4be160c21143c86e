"""What the sync has done, by stream: its runs, the rows that are here, what is still to come, what could not be stored."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import Executable, Table, column, func, literal, select, table, true, union_all

from helpdesk_mcp.sdk import ReadSession, tables

_run, _ticket = tables.sync_run.c, tables.ticket.c

TABLES: dict[str, Table] = {
    "tickets": tables.ticket,
    "conversations": tables.ticket_comment,
    "time_entries": tables.time_entry,
    "customers": tables.customer,
    "contacts": tables.contact,
    "contracts": tables.contract,
    "alerts": tables.alert,
    "machines": tables.machine,
    "articles": tables.article,
    "custom_fields": tables.custom_field,
}
"""The table of each stream."""


MOST_COUNTED = 100_000
"""Bigger tables are not counted row by row."""

_catalog = table(
    "pg_class", column("relname"), column("reltuples"), column("relnamespace"), schema="pg_catalog"
)
_spaces = table("pg_namespace", column("oid"), column("nspname"), schema="pg_catalog")
_class, _space = _catalog.c, _spaces.c


@dataclass(frozen=True, slots=True)
class Rows:
    """How many rows there are."""

    count: int
    is_estimate: bool = False


@dataclass(frozen=True, slots=True)
class Success:
    """The last complete run of a stream."""

    finished_at: datetime
    data_as_of: datetime | None


@dataclass(frozen=True, slots=True)
class Run:
    """The newest run of a stream, finished or not."""

    started_at: datetime
    outcome: str | None
    error: str | None
    requests: int
    """Calls to Atera."""
    read: int
    """Records."""
    written: int
    """Records that were new, changed or gone."""
    every_s: int | None
    """Least seconds between two complete runs; 0: in each cycle of the worker; None: not recorded."""


@dataclass(frozen=True, slots=True)
class Threads:
    """How far the conversations are read."""

    never_read: int
    changed: int


_THREADS = select(
    func.count().filter(_ticket.thread_read_at.is_(None)).label("never"),
    func.count().filter(_ticket.thread_read_at.is_not(None)).label("again"),
).where(_ticket.thread_due)


_step = select(func.min(_run.stream).label("stream")).cte("known", recursive=True)
_next = select(func.min(_run.stream)).where(_run.stream > _step.c.stream).scalar_subquery()
# From one stream to the next through the index, then to its newest run: a month of them is 100,000 rows.
_streams = _step.union_all(select(_next).where(_step.c.stream.is_not(None)))
_ok = (
    select(_run.finished_at, _run.data_as_of)
    .where(_run.stream == _streams.c.stream, _run.outcome == "ok")
    .order_by(_run.finished_at.desc())
    .limit(1)
    .lateral()
)
_SUCCESSES = select(_streams.c.stream, _ok).select_from(_streams.join(_ok, true()))
_newest = (
    select(
        *(_run.started_at, _run.outcome, _run.error, _run.requests, _run.rows_read),
        (_run.inserted + _run.changed + _run.deleted).label("written"),
        _run.every_s,
    )
    .where(_run.stream == _streams.c.stream)
    .order_by(_run.id.desc())
    .limit(1)
    .lateral()
)
_NEWEST_RUNS = select(_streams.c.stream, _newest).select_from(_streams.join(_newest, true()))

_BIG = (
    select(func.concat(_space.nspname, ".", _class.relname).label("table"), _class.reltuples.label("rows"))
    .select_from(_catalog.join(_spaces, _space.oid == _class.relnamespace))
    .where(_class.reltuples >= MOST_COUNTED, _space.nspname == tables.ticket.schema)
)
_held, _drift = tables.quarantine.c, tables.field_drift.c
_QUARANTINED = select(
    _held.stream, func.count().label("records"), func.min(_held.reason).label("reason")
).group_by(_held.stream)
_DRIFTED = select(_drift.stream, _drift.field, _drift.kind).order_by(_drift.stream, _drift.field)


async def successes(db: ReadSession) -> dict[str, Success]:
    """Return the last complete run of each stream that ever had one."""
    return {row.stream: Success(row.finished_at, row.data_as_of) for row in await db.rows(_SUCCESSES)}


async def newest_runs(db: ReadSession) -> dict[str, Run]:
    """Return the newest run of each stream."""
    return {stream: Run(*run) for stream, *run in await db.rows(_NEWEST_RUNS)}


async def rows(db: ReadSession) -> dict[str, Rows]:
    """Return the rows of each stream's table that Atera still has; those of big tables as Postgres last estimated them."""
    named = {mirrored.fullname: stream for stream, mirrored in TABLES.items()}
    big = {
        named[row.table]: Rows(int(row.rows), is_estimate=True)
        for row in await db.rows(_BIG)
        if row.table in named
    }
    small = tuple(stream for stream in TABLES if stream not in big)
    counted = {row.stream: Rows(row.rows) for row in await db.rows(_counts(small))} if small else {}
    return {**big, **counted}


# Kept for the same small tables, which seldom change: to write it takes longer than to count some of them.
@lru_cache(4)
def _counts(streams: tuple[str, ...]) -> Executable:
    counts = (
        select(literal(stream).label("stream"), func.count().label("rows"))
        .select_from(TABLES[stream])
        .where(TABLES[stream].c.deleted_at.is_(None))
        for stream in streams
    )
    return union_all(*counts)


async def threads(db: ReadSession) -> Threads:
    """Return how many conversations were never read, and how many changed since."""
    row = await db.first(_THREADS)
    return Threads(row.never, row.again) if row else Threads(0, 0)


async def quarantined(db: ReadSession) -> dict[str, tuple[int, str]]:
    """Return by stream how many records could not be stored, and one of the reasons."""
    return {row.stream: (row.records, row.reason) for row in await db.rows(_QUARANTINED)}


async def drifted(db: ReadSession) -> list[str]:
    """Return the fields that Atera sends and we do not know, or the other way round: `tickets.NewField (unknown)`."""
    return [f"{row.stream}.{row.field} ({row.kind})" for row in await db.rows(_DRIFTED)]
