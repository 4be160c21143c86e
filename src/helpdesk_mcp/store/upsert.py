"""Writes mirrored records: only those that differ, never over a newer version, and with what must happen beside a change.

Measured on 100,000 tickets of 30 columns: asking for the stored hashes first makes an unchanged page 10 to 20 times cheaper
than any ON CONFLICT, which locks, and thereby writes, every row it meets.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from sqlalchemy import Table
from sqlalchemy.ext.asyncio import AsyncConnection

from helpdesk_mcp.store.history import follow_tickets
from helpdesk_mcp.store.payloads import Row, key_names, key_of, payload, recordset
from helpdesk_mcp.store.tables import ticket

Key = tuple[Any, ...]
BeforeChange = Callable[[AsyncConnection, list[Row]], Awaitable[list[Row]]]
"""Called with the rows about to be written, in the same transaction; returns them with columns of its own added."""

BEFORE_CHANGE: Mapping[Table, BeforeChange] = MappingProxyType({ticket: follow_tickets})


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
    raw_hash: int
    fetched_at: Any
    deleted: bool

    def differs(self, row: Row) -> bool:
        return self.deleted or self.raw_hash != row["raw_hash"]


async def upsert(
    connection: AsyncConnection, table: Table, rows: Iterable[Row], *, renew: bool = False
) -> Outcome:
    """Store rows that all have the same columns, among them raw_hash and fetched_at; of two with one key the last counts.

    A row marked deleted that comes back is alive again. `renew` also stamps equal rows with their new fetched_at, so that
    an answer Atera gave earlier cannot replace them. Columns the rows do not have keep their values.
    """
    given = {key_of(table, row): row for row in rows}
    if not given:
        return Outcome()
    stored = await _stored(connection, table, given)
    writing: dict[Key, Row] = {}
    stale = 0
    for key in sorted(given):  # one order for all writers, or they wait for each other in a circle
        row, old = given[key], stored.get(key)
        if old is None or ((renew or old.differs(row)) and old.fetched_at < row["fetched_at"]):
            writing[key] = row
        elif old.differs(row):
            stale += 1
    done = await _write(connection, table, list(writing.values())) if writing else {}
    equal = {key for key in done if key in stored and not stored[key].differs(given[key])}
    written = frozenset(done.keys() - equal)
    inserted = sum(done[key] for key in written)
    return Outcome(
        inserted=inserted,
        changed=len(written) - inserted,
        unchanged=len(given) - len(writing) - stale + len(equal),
        stale=stale + len(writing) - len(done),
        written=written,
    )


async def _stored(connection: AsyncConnection, table: Table, given: Mapping[Key, Row]) -> dict[Key, _Stored]:
    names = key_names(table)
    keys = payload(dict(zip(names, key, strict=True)) for key in given)
    found = await connection.exec_driver_sql(_select_versions(table), (keys,))
    size = len(names)
    return {row[:size]: _Stored(*row[size:]) for row in map(tuple, found.all())}


async def _write(connection: AsyncConnection, table: Table, rows: list[Row]) -> dict[Key, bool]:
    """Return the keys that were written, and whether each was new."""
    if (before_change := BEFORE_CHANGE.get(table)) is not None:
        rows = await before_change(connection, rows)
    statement = _insert(table, tuple(rows[0]))
    result = await connection.exec_driver_sql(statement, (payload(rows),))
    return {tuple(row[:-1]): row[-1] for row in result.all()}


@cache
def _select_versions(table: Table) -> str:
    names = key_names(table)
    keys = ", ".join(names)
    return (
        f"SELECT {keys}, stored.raw_hash, stored.fetched_at, stored.deleted_at IS NOT NULL"  # noqa: S608 - names of our own tables
        f" FROM {table.fullname} AS stored JOIN {recordset(table, names)} USING ({keys})"
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
