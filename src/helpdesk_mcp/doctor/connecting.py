"""A look into a database: one connection that cannot write, and waits for nothing for long."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection

from helpdesk_mcp.store.engines import reachable, read_engine

STATEMENT_TIMEOUT_S = 5.0


@asynccontextmanager
async def connected(url: str, setting: str = "HELPDESK_DATABASE_URL") -> AsyncGenerator[AsyncConnection]:
    """Yield a connection; StoreUnavailable with a sentence about `setting`, ValueError for another address than Postgres'."""
    engine = read_engine(
        url,
        statement_timeout_s=STATEMENT_TIMEOUT_S,
        pool_size=1,
        application_name="helpdesk-mcp doctor",
    )
    try:
        async with reachable(setting), engine.connect() as connection:
            yield connection
    finally:
        await engine.dispose()
