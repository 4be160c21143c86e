"""How Postgres means to answer a statement: which tables it would read from end to end."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

import asyncpg  # pyright: ignore[reportMissingTypeStubs] - it ships none

from .capture import Statement


async def fill(connection: asyncpg.Connection, *scripts: str) -> None:
    """Run the scripts, then tell the planner all that it can know about the rows."""
    # A vacuum cannot mark rows as visible to all while their commit, or one of the 31 numbered near it, is still on its way
    # to the disk. The planner would then take an index that holds all it needs for one that does not, and now and then
    # prefer to read the table.
    await connection.execute("SET synchronous_commit = on")
    for script in (*scripts, "VACUUM ANALYZE"):
        await connection.execute(script)


async def read_whole(connection: asyncpg.Connection, statements: Iterable[Statement]) -> set[str]:
    """Return the tables that the statements would read from end to end."""
    plans = [
        await connection.fetchval(f"EXPLAIN (FORMAT JSON) {statement}", *values)
        for statement, values in statements
    ]
    return {table for plan in plans for table in _scanned(json.loads(plan)[0]["Plan"])}


def _scanned(node: dict[str, Any]) -> Iterator[str]:
    if node["Node Type"] == "Seq Scan":
        yield node["Relation Name"]
    for child in node.get("Plans", ()):
        yield from _scanned(child)
