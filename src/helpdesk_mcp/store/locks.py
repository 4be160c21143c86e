"""One run of a stream at a time, however many workers there are."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

_TAKE = text("SELECT pg_try_advisory_lock(hashtextextended('helpdesk.sync.' || :stream, 0))")
_GIVE_BACK = text("SELECT pg_advisory_unlock(hashtextextended('helpdesk.sync.' || :stream, 0))")


@asynccontextmanager
async def stream_lock(engine: AsyncEngine, stream: str) -> AsyncGenerator[bool]:
    """Yield whether the stream is ours now; False: another process runs it.

    The lock holds on a connection of its own, so it ends with this process however that ends.
    """
    async with engine.connect() as connection:
        # No transaction: one that idles for minutes would keep vacuum from cleaning.
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        ours = bool((await connection.execute(_TAKE, {"stream": stream})).scalar())
        try:
            yield ours
        finally:
            if ours:
                await connection.execute(_GIVE_BACK, {"stream": stream})
