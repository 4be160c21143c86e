"""Who is let in over HTTP: by the name and page they come from, by their credential, and by how often they ask.

Refusals are JSON-RPC errors, so that a client shows their sentence; 401 and 403 are the SDK's, in the form OAuth wants.
"""

import hashlib
import ipaddress
import logging
import socket
from dataclasses import dataclass
from typing import Any

import mcp_types as types
from mcp.server.auth.middleware.bearer_auth import AuthenticatedUser
from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .identity import SignedIn, Uncheckable, Verifier
from .limits import Guesses, Pace

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_RETRY_S = 5
"""When to come back while credentials cannot be checked."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Doors:
    """What an operator decided about callers. The defaults are those of a machine that only its own user reaches."""

    verifier: Verifier | None = None
    """Knows credentials; None: nobody signs in."""
    issuer: str | None = None
    """The identity provider where a client may get a token by itself."""
    url: str | None = None
    """Where clients reach `/mcp`; unset: by the address that is served."""
    hosts: tuple[str, ...] = ()
    """Names by which the server is called, besides those of loopback and its own; with any port."""
    origins: tuple[str, ...] = ()
    """Web pages that may call it, such as `https://chat.example.com`, besides those it could serve itself."""
    proxies: str = "127.0.0.1"
    """Addresses whose word is taken for where a request comes from."""
    requests_per_minute: int = 0
    """Ceiling for each caller who signed in; 0: none."""
    body_limit: int = 1024 * 1024
    """Bytes of the longest request."""


class Doorkeeper:
    """ASGI, outside of everything: foreign names and pages, guessed credentials, and credentials nobody can check now."""

    def __init__(self, app: ASGIApp, *, doors: Doors, host: str, port: int) -> None:
        self._app = app
        self._hosts = {name.lower() for name in (*LOOPBACK, *doors.hosts, *_own_names(host))}
        self._origins = {f"http://{name}:{port}" for name in LOOPBACK} | {*doors.origins}
        self._guesses = Guesses()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request pass, or answer it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if (refused := self._foreign(headers)) is not None:
            await refused(scope, receive, send)
        elif (credential := headers.get("authorization")) is None:
            await self._app(scope, receive, send)
        else:
            await self._with_credential(credential, scope, receive, send)

    def _foreign(self, headers: Headers) -> JSONResponse | None:
        host, origin = headers.get("host", ""), headers.get("origin")
        if _without_port(host) not in self._hosts:
            _log.warning("host_refused host=%r", host[:100])
            return refusal(
                421,
                "This server is not called by the name in that address. Whoever runs it can add the name to HELPDESK_HTTP_HOSTS.",
            )
        if origin is not None and origin not in self._origins:
            _log.warning("origin_refused origin=%r", origin[:100])
            return refusal(
                403,
                "Web pages of that origin may not call this server. Whoever runs it can add it to HELPDESK_HTTP_ORIGINS.",
            )
        return None

    async def _with_credential(self, credential: str, scope: Scope, receive: Receive, send: Send) -> None:
        address = _address(scope)
        if wait := self._guesses.wait_s(address):
            refused = refusal(
                429,
                f"Too many wrong credentials came from {address}: try again in {wait} seconds.",
                _later(wait),
            )
            await refused(scope, receive, send)
            return

        async def watch(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 401:  # noqa: PLR2004 - Unauthorized
                shown = hashlib.sha256(credential.encode()).hexdigest()
                if self._guesses.wrong(address, shown):
                    _log.warning("credential_refused address=%s", address)
            await send(message)

        try:
            await self._app(scope, receive, watch)
        except Uncheckable as error:
            refused = refusal(503, str(error), _later(_RETRY_S))
            await refused(scope, receive, send)


class Pacer:
    """ASGI, behind the sign-in: a ceiling of requests for each caller."""

    def __init__(self, app: ASGIApp, *, requests_per_minute: int) -> None:
        self._app = app
        self._pace = Pace(requests_per_minute)
        self._per_minute = requests_per_minute

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request pass, or tell when the next one may come."""
        user = scope.get("user")
        if isinstance(user, AuthenticatedUser) and isinstance(user.access_token, SignedIn):
            wait = self._pace.wait_s(user.access_token.caller.person)
            if wait:
                refused = refusal(
                    429,
                    f"You have made more than {self._per_minute} requests in a minute: try again in {wait} seconds.",
                    _later(wait),
                )
                await refused(scope, receive, send)
                return
        await self._app(scope, receive, send)


def refusal(status: int, sentence: str, headers: dict[str, str] | None = None) -> JSONResponse:
    """Return the answer to a request that is not served."""
    error: dict[str, Any] = {"code": types.INVALID_REQUEST, "message": sentence}
    return JSONResponse({"jsonrpc": "2.0", "id": None, "error": error}, status, headers)


def is_loopback(host: str) -> bool:
    """Return whether only this machine reaches this address."""
    if host.strip("[]") == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def comes_from_here(scope: Scope) -> bool:
    """Return whether a request comes from this machine and not through a proxy on it."""
    peer = scope.get("client")
    host = _without_port(Headers(scope=scope).get("host", ""))
    return peer is not None and is_loopback(peer[0]) and host in LOOPBACK


def _later(seconds: int) -> dict[str, str]:
    return {"Retry-After": str(seconds)}


def _own_names(host: str) -> set[str]:
    if is_loopback(host):
        return set()
    # Bound to every address, it is called by the machine's name; else by the one address.
    is_any = host in {"0.0.0.0", "::"}  # noqa: S104 - compared, not bound
    return {socket.gethostname()} if is_any else {f"[{host}]" if ":" in host else host}


def _without_port(host: str) -> str:
    name, colon, port = host.lower().rpartition(":")
    return name if colon and port.isdecimal() else host.lower()


def _address(scope: Scope) -> str:
    peer = scope.get("client")
    if peer is None:
        return "unknown"
    try:
        address = ipaddress.ip_address(peer[0])
    except ValueError:
        return str(peer[0])
    # Whoever has one address of version 6 has 2^64 of them.
    return str(ipaddress.ip_network((address, 64), strict=False)) if address.version == 6 else str(address)  # noqa: PLR2004 - IPv6
