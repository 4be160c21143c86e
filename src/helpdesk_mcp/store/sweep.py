"""Marks what a complete pass did not find any more; nothing is ever removed.

Unchanged rows are not stamped when they are seen, so the sweep compares with the keys that the pass has seen.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Table, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from helpdesk_mcp.store.payloads import key_names, payload, recordset

Key = tuple[Any, ...]


async def missing(
    connection: AsyncConnection,
    table: Table,
    seen: Iterable[Key],
    *,
    before: datetime,
    among: ColumnElement[bool] | None = None,
) -> list[Key]:
    """Return the keys of live rows, read before a moment, that are not among the seen; `among` narrows the rows asked."""
    keys = [table.c[name] for name in key_names(table)]
    candidates = select(*keys).where(
        table.c.deleted_at.is_(None), table.c.fetched_at < before, true() if among is None else among
    )
    seen = set(seen)
    return [tuple(row) for row in await connection.execute(candidates) if tuple(row) not in seen]


async def mark_deleted(
    connection: AsyncConnection, table: Table, keys: Collection[Key], *, at: datetime
) -> int:
    """Mark rows as deleted, unless Atera has shown them after `at`; return how many.

    What it has shown before `at`, and what arrives only now, does not take the mark away.
    """
    if not keys:
        return 0
    names = key_names(table)
    given = payload(dict(zip(names, key, strict=True)) for key in sorted(keys))
    result = await connection.exec_driver_sql(_mark(table), (given, at))
    return result.rowcount


@cache
def _mark(table: Table) -> str:
    names = key_names(table)
    same = " AND ".join(f"stored.{name} = given.{name}" for name in names)
    return (
        f"UPDATE {table.fullname} AS stored SET deleted_at = $2, fetched_at = $2 FROM {recordset(table, names)}"  # noqa: S608 - names of our own tables
        f" WHERE {same} AND stored.deleted_at IS NULL AND stored.fetched_at < $2"
    )
