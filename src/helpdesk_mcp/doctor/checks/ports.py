"""Ports of this machine: free, ours, or taken by another program."""

import asyncio
import socket
from collections.abc import Iterator

from helpdesk_mcp import bridge
from helpdesk_mcp.doctor.finding import Finding, ok, warning
from helpdesk_mcp.settings import Settings

NAME = "ports"
HTTP = 8765
"""Where the documents say to serve MCP."""
TIMEOUT_S = 3.0


def check(settings: Settings) -> Iterator[Finding]:
    """Yield on the port of MCP over HTTP, and on that of the worker's metrics."""
    yield http(HTTP)
    if settings.metrics_port is not None:
        taken = _is_taken(settings.metrics_port)
        state = "something listens on it: the worker, if it runs" if taken else "it is free"
        yield ok(NAME, f"{settings.metrics_port}, for the worker's metrics: {state}.")


def http(port: int) -> Finding:
    """Return whether MCP can be served at a port of 127.0.0.1, or is."""
    if not _is_taken(port):
        return ok(NAME, f"{port} is free for `serve --http 127.0.0.1:{port}`.")
    try:
        # Without a token: what listens there may be anything.
        name = asyncio.run(_who_is(port))
    except (bridge.Trouble, TimeoutError) as trouble:
        if getattr(trouble, "status", None) == 401:  # noqa: PLR2004 - an HTTP status
            return ok(NAME, f"At {port} a server answers that asks for a token.")
        return warning(
            NAME,
            f"Another program listens on {port}.",
            "Serve on another port: `serve --http 127.0.0.1:PORT`.",
        )
    return ok(NAME, f"At {port} an MCP server answers: {name or 'without a name'}.")


async def _who_is(port: int) -> str:
    async with asyncio.timeout(TIMEOUT_S):
        return await bridge.who_is(f"http://127.0.0.1:{port}/mcp")


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(TIMEOUT_S)
        return probe.connect_ex(("127.0.0.1", port)) == 0
