"""A process that serves MCP, over stdio or HTTP."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from zoneinfo import ZoneInfo

import tzlocal

from helpdesk_mcp.discovery import Discovered, discover
from helpdesk_mcp.sdk.caller import Caller
from helpdesk_mcp.sdk.live import LiveReads, NoLiveReads, Patches
from helpdesk_mcp.server import http, stdio
from helpdesk_mcp.server.build import McpServer, build_server
from helpdesk_mcp.server.desk import Desk
from helpdesk_mcp.settings import Settings

from .database import Database

_log = logging.getLogger(__name__)


def make_desk(
    settings: Settings, database: Database, live: LiveReads, plugins: Discovered | None = None
) -> Desk:
    """Return what this process serves, its plugins loaded; database and Atera stay untouched."""
    return Desk(
        engine=database.reader,
        live=live,
        plugins=discover(settings.plugins) if plugins is None else plugins,
        zone=display_zone(settings),
        local=Caller(person="local", engineer=settings.engineer),
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


async def _serve(settings: Settings, transport: Callable[[McpServer], Awaitable[None]]) -> None:
    database = Database(settings)
    live = _LiveReads(settings)

    @asynccontextmanager
    async def lifespan() -> AsyncGenerator[None]:
        # The handshake does not wait for the database; the first question finds it warm or says that it is down.
        warm_up = asyncio.create_task(_warm_up(database))
        try:
            yield
        finally:
            warm_up.cancel()
            await asyncio.gather(warm_up, return_exceptions=True)
            await live.close()
            await database.close()

    await transport(build_server(make_desk(settings, database, live), lifespan))


async def _warm_up(database: Database) -> None:
    try:
        engine = await database.reader()
        async with engine.connect():
            pass
    except Exception as error:  # noqa: BLE001 - only a head start: each call meets the same trouble and tells it in full
        _log.warning("database_not_ready reason=%s", type(error).__name__)


class _LiveReads:
    """Reads from Atera, whose client is loaded and opened by the first of them: most servers never need it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._opening = asyncio.Lock()
        self._open = AsyncExitStack()
        self._reads: LiveReads = NoLiveReads()

    async def patches(self, device_guid: str) -> Patches:
        """Return the updates of a machine; without a token, refuse."""
        return await (await self._opened()).patches(device_guid)

    async def close(self) -> None:
        """Close the client, if it was opened."""
        await self._open.aclose()

    async def _opened(self) -> LiveReads:
        async with self._opening:
            if self._settings.atera_token is not None and isinstance(self._reads, NoLiveReads):
                from .client import make_client  # noqa: PLC0415 - see the class
                from .live import AteraReads  # noqa: PLC0415 - see the class

                self._reads = AteraReads(await self._open.enter_async_context(make_client(self._settings)))
            return self._reads
