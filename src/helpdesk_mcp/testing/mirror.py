"""Rows of the local copy, made by hand."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import Table
from sqlalchemy.ext.asyncio import AsyncEngine

from helpdesk_mcp.sdk import tables

from .spares import empty

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
"""When the tests happen: a Tuesday, 10:00 in Copenhagen."""


def ago(**span: float) -> datetime:
    """Return a moment before `NOW`: `ago(days=3)`."""
    return NOW - timedelta(**span)


class Mirror:
    """A database to write rows into. Columns that the sync keeps for itself have harmless values."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine

    async def add(self, table: Table, *rows: Mapping[str, Any], **values: Any) -> None:
        """Add rows, or the one that the named values make."""
        await self.add_all(table, rows or [values])

    async def add_all(self, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
        """Add rows, each with columns of its own."""
        base: dict[str, Any] = {"raw": {}, "raw_hash": 0, "fetched_at": NOW}
        base = {name: value for name, value in base.items() if name in table.c}
        async with self.engine.begin() as connection:
            for _, alike in groupby(rows, key=tuple):
                await connection.execute(table.insert(), [{**base, **row} for row in alike])

    async def customer(self, id_: int, name: str, **values: Any) -> None:
        """Add a customer."""
        await self.add(tables.customer, id=id_, name=name, **values)

    async def synced(self, *streams: str, at: datetime | None = None) -> None:
        """Record that streams or jobs were read completely, three minutes ago if nothing else is said."""
        at = at or ago(minutes=3)
        run = {"started_at": at, "finished_at": at, "data_as_of": at, "outcome": "ok"}
        await self.add_all(tables.sync_run, [{**run, "stream": stream} for stream in streams])

    async def empty(self) -> None:
        """Remove all rows, also those of plugins' tables."""
        async with self.engine.begin() as connection:
            await empty(connection)
