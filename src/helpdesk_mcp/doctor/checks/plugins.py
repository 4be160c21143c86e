"""Plugins: which are served, which are left out and why, and what they say of themselves."""

import asyncio
from collections.abc import Iterator

from helpdesk_mcp.app.database import Database, is_there
from helpdesk_mcp.discovery import Discovered, discover
from helpdesk_mcp.doctor.finding import Finding, ok, problem, warning
from helpdesk_mcp.settings import Settings
from helpdesk_mcp.store.engines import StoreUnavailable

NAME = "plugins"


def check(settings: Settings) -> Iterator[Finding]:
    """Yield a problem for each broken plugin, the names of the others, and what each of their own checks found."""
    found = discover(settings.plugins)
    for broken in found.broken:
        yield problem(NAME, f"{broken.name} is left out: {broken.reason}", "The others are served.")
    if found.loaded:
        tools = sum(len(loaded.plugin.tools) for loaded in found.loaded)
        names = ", ".join(loaded.plugin.name for loaded in found.loaded)
        yield ok(NAME, f"{names}, with {tools} tool{'s'[: tools != 1]}.")
    elif not found.broken and not settings.bridge_url:
        yield warning(NAME, "None is installed: the server would offer no tools.", "Install a plugin.")
    # They look into the database.
    if any(loaded.plugin.checks for loaded in found.loaded) and is_there(settings):
        yield from asyncio.run(_their_own(settings, found))


async def _their_own(settings: Settings, plugins: Discovered) -> list[Finding]:
    # These load the server's libraries, which no other check needs.
    from helpdesk_mcp.app.atera import Atera  # noqa: PLC0415
    from helpdesk_mcp.app.serving import make_desk  # noqa: PLC0415
    from helpdesk_mcp.server.checks import run_checks  # noqa: PLC0415

    database = Database(settings)
    try:
        if not await _can_be_asked(database):
            return []  # the check of the database tells
        findings = await run_checks(make_desk(settings, database, Atera(settings), plugins))
    finally:
        await database.close()
    return [(ok if one.ok else problem)(f"{one.plugin}.{one.check}", one.text) for one in findings]


async def _can_be_asked(database: Database) -> bool:
    """Return whether the addresses can be read and the private Postgres runs, which is not for the time of a check."""
    try:
        await database.reader()
        await database.replica()
    except (StoreUnavailable, ValueError):
        return False
    return True
