"""One HTTP exchange with Atera: the only user of httpx, so that a change of the HTTP library is a change of this file.

It never follows a redirect (the key would travel along), trusts what the operating system trusts (a provider's inspecting
proxy has its CA there, and certifi does not know it), takes proxies from the environment as httpx does, and puts a deadline
around the whole exchange, because httpx's own timeouts start anew with every byte that drips in.
"""

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
import orjson

from helpdesk_mcp.atera.clock import Clock
from helpdesk_mcp.atera.retry import PassingTrouble

try:
    import truststore
except ImportError:  # not ours by name: the MCP SDK brings it
    truststore = None

LONGEST_CONNECT_S = 10.0
"""Seconds each for reaching the host and for TLS. Together they end before our deadline: a deadline that strikes in the middle
of a TLS handshake leaves the socket open behind httpx (seen with 0.28)."""

_NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
"""Errors of httpx before the first byte of the request is on its way."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, read to its end."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    sent_at: datetime
    """UTC by our clock, before the request left."""
    elapsed_s: float
    """Seconds from sending to the last byte."""


def system_trust() -> ssl.SSLContext:
    """Return a TLS context that trusts the operating system's store, or httpx's bundled one where that is not to be had."""
    if truststore is None:
        return httpx.create_ssl_context()
    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


class Transport:
    """Connections to one Atera account. Open it with `open`, end it with `aclose`."""

    def __init__(
        self,
        base_url: str,
        headers: Mapping[str, str],
        *,
        timeout_s: float,
        tls: ssl.SSLContext | None,
        clock: Clock,
    ) -> None:
        self._base_url = _checked(base_url)
        self._headers = {"Accept": "application/json", "Accept-Encoding": "gzip", **headers}
        self._timeout_s = timeout_s
        self._tls = tls
        self._clock = clock
        self._http: httpx.AsyncClient | None = None

    def open(self) -> None:
        """Make the connection pool; nothing is sent yet."""
        self._http = httpx.AsyncClient(
            headers=self._headers,
            verify=self._tls or system_trust(),
            timeout=httpx.Timeout(self._timeout_s, connect=min(LONGEST_CONNECT_S, self._timeout_s / 3)),
            follow_redirects=False,
            trust_env=True,
        )

    async def aclose(self) -> None:
        """Close all connections."""
        if self._http is not None:
            await self._http.aclose()
            self._http = None

    async def exchange(self, method: str, path: str, params: Mapping[str, Any] | None, body: Any) -> Answer:
        """Send one request and return whatever status came back. PassingTrouble if no whole answer came."""
        if self._http is None:
            raise RuntimeError("The Atera client is not open: use it in `async with`.")
        request = self._http.build_request(
            method,
            f"{self._base_url}/{_relative(path)}",
            params=_query(params),
            content=None if body is None else orjson.dumps(body, option=orjson.OPT_UTC_Z),
            headers=None if body is None else {"Content-Type": "application/json"},
        )
        sent_at, started = self._clock.now(), self._clock.monotonic()
        response = await self._send(self._http, request)
        return Answer(
            status=response.status_code,
            headers=response.headers,
            body=response.content,
            sent_at=sent_at,
            elapsed_s=self._clock.monotonic() - started,
        )

    async def _send(self, http: httpx.AsyncClient, request: httpx.Request) -> httpx.Response:
        departure = _Departure()
        request.extensions["trace"] = departure.watch
        try:
            async with asyncio.timeout(self._timeout_s):
                return await http.send(request)
        except _NEVER_LEFT as error:
            raise PassingTrouble(
                f"no connection to {request.url.host} could be made ({_words(error)})", sent=False
            ) from error
        except TimeoutError as error:
            where = (
                "whole answer came" if departure.begun else f"connection to {request.url.host} could be made"
            )
            raise PassingTrouble(
                f"no {where} within {self._timeout_s:g} seconds", sent=departure.begun
            ) from error
        except httpx.TimeoutException as error:
            raise PassingTrouble(f"no whole answer came within {self._timeout_s:g} seconds") from error
        except httpx.DecodingError as error:
            raise PassingTrouble("the answer could not be unpacked") from error
        except httpx.TransportError as error:
            raise PassingTrouble(f"the connection broke ({_words(error)})") from error


class _Departure:
    """Whether a request has begun to leave: our deadline may strike before, and then a write surely did not happen."""

    def __init__(self) -> None:
        self.begun = False

    async def watch(self, event: str, _info: Any) -> None:
        """Take httpcore's events; a tunnel through a proxy begins with a request too, so this errs on the safe side."""
        if event.endswith("send_request_headers.started"):
            self.begun = True


def _checked(base_url: str) -> str:
    url = httpx.URL(base_url.strip().rstrip("/"))
    if url.scheme not in {"http", "https"} or not url.host or url.userinfo or url.query or url.fragment:
        raise ValueError(
            "The base URL of Atera must look like https://app.atera.com/api/v3: "
            "scheme, host and path, without user, query or fragment."
        )
    return str(url)


def _relative(path: str) -> str:
    """Return the path without its leading slash, refusing whatever could leave the API's folder or its host."""
    bare = path.removeprefix("/")
    if (
        not bare.isprintable()
        or any(mark in bare for mark in "?#\\")
        or any(part in {"", ".", ".."} for part in bare.split("/"))
    ):
        raise ValueError(
            f"{path!r} is no path of Atera's API: build it with join_path, and give the query as params."
        )
    return bare


def _query(params: Mapping[str, Any] | None) -> dict[str, str]:
    """Return the query as Atera reads it: booleans in lower case, dates in ISO 8601, None left out."""
    spelled: dict[str, str] = {}
    for name, value in (params or {}).items():
        if isinstance(value, bool):
            spelled[name] = "true" if value else "false"
        elif isinstance(value, datetime):
            spelled[name] = _utc(value)
        elif value is not None:
            spelled[name] = str(value)
    return spelled


def _utc(moment: datetime) -> str:
    """Return the moment in whole seconds, cut downwards, so that "modified on or after" never skips a row."""
    if moment.tzinfo is None:
        raise ValueError(
            "A datetime without a zone was given as a query parameter: Atera's account zone is a string of its own."
        )
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _words(error: Exception) -> str:
    return str(error) or type(error).__name__
