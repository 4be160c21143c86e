"""HTTP between the bridge and one server: the only user of httpx2, and of the token."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from http import HTTPStatus

import httpx2

from helpdesk_mcp.bridge import messages, trouble

CONNECT_TIMEOUT_S = 5.0
SILENCE_S = 60.0
"""A server that says nothing for so long is away: ours gives a sign of life every 15 seconds while it works."""

_KEEP_ALIVE_S = 2.0
"""Shorter than any server's own, so that no request goes into a connection that is just being closed."""

_NEVER_LEFT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.ProxyError)


class Unusable(ValueError):
    """The address or the token cannot be right; the message says why."""


class Link:
    """Connections to the server at `url`; the token goes nowhere else, so redirects are not followed.

    Unusable is raised at once for an address or a token that cannot be right.
    """

    def __init__(self, url: str, token: str | None, *, agent: str) -> None:
        self._url = endpoint(url)
        self.address = str(self._url.copy_with(query=None, fragment=None))
        """The server's address as it may be shown."""
        self.has_token = token is not None
        if token is not None and not (token.isascii() and token.isprintable() and " " not in token):
            raise Unusable("The token holds blanks or characters that no token has: it was not copied whole.")
        headers = {"Accept": "application/json, text/event-stream", "User-Agent": agent}
        self._http = httpx2.AsyncClient(
            headers=headers if token is None else {**headers, "Authorization": f"Bearer {token}"},
            timeout=httpx2.Timeout(SILENCE_S, connect=CONNECT_TIMEOUT_S),
            limits=httpx2.Limits(
                max_connections=None, max_keepalive_connections=20, keepalive_expiry=_KEEP_ALIVE_S
            ),
        )

    async def aclose(self) -> None:
        """Close all connections."""
        await self._http.aclose()

    @asynccontextmanager
    async def exchange(
        self, method: str, headers: Mapping[str, str], content: bytes | None = None
    ) -> AsyncGenerator[httpx2.Response]:
        """Send a request and give the response, its body still to be read. Trouble if the connection fails, also later."""
        json = {"Content-Type": "application/json"} if content is not None else {}
        try:
            async with self._http.stream(
                method, self._url, content=content, headers={**json, **headers}
            ) as response:
                yield response
        except _NEVER_LEFT as error:
            raise trouble.unreachable(self.address, error) from error
        except httpx2.RequestError as error:
            raise trouble.broken(self.address, error) from error

    async def incoming(self, response: httpx2.Response) -> AsyncGenerator[bytes]:
        """Give the messages in a successful response, each as it arrives. Trouble if it holds something else."""
        kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind == "text/event-stream":
            async for event in httpx2.EventSource(response, max_event_size=None):
                if event.data:
                    yield event.data.encode()
        elif kind == "application/json":
            yield await response.aread()
        else:
            raise trouble.no_mcp(self.address, response)

    async def refusal(self, response: httpx2.Response, request: messages.Id | None) -> bytes:
        """Return the protocol's own error in a refusal, as the answer to `request`. Trouble where it holds none."""
        body = await response.aread()
        refused = trouble.refused(self.address, response, has_token=self.has_token)
        if response.status_code == HTTPStatus.UNAUTHORIZED:
            raise refused
        try:
            told = messages.fields(body)
        except messages.Unreadable:
            raise refused from None
        if not isinstance(told.get("error"), dict):
            raise refused
        return body if told.get("id") == request else messages.dump({**told, "id": request})


def endpoint(url: str) -> httpx2.URL:
    """Return the address to send to; a bare host gets the path that our server has. Unusable if it cannot be one."""
    wrong = Unusable("The server's address must look like http://helpdesk.example:8765/mcp.")
    try:
        parsed = httpx2.URL(url.strip())
    except (httpx2.InvalidURL, ValueError):
        raise wrong from None
    if parsed.scheme not in {"http", "https"} or not parsed.host or parsed.userinfo:
        raise wrong
    return parsed.copy_with(path="/mcp") if parsed.path == "/" else parsed
