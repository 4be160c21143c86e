"""A process that serves MCP, over stdio or HTTP."""

import asyncio
import gc
import getpass
import logging
import platform
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from zoneinfo import ZoneInfo

import tzlocal

from helpdesk_mcp import traces
from helpdesk_mcp.discovery import Discovered
from helpdesk_mcp.sdk.caller import Caller
from helpdesk_mcp.sdk.changes import no_changes
from helpdesk_mcp.sdk.live import NoLiveReads
from helpdesk_mcp.server import http, stdio
from helpdesk_mcp.server.build import McpServer, build_server
from helpdesk_mcp.server.desk import Desk
from helpdesk_mcp.server.health import Watch
from helpdesk_mcp.settings import Settings, sends_traces

from . import changing
from .atera import Atera, LiveReadsLater
from .database import Database
from .plugins import load
from .sign_in import make_doors
from .wanted import FactRequests

_log = logging.getLogger(__name__)


def make_desk(
    settings: Settings,
    database: Database,
    atera: Atera,
    plugins: Discovered | None = None,
    *,
    signed_in: bool = False,
) -> Desk:
    """Return what this process serves, its plugins loaded; database and Atera stay untouched.

    With `signed_in` every caller has to say who asks; else they all are the configured engineer.
    """
    effects = changing.effects(settings)
    return Desk(
        engine=database.reader,
        replica=database.replica if database.has_replica else None,
        live=LiveReadsLater(atera) if atera.is_configured else NoLiveReads(),
        changes=changing.desk(settings, database, atera) if "write" in effects else no_changes(),
        effects=effects,
        is_person_required=settings.writes == "person",
        want_facts=FactRequests(database.server),
        plugins=load(settings) if plugins is None else plugins,
        zone=display_zone(settings),
        local=None if signed_in else Caller(person=_local_person(settings), engineer=settings.engineer),
        small=settings.profile == "small",
        call_timeout_s=settings.call_timeout_s,
    )


def _local_person(settings: Settings) -> str:
    """Return who sits at this machine, for the journal: several people may share its database."""
    return f"{settings.engineer or getpass.getuser()} on {platform.node()}"


def display_zone(settings: Settings) -> ZoneInfo:
    """Return the zone in which times are shown: the configured one, else the machine's."""
    return ZoneInfo(settings.time_zone) if settings.time_zone else tzlocal.get_localzone()


async def over_stdio(settings: Settings) -> None:
    """Serve the one client behind stdin and stdout."""
    await _serve(settings, Database(settings), lambda server, desk: stdio.serve(server, desk.departure))


async def over_http(settings: Settings, host: str, port: int) -> None:
    """Serve many clients at `http://host:port/mcp`."""
    database = Database(settings)
    doors = make_doors(settings, database)
    signed_in = doors.verifier is not None
    await _serve(
        settings,
        database,
        lambda server, desk: http.serve(server, host, port, Watch(desk).health, doors, desk.departure),
        signed_in=signed_in,
    )


async def _serve(
    settings: Settings,
    database: Database,
    transport: Callable[[McpServer, Desk], Awaitable[None]],
    *,
    signed_in: bool = False,
) -> None:
    atera = Atera(settings)

    @asynccontextmanager
    async def lifespan() -> AsyncGenerator[None]:
        # The handshake does not wait for the database; the first question finds it warm or says that it is down.
        warm_up = asyncio.create_task(_warm_up(database))
        try:
            yield
        finally:
            warm_up.cancel()
            await asyncio.gather(warm_up, return_exceptions=True)
            # First the changes under way, which need both of what is closed after them.
            await served.changes.close(served.departure.left_s)
            await atera.close()
            await database.close()

    served = make_desk(settings, database, atera, signed_in=signed_in)
    server = build_server(served, lifespan)
    # The command line has stopped the collection of garbage while all this was loaded; it stays for good, so is never looked at.
    gc.freeze()
    gc.enable()
    with traces.sending("serve", wanted=sends_traces()):
        await transport(server, served)


async def _warm_up(database: Database) -> None:
    try:
        engine = await database.replica()
        async with engine.connect():
            pass
    except Exception as error:  # noqa: BLE001 - only a head start: each call meets the same trouble and tells it in full
        _log.warning("database_not_ready reason=%s", type(error).__name__)
    settle()


def settle() -> None:
    """Take what is loaded by now out of garbage collection: it stays for ever, and looking through it stops everybody for 0.1 s."""
    gc.collect()
    gc.freeze()
