"""When the database refuses a page because of one bad row: the others are stored, and the bad one is named."""

from collections.abc import Iterable

from sqlalchemy import Table
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from helpdesk_mcp.store.engines import sqlstate
from helpdesk_mcp.store.payloads import Row
from helpdesk_mcp.store.upsert import Key, Outcome, upsert

_REASONS = {"22": "has a value that its column cannot hold", "23": "lacks a value", "54": "is too large"}
"""By class of SQLSTATE."""


def is_bad_data(error: DBAPIError) -> bool:
    """Return whether the rows are to blame rather than the statement or the connection."""
    return sqlstate(error)[:2] in _REASONS


async def upsert_singly(
    connection: AsyncConnection, table: Table, rows: Iterable[Row]
) -> tuple[Outcome, list[tuple[Row, str]]]:
    """Store rows one by one; return what became of them, and those that cannot be stored, each with the reason."""
    outcomes: list[Outcome] = []
    refused: list[tuple[Row, str]] = []
    for row in rows:
        try:
            async with connection.begin_nested():
                outcomes.append(await upsert(connection, table, [row]))
        except DBAPIError as error:
            if not is_bad_data(error):
                raise
            refused.append((row, f"the record {_REASONS[sqlstate(error)[:2]]} ({sqlstate(error)})"))
    return _sum(outcomes), refused


def _sum(outcomes: list[Outcome]) -> Outcome:
    written = frozenset[Key]().union(*(one.written for one in outcomes))
    return Outcome(
        *(
            sum(getattr(one, name) for one in outcomes)
            for name in ("inserted", "changed", "unchanged", "stale")
        ),
        written=written,
    )
