"""The server over streamable HTTP, for many clients.

Stateful with SSE: the only mode in which both protocol eras can be asked questions and shown progress (docs/decisions/0002).
"""

import ipaddress
import logging
import socket
from typing import Any

import uvicorn
from mcp.server import Server
from mcp.server.transport_security import TransportSecuritySettings
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from helpdesk_mcp import metrics

PATH = "/mcp"
_GRACE_S = 10
"""Seconds that calls in flight get to finish after a signal to stop."""

_log = logging.getLogger(__name__)


class NotAllowed(Exception):
    """The address cannot be served; the message says why."""


def make_app(server: Server[Any], port: int) -> Starlette:
    """Make the ASGI application; requests with a foreign Host or Origin are refused (DNS rebinding)."""
    names = ("127.0.0.1", "localhost", "[::1]")
    return server.streamable_http_app(
        streamable_http_path=PATH,
        custom_starlette_routes=[Route("/metrics", _metrics)],
        transport_security=TransportSecuritySettings(
            allowed_hosts=[f"{name}:{port}" for name in names],
            allowed_origins=[f"http://{name}:{port}" for name in names],
        ),
    )


async def serve(server: Server[Any], host: str, port: int) -> None:
    """Serve until a signal; `port` 0 takes a free one. The address is logged once it answers.

    Raises:
        NotAllowed: the host is not a loopback address, or the port is taken.
    """
    if not _is_loopback(host):
        raise NotAllowed(
            f"{host} can be reached from other machines, and this version has no sign-in for callers yet: "
            "serve on 127.0.0.1, behind a proxy that authenticates."
        )
    listener = _listen(host, port)
    port = listener.getsockname()[1]
    config = uvicorn.Config(make_app(server, port), log_level="warning", timeout_graceful_shutdown=_GRACE_S)
    _log.info("serving url=http://%s:%s%s", f"[{host}]" if ":" in host else host, port, PATH)
    await uvicorn.Server(config).serve(sockets=[listener])


async def _metrics(_: Request) -> Response:
    body, content_type = metrics.page()
    return Response(body, media_type=content_type)


def _listen(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise NotAllowed(f"{host}:{port} cannot be served: {error.strerror}. Choose another port.") from error


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
