"""The server over streamable HTTP, for many clients.

Stateful with SSE: the only mode in which both protocol eras can be asked questions and shown progress (docs/decisions/0002).
"""

import logging
import socket
from collections.abc import Awaitable, Callable
from types import FrameType
from typing import Any

import uvicorn
from mcp.server import Server
from mcp.server.auth.middleware.bearer_auth import AuthenticatedUser
from mcp.server.auth.settings import AuthSettings
from mcp.server.transport_security import TransportSecuritySettings
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from helpdesk_mcp import metrics

from .doors import Doorkeeper, Doors, Pacer, comes_from_here, is_loopback, refusal
from .health import Health
from .leaving import Departure
from .passing import Passage

PATH = "/mcp"
_CUT_S = 1
"""Seconds that connections get to close once every call is answered."""

_NO_SIGN_IN = Doors()

_log = logging.getLogger(__name__)
_HealthCheck = Callable[[], Awaitable[Health]]


class NotAllowed(Exception):
    """The address cannot be served; the message says why."""


def make_app(
    server: Server[Any],
    host: str,
    port: int,
    health: _HealthCheck,
    doors: Doors,
    departure: Departure | None = None,
) -> Starlette:
    """Make the ASGI application of a server at this address."""

    async def ready(_: Request) -> Response:
        state = await health()
        return JSONResponse(state.told(), status_code=200 if state.serves else 503)

    async def shown(request: Request) -> Response:
        if not comes_from_here(request.scope) and not isinstance(
            request.scope.get("user"), AuthenticatedUser
        ):
            sentence = "Metrics are for this machine, and for callers with a token."
            return refusal(401, sentence, {"WWW-Authenticate": "Bearer"})
        await health()  # which notes the age of the copy
        body, content_type = metrics.page()
        return Response(body, media_type=content_type)

    app = server.streamable_http_app(
        streamable_http_path=PATH,
        custom_starlette_routes=[
            # The SDK's sign-in does not guard these: they answer anybody, or look for themselves.
            Route("/livez", _live),
            Route("/healthz", _live),
            Route("/readyz", ready),
            Route("/metrics", shown),
        ],
        # The doorkeeper looks at the names for all routes, and not only for this one.
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
        max_request_body_size=doors.body_limit,
        token_verifier=doors.verifier,
        auth=_auth(doors, host, port) if doors.verifier else None,
    )
    # Starlette runs this list from the outside in; the SDK has put its sign-in there.
    if doors.origins:
        app.user_middleware.insert(0, Middleware(CORSMiddleware, **_for_pages(doors.origins)))
    app.user_middleware.insert(0, Middleware(Doorkeeper, doors=doors, host=host, port=port))
    app.user_middleware.append(Middleware(Passage, path=PATH, departure=departure or Departure()))
    if doors.requests_per_minute:
        app.user_middleware.append(Middleware(Pacer, requests_per_minute=doors.requests_per_minute))
    return app


async def serve(
    server: Server[Any],
    host: str,
    port: int,
    health: _HealthCheck,
    doors: Doors = _NO_SIGN_IN,
    departure: Departure | None = None,
) -> None:
    """Serve until a signal, answer what is in flight, and return; `port` 0 takes a free one. The address is logged.

    Raises:
        NotAllowed: other machines reach the host and nobody signs in, or the port is taken.
    """
    if doors.verifier is None and not is_loopback(host):
        raise NotAllowed(
            f"{host} can be reached from other machines, and nobody signs in: set HELPDESK_HTTP_AUTH to tokens (made with "
            "`helpdesk-mcp token new`) or to oidc, or serve on 127.0.0.1."
        )
    listener = _listen(host, port)
    port = listener.getsockname()[1]
    departure = departure or Departure()
    config = uvicorn.Config(
        make_app(server, host, port, health, doors, departure),
        log_level="warning",
        timeout_graceful_shutdown=_CUT_S,
        forwarded_allow_ips=doors.proxies,
    )
    _log.info("serving url=%s", _url(host, port))
    await _Server(config, departure).serve(sockets=[listener])


class _Server(uvicorn.Server):
    """Goes on listening after a signal until every call is answered; uvicorn by itself cuts the streams of handshake clients."""

    def __init__(self, config: uvicorn.Config, departure: Departure) -> None:
        super().__init__(config)
        self._departure = departure
        self._is_asked = False

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Take a signal; a second one does not wait for anything."""
        if self._is_asked:
            super().handle_exit(sig, frame)
        self._is_asked = True

    async def on_tick(self, counter: int) -> bool:
        """Look ten times a second whether it is time to go."""
        if self._is_asked and not self._departure.has_begun:
            _log.info("stopping")
            self._departure.begin()
        if self._departure.is_due:
            self.should_exit = True
        return await super().on_tick(counter)


async def _live(_: Request) -> Response:
    return PlainTextResponse("alive")


def _for_pages(origins: tuple[str, ...]) -> dict[str, Any]:
    return {
        "allow_origins": origins,
        "allow_methods": ["GET", "POST", "DELETE"],
        "allow_headers": ["*"],
        "expose_headers": ["Mcp-Session-Id", "WWW-Authenticate", "Retry-After"],
    }


def _auth(doors: Doors, host: str, port: int) -> AuthSettings:
    url = doors.url or _url(host, port)
    # Without a provider there is nowhere to send a client for a token, so nothing is advertised; the field wants an address.
    return AuthSettings.model_validate(
        {
            "issuer_url": doors.issuer or url,
            "resource_server_url": url if doors.issuer else None,
            "required_scopes": ["read"],
            "validate_token_resource": False,  # the verifier compares the audience itself
        }
    )


def _url(host: str, port: int) -> str:
    return f"http://{f'[{host}]' if ':' in host else host}:{port}{PATH}"


def _listen(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise NotAllowed(f"{host}:{port} cannot be served: {error.strerror}. Choose another port.") from error
