"""Serves the fixtures over streamable HTTP on a free loopback port: `python -m tests.conformance.serve` prints the address.

The server is made and served by the product's own code; only what the suite needs beyond it is added here.
"""

import asyncio
import logging
import warnings
from zoneinfo import ZoneInfo

import mcp_types as types
from mcp import MCPDeprecationWarning
from mcp.server import Server
from mcp.server.request_state import RequestStateBoundary, RequestStateSecurity

from helpdesk_mcp.sdk import Caller
from helpdesk_mcp.server import http
from helpdesk_mcp.server.build import build_server
from helpdesk_mcp.server.desk import Desk
from helpdesk_mcp.server.health import Health
from helpdesk_mcp.store.engines import StoreUnavailable

from . import asking, contents, talking
from .plugin import discovered
from .raw import Context, add_prompts, add_resources, add_tools


async def no_database():
    raise StoreUnavailable("The fixtures need no database.")


def make_server() -> Server[None]:
    """Make the product's server around the fixture plugin, and add the raw fixtures."""
    desk = Desk(
        engine=no_database,
        plugins=discovered,
        zone=ZoneInfo("UTC"),
        local=Caller(person="conformance", engineer=None),
        small=False,
        call_timeout_s=10.0,
    )
    server = build_server(desk)
    add_tools(server, *contents.TOOLS, *talking.TOOLS, *asking.TOOLS)
    add_prompts(server, *contents.PROMPTS, *asking.PROMPTS)
    add_resources(server, *contents.RESOURCES)
    server.add_request_handler("logging/setLevel", types.SetLevelRequestParams, _nothing)
    server.add_request_handler("resources/subscribe", types.SubscribeRequestParams, _nothing)
    server.add_request_handler("resources/unsubscribe", types.UnsubscribeRequestParams, _nothing)
    server.middleware.append(
        RequestStateBoundary(RequestStateSecurity.ephemeral(), default_audience=server.name)
    )
    return server


async def _nothing(_: Context, __: types.RequestParams) -> types.EmptyResult:
    return types.EmptyResult()


async def _well() -> Health:
    return Health(serves=True)


class _AddressPrinter(logging.Handler):
    """The port is only known to the log line that the product writes about it."""

    def emit(self, record: logging.LogRecord) -> None:
        print(record.getMessage().partition("url=")[2], flush=True)  # noqa: T201 - the reader is our parent


def main() -> None:
    # What the protocol has deprecated is used by the fixtures alone: in the product it ends the run.
    warnings.filterwarnings("error", category=MCPDeprecationWarning)
    warnings.filterwarnings("ignore", category=MCPDeprecationWarning, module=r"tests\.conformance\.")
    logging.basicConfig(level=logging.INFO)
    logging.getLogger(http.__name__).addHandler(_AddressPrinter())
    asyncio.run(http.serve(make_server(), "127.0.0.1", 0, _well))


if __name__ == "__main__":
    main()
