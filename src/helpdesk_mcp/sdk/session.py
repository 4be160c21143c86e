"""How a tool reads the database: one connection per call, opened on first use, unable to write."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import Executable, Row
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from helpdesk_mcp.store.engines import StoreUnavailable, reachable

from .errors import Unavailable


class ReadSession:
    """Statements in, rows out. The role behind it may only SELECT, its transactions are read-only and its statements end.

    Opened by the core for one call, closed by it. Raises `Unavailable` with a sentence when the database cannot be reached.
    """

    def __init__(
        self,
        engine: Callable[[], Awaitable[AsyncEngine]],
        setting: str = "HELPDESK_DATABASE_URL",
        turns: asyncio.Semaphore | None = None,
    ) -> None:
        """Read from `engine`, whose address is in `setting`, for those who wait while it is away.

        With `turns`, sessions get their connections in the order in which they ask; a pool lets newcomers in first.
        """
        self._engine = engine
        self._setting = setting
        self._turns = turns
        self._connection: AsyncConnection | None = None

    async def rows(
        self, statement: Executable, values: Mapping[str, Any] | None = None
    ) -> Sequence[Row[Any]]:
        """Return all rows of `statement`, its bind parameters taken from `values`."""
        async with _told_apart(self._setting):
            connection = await self._connected()
            return (await connection.execute(statement, values)).all()

    async def first(self, statement: Executable, values: Mapping[str, Any] | None = None) -> Row[Any] | None:
        """Return the first row, or None."""
        found = await self.rows(statement, values)
        return found[0] if found else None

    async def scalar(self, statement: Executable, values: Mapping[str, Any] | None = None) -> Any:
        """Return the first column of the first row, or None."""
        row = await self.first(statement, values)
        return None if row is None else row[0]

    async def engine(self) -> AsyncEngine:
        """Return where the connection comes from: the same for all calls of one server."""
        async with _told_apart(self._setting):
            return await self._engine()

    async def close(self) -> None:
        """Give the connection back."""
        if self._connection is not None:
            connection, self._connection = self._connection, None
            try:
                await connection.close()
            finally:
                self._leave()

    async def _connected(self) -> AsyncConnection:
        if self._connection is None:
            engine = await self._engine()
            if self._turns is not None:
                await self._turns.acquire()
            try:
                self._connection = await engine.connect()
            except BaseException:
                self._leave()
                raise
        return self._connection

    def _leave(self) -> None:
        if self._turns is not None:
            self._turns.release()


@asynccontextmanager
async def _told_apart(setting: str) -> AsyncGenerator[None]:
    try:
        async with reachable(setting):
            yield
    except StoreUnavailable as error:
        raise Unavailable(str(error)) from error
