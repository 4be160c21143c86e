"""A process that serves MCP, over stdio or HTTP."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from zoneinfo import ZoneInfo

import tzlocal
from mcp.server import Server

from helpdesk_mcp.discovery import Discovered, discover
from helpdesk_mcp.server import http, stdio
from helpdesk_mcp.server.build import build_server
from helpdesk_mcp.server.desk import Desk
from helpdesk_mcp.settings import Settings

from .database import Database

_log = logging.getLogger(__name__)


def make_desk(settings: Settings, database: Database, plugins: Discovered | None = None) -> Desk:
    """Return what this process serves, its plugins loaded; the database stays untouched."""
    return Desk(
        engine=database.reader,
        plugins=discover(settings.plugins) if plugins is None else plugins,
        zone=display_zone(settings),
        engineer=settings.engineer,
        small=settings.profile == "small",
        call_timeout_s=settings.call_timeout_s,
    )


def display_zone(settings: Settings) -> ZoneInfo:
    """Return the zone in which times are shown: the configured one, else the machine's."""
    return ZoneInfo(settings.time_zone) if settings.time_zone else tzlocal.get_localzone()


async def over_stdio(settings: Settings) -> None:
    """Serve the one client behind stdin and stdout."""
    await _serve(settings, stdio.serve)


async def over_http(settings: Settings, host: str, port: int) -> None:
    """Serve many clients at `http://host:port/mcp`."""
    await _serve(settings, lambda server: http.serve(server, host, port))


async def _serve(settings: Settings, transport: Callable[[Server[Any]], Awaitable[None]]) -> None:
    database = Database(settings)

    @asynccontextmanager
    async def lifespan() -> AsyncGenerator[None]:
        # The handshake does not wait for the database; the first question finds it warm or says that it is down.
        warm_up = asyncio.create_task(_warm_up(database))
        try:
            yield
        finally:
            warm_up.cancel()
            await asyncio.gather(warm_up, return_exceptions=True)
            await database.close()

    await transport(build_server(make_desk(settings, database), lifespan))


async def _warm_up(database: Database) -> None:
    try:
        engine = await database.reader()
        async with engine.connect():
            pass
    except Exception as error:  # noqa: BLE001 - only a head start: each call meets the same trouble and tells it in full
        _log.warning("database_not_ready reason=%s", type(error).__name__)
