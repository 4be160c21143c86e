"""The database: reachable, new enough, up to date."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from helpdesk_mcp.app.database import Database, private_home
from helpdesk_mcp.doctor.checks import sync
from helpdesk_mcp.doctor.finding import Finding, ok, problem, warning
from helpdesk_mcp.embedded import EmbeddedError
from helpdesk_mcp.settings import Settings
from helpdesk_mcp.store import migrate
from helpdesk_mcp.store.engines import StoreUnavailable, reachable, read_engine

NAME = "database"
OLDEST = 15
"""Major version of PostgreSQL that is tested."""
STATEMENT_TIMEOUT_S = 5.0


def check(settings: Settings) -> Iterator[Finding]:
    """Yield on the database, then on the sync that fills it."""
    if settings.database_url is None and not private_home(settings).exists():
        yield _none_yet(settings)
    else:
        yield from asyncio.run(_findings(settings))


def _none_yet(settings: Settings) -> Finding:
    if settings.bridge_url:
        return ok(NAME, "None, and not needed: this computer asks the helpdesk server.")
    return warning(
        NAME,
        "There is none yet.",
        f"Start `helpdesk-mcp worker`, which makes a private one in {private_home(settings)}, or set HELPDESK_DATABASE_URL.",
    )


async def _findings(settings: Settings) -> list[Finding]:
    database = Database(settings)
    try:
        url = await database.url()
        async with _connected(url) as connection:
            version = int((await connection.execute(_VERSION)).scalar_one())
            pending = await asyncio.to_thread(migrate.pending, url)
            found = [_version(version // 10_000, private=database.is_private), _tables(pending)]
            return found if pending else [*found, *await sync.findings(connection, settings)]
    except (StoreUnavailable, EmbeddedError, ValueError) as away:
        return [problem(NAME, str(away))]
    finally:
        await database.close()


_VERSION = select(func.current_setting("server_version_num"))


@asynccontextmanager
async def _connected(url: str) -> AsyncGenerator[AsyncConnection]:
    engine = read_engine(
        url,
        statement_timeout_s=STATEMENT_TIMEOUT_S,
        pool_size=1,
        application_name="helpdesk-mcp doctor",
    )
    try:
        async with reachable(), engine.connect() as connection:
            yield connection
    finally:
        await engine.dispose()


def _version(major: int, *, private: bool) -> Finding:
    kind = "The private PostgreSQL" if private else "PostgreSQL"
    if major < OLDEST:
        return problem(NAME, f"{kind} is version {major}.", f"Use {OLDEST} or newer.")
    return ok(NAME, f"{kind} answers, version {major}.")


def _tables(pending: list[str]) -> Finding:
    if not pending:
        return ok(NAME, "Its tables are those of this version.")
    lacks = f"It lacks {len(pending)} migration{'s'[: len(pending) != 1]}, from “{pending[0]}” on."
    return problem(NAME, lacks, "Start the worker, or run `helpdesk-mcp migrate`.")
