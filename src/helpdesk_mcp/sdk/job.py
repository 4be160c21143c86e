"""What a job is given: the mirror to read, its plugin's own tables to write, and a record of what it did."""

import logging
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Executable, Row
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from helpdesk_mcp.store.engines import reachable
from helpdesk_mcp.store.plugins import act_as_plugin
from helpdesk_mcp.store.runs import Counts

from .plugin import PluginSettings


class JobSession:
    """Transactions of one job. Postgres lets them read the mirror, write the plugin's own schema, and do nothing else.

    Where this database's user may not make roles, the plugin writes with the rights of the sync worker instead.
    """

    def __init__(self, engine: AsyncEngine, plugin: str) -> None:
        self._engine = engine
        self._plugin = plugin

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[AsyncConnection]:
        """Open a transaction: all of it is kept, or after an error none of it. Keep it short: no network inside."""
        async with reachable(), self._engine.begin() as connection:
            await act_as_plugin(connection, self._plugin)
            yield connection

    async def rows(
        self, statement: Executable, values: Mapping[str, Any] | None = None
    ) -> Sequence[Row[Any]]:
        """Return all rows of `statement`, its bind parameters taken from `values`."""
        async with self.transaction() as connection:
            return (await connection.execute(statement, values)).all()


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRun:
    """One run of one job. Made by the core, which holds the job's lock, ends it in time and records how it went."""

    db: JobSession
    settings: PluginSettings
    now: datetime
    """UTC, by the database's clock; what the job finds is at least this fresh."""
    counts: Counts = field(default_factory=Counts)
    """To be filled in by the job: records read, rows inserted, changed, unchanged, deleted. Shown by `helpdesk-mcp status`."""
    log: logging.Logger
