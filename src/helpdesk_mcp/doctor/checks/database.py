"""The database and its read-only copy: reachable, new enough, up to date."""

import asyncio
from collections.abc import Iterator

from sqlalchemy import func, select

from helpdesk_mcp.app.database import Database, is_there, private_home
from helpdesk_mcp.doctor.checks import read_copy, sync
from helpdesk_mcp.doctor.connecting import connected
from helpdesk_mcp.doctor.finding import Finding, ok, problem, warning
from helpdesk_mcp.embedded import EmbeddedError
from helpdesk_mcp.settings import Settings
from helpdesk_mcp.store import migrate
from helpdesk_mcp.store.engines import StoreUnavailable

NAME = "database"
OLDEST = 15
"""Major version of PostgreSQL that is tested."""


def check(settings: Settings) -> Iterator[Finding]:
    """Yield on the database, then on the sync that fills it."""
    if is_there(settings):
        yield from asyncio.run(_findings(settings))
    else:
        yield _none_yet(settings)


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
        async with connected(url) as connection:
            version = int((await connection.execute(_VERSION)).scalar_one())
            pending = await asyncio.to_thread(migrate.pending, url)
            found = [_version(version // 10_000, private=database.is_private), _tables(pending)]
            if pending:
                return found
            found += await read_copy.findings(connection, settings)
            return [*found, *await sync.findings(connection, settings)]
    except (StoreUnavailable, EmbeddedError, ValueError) as away:
        return [problem(NAME, str(away))]
    finally:
        await database.close()


_VERSION = select(func.current_setting("server_version_num"))


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
