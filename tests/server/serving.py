"""A server of a small plugin over real HTTP on a free port of loopback, and clients with tokens."""

import asyncio
import contextlib
import socket
from datetime import timedelta
from zoneinfo import ZoneInfo

import httpx2
import uvicorn
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from sqlalchemy import select

from helpdesk_mcp.discovery import Discovered, Loaded
from helpdesk_mcp.sdk import Call, Plugin, PluginSettings, Tool, names, tables
from helpdesk_mcp.sdk.caller import EVERYTHING
from helpdesk_mcp.server.build import build_server
from helpdesk_mcp.server.desk import Desk
from helpdesk_mcp.server.doors import Doors
from helpdesk_mcp.server.health import Watch
from helpdesk_mcp.server.http import PATH, make_app
from helpdesk_mcp.server.tokens import HelpdeskTokens
from helpdesk_mcp.store import tokens
from helpdesk_mcp.store.engines import SERVER, read_engine, write_engine


async def my_tickets(call: Call, *, pause_ms: int = 0) -> str:
    """List the open tickets of the person asking, and say who that is, after a pause."""
    engineer = await names.engineer(call, "me")
    await asyncio.sleep(pause_ms / 1000)
    of_mine = select(tables.ticket.c.number).where(tables.ticket.c.technician_id == engineer.id)
    found = await call.db.rows(of_mine.order_by(tables.ticket.c.number))
    return f"{call.caller.person}: {' '.join(row.number for row in found)}"


async def whoami(call: Call) -> str:
    """Say who asks."""
    return f"{call.caller.person} | {call.engineer} | {' '.join(sorted(call.caller.scopes))}"


async def change(call: Call) -> str:
    """Change something."""
    return "changed"


async def tell(call: Call) -> str:
    """Write to a customer."""
    return "told"


plugin = Plugin(
    name="people",
    summary="Who asks.",
    tools=(
        Tool(run=my_tickets, title="Mine", effect="read"),
        Tool(run=whoami, title="Who", effect="read"),
        Tool(run=change, title="Change", effect="write"),
        Tool(run=tell, title="Tell", effect="reach"),
    ),
)


class Engines:
    """The two engines of a server process."""

    def __init__(self, url):
        self._read, self._own = read_engine(url), write_engine(url, role=SERVER)

    async def reader(self):
        return self._read

    async def server(self):
        return self._own

    async def close(self):
        await self._read.dispose()
        await self._own.dispose()


async def no_engine():
    raise AssertionError("the database was asked")


def make_desk(engine=no_engine, local=None):
    return Desk(
        engine=engine,
        plugins=Discovered((Loaded(plugin, PluginSettings(), "people 1"),), ()),
        zone=ZoneInfo("Europe/Berlin"),
        effects=EVERYTHING,
        local=local,
        small=False,
        call_timeout_s=10.0,
    )


@contextlib.asynccontextmanager
async def serving(desk, doors, host="127.0.0.1"):
    """Serve; yields the address of MCP."""
    async with running(
        lambda port: make_app(build_server(desk), host, port, Watch(desk).health, doors, desk.departure)
    ) as address:
        yield address + PATH


@contextlib.asynccontextmanager
async def serving_tokens(url, **doors):
    """Serve the database at `url` to callers with tokens; yields the address of MCP."""
    engines = Engines(url)
    try:
        doors = Doors(verifier=HelpdeskTokens(engines.server), **doors)
        async with serving(make_desk(engines.reader), doors) as address:
            yield address
    finally:
        await engines.close()


@contextlib.asynccontextmanager
async def running(make):
    """Run the ASGI app that `make(port)` returns; yields its address without a path."""
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    server = _Server(uvicorn.Config(make(port), log_level="warning", timeout_graceful_shutdown=1))
    task = asyncio.create_task(server.serve(sockets=[listener]))
    await server.ready.wait()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await task


class _Server(uvicorn.Server):
    def __init__(self, config):
        super().__init__(config)
        self.ready = asyncio.Event()

    async def startup(self, sockets=None):
        await super().startup(sockets)
        self.ready.set()

    def capture_signals(self):
        return contextlib.nullcontext()


async def new_token(engine, name, *, engineer=None, scopes=("read",), lasts=timedelta(days=1)):
    secret = tokens.new_secret()
    async with engine.begin() as connection:
        await tokens.add(connection, secret, name=name, engineer=engineer, scopes=scopes, lasts=lasts)
    return secret


def browser(token=None, **headers):
    """A plain HTTP client, with a token if given."""
    if token is not None:
        headers["authorization"] = f"Bearer {token}"
    return httpx2.AsyncClient(trust_env=False, headers=headers)


@contextlib.asynccontextmanager
async def client(address, token=None, mode="auto"):
    async with (
        browser(token) as http,
        Client(streamable_http_client(address, http_client=http), mode=mode) as opened,
    ):
        yield opened


def text(result):
    (block,) = result.content
    return block.text


PING = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
HELLO = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-11-25",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    },
}
ACCEPT = {"accept": "application/json, text/event-stream"}
