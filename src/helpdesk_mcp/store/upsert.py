"""Writes mirrored records: only those that differ, never over a newer version, and with what must happen beside a change.

Three ways, by what a row meets. An equal one is never sent: Postgres compares hashes, and names the rows that differ; any
ON CONFLICT would lock, and thereby write, each row it meets. Many new ones are copied. All others are merged.
docs/benchmarks.md has the rates.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from sqlalchemy import Table
from sqlalchemy.ext.asyncio import AsyncConnection

from helpdesk_mcp.store.copying import copied
from helpdesk_mcp.store.history import FIRST_SEEN, follow_tickets
from helpdesk_mcp.store.payloads import Row, array, arrays, key_names, key_of, payload, recordset
from helpdesk_mcp.store.tables import ticket

Key = tuple[Any, ...]
BeforeChange = Callable[[AsyncConnection, list[Row]], Awaitable[list[Row]]]
"""Called with the rows about to be written, in the same transaction; returns them with columns of its own added."""

BEFORE_CHANGE: Mapping[Table, BeforeChange] = MappingProxyType({ticket: follow_tickets})
FROM_THE_START: Mapping[Table, Mapping[str, Any]] = MappingProxyType({ticket: FIRST_SEEN})
"""What `BEFORE_CHANGE` gives to rows that replace nothing."""

WORTH_COPYING = 10
"""New rows in a call from which on COPY, which takes one question more, is quicker."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the rows of one call, each key counted once."""

    inserted: int = 0
    changed: int = 0
    unchanged: int = 0
    stale: int = 0
    """Older than what is stored: not written."""
    written: frozenset[Key] = frozenset()
    """Keys of inserted and changed rows."""


@dataclass(frozen=True, slots=True)
class _Stored:
    """What a given row meets."""

    fetched_at: Any
    """None: there is no such row yet."""
    differs: bool

    @property
    def is_new(self) -> bool:
        return self.fetched_at is None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Rows to be stored, the last of each key, and what those meet that are not equal to what is stored."""

    given: Mapping[Key, Row]
    met: Mapping[Key, _Stored]


async def upsert(
    connection: AsyncConnection, table: Table, rows: Iterable[Row], *, renew: bool = False
) -> Outcome:
    """Store rows that all have the same columns, among them raw_hash and fetched_at; of two with one key the last counts.

    A row marked deleted that comes back is alive again. `renew` also stamps equal rows with their new fetched_at, so that
    an answer Atera gave earlier cannot replace them. Columns the rows do not have keep their values.
    """
    return await write(connection, table, await compare(connection, table, rows, renew=renew))


async def compare(
    connection: AsyncConnection, table: Table, rows: Iterable[Row], *, renew: bool = False
) -> Comparison:
    """Do the first half of `upsert`: find out what there is to write. It may have an end before `write` begins."""
    given = {key_of(table, row): row for row in rows}
    if not given:
        return Comparison({}, {})
    names = key_names(table)
    columns = [*zip(*given, strict=True), [row["raw_hash"] for row in given.values()]]
    statement = _compare(table, only_differing=not renew)
    found = await connection.exec_driver_sql(statement, tuple(map(array, columns)))
    size = len(names)
    return Comparison(given, {row[:size]: _Stored(*row[size:]) for row in map(tuple, found.all())})


async def write(connection: AsyncConnection, table: Table, comparison: Comparison) -> Outcome:
    """Do the second half of `upsert`. What others have stored since the comparison is not undone."""
    given, met = comparison.given, comparison.met
    new: dict[Key, Row] = {}
    other: dict[Key, Row] = {}
    stale = 0
    for key in sorted(met):  # one order for all writers, or they wait for each other in a circle
        row, old = given[key], met[key]
        if old.is_new:
            new[key] = row
        elif old.fetched_at < row["fetched_at"]:
            other[key] = row
        elif old.differs:
            stale += 1
    done = await _write_new(connection, table, new) | await _merge(connection, table, list(other.values()))
    equal = {key for key in done if not met[key].differs}
    written = frozenset(done.keys() - equal)
    inserted = sum(done[key] for key in written)
    writing = len(new) + len(other)
    return Outcome(
        inserted=inserted,
        changed=len(written) - inserted,
        unchanged=len(given) - writing - stale + len(equal),
        stale=stale + writing - len(done),
        written=written,
    )


async def _write_new(connection: AsyncConnection, table: Table, rows: Mapping[Key, Row]) -> dict[Key, bool]:
    """As `_merge`, for rows that were not there a moment ago."""
    new, begun = list(rows.values()), FROM_THE_START.get(table, {})
    if len(new) >= WORTH_COPYING and await copied(connection, table, new, begun):
        return dict.fromkeys(rows, True)
    return await _merge(connection, table, new)


async def _merge(connection: AsyncConnection, table: Table, rows: list[Row]) -> dict[Key, bool]:
    """Return the keys that were written, and whether each was new."""
    if not rows:
        return {}
    if (before_change := BEFORE_CHANGE.get(table)) is not None:
        rows = await before_change(connection, rows)
    statement = _insert(table, tuple(rows[0]))
    result = await connection.exec_driver_sql(statement, (payload(rows),))
    return {tuple(row[:-1]): row[-1] for row in result.all()}


@cache
def _compare(table: Table, *, only_differing: bool) -> str:
    names = key_names(table)
    keys = ", ".join(names)
    differs = "(stored.raw_hash IS DISTINCT FROM given.raw_hash OR stored.deleted_at IS NOT NULL)"
    return (
        f"SELECT {keys}, stored.fetched_at, {differs}"  # noqa: S608 - names of our own tables
        f" FROM {arrays(table, (*names, 'raw_hash'))} LEFT JOIN {table.fullname} AS stored USING ({keys})"
        + (f" WHERE {differs}" if only_differing else "")
    )


@cache
def _insert(table: Table, columns: tuple[str, ...]) -> str:
    keys = ", ".join(key_names(table))
    names = ", ".join(columns)
    updates = ", ".join(f"{name} = excluded.{name}" for name in columns if name not in key_names(table))
    # A row of (xmax = 0) was inserted just now; an updated one carries our transaction there.
    return (
        f"INSERT INTO {table.fullname} AS stored ({names}) SELECT {names} FROM {recordset(table, columns)}"  # noqa: S608 - names of our own tables
        f" ON CONFLICT ({keys}) DO UPDATE SET {updates}, deleted_at = NULL"
        f" WHERE stored.fetched_at < excluded.fetched_at RETURNING {keys}, xmax = 0"
    )
