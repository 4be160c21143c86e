"""The client of Atera's REST API v3: pages, single reads, writes.

    async with AteraClient("https://app.atera.com/api/v3", token) as atera:
        async for page in atera.pages("tickets/lastmodified", {"date": watermark}):
            ...

One client per process and account: its rate limit is shared by all tasks that use it. What an error means stands in `errors`.
"""

import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from importlib.metadata import version
from types import TracebackType
from typing import Any, Self, cast
from urllib.parse import quote

from helpdesk_mcp.atera.answers import said
from helpdesk_mcp.atera.calls import Call, Caller
from helpdesk_mcp.atera.clock import Clock
from helpdesk_mcp.atera.credentials import Auth, Credentials
from helpdesk_mcp.atera.errors import BadAnswer, NotFound
from helpdesk_mcp.atera.pages import PAGE_SIZE, Page, Walk, read_page
from helpdesk_mcp.atera.rate import TokenBucket
from helpdesk_mcp.atera.retry import RetryPolicy
from helpdesk_mcp.atera.stats import RequestStats
from helpdesk_mcp.atera.transport import Answer, Transport

Params = Mapping[str, Any]
"""Query parameters: booleans, datetimes and numbers are spelled for Atera, None is left out."""


@dataclass(frozen=True, slots=True)
class WriteResult:
    """What Atera says about a write that happened."""

    action_id: str | None
    """The record's id as Atera sends it, a string; None where it sends none."""
    status: int


def join_path(*parts: str | int) -> str:
    """Return a path of the API with each part escaped: a field or machine name may hold slashes and question marks."""
    return "/".join(quote(str(part), safe="") for part in parts)


class AteraClient:
    """An async context manager; `token` is the key as a person pasted it, `timeout_s` bounds one whole exchange.

    BadCredentials and ValueError are raised at once for a key or a base URL that cannot work.
    """

    def __init__(
        self,
        base_url: str,
        token: str,
        *,
        auth: Auth = "auto",
        requests_per_minute: float = 120,
        burst: int = 5,
        timeout_s: float = 30.0,
        user_agent: str | None = None,
        policy: RetryPolicy | None = None,
        clock: Clock | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        clock = clock or Clock()
        self.credentials = Credentials.of(token, auth)
        # Cloudflare stands before Atera and may block the default name of a Python library.
        headers = {
            "User-Agent": user_agent or f"helpdesk-mcp/{version('helpdesk-mcp')}",
            **self.credentials.headers(),
        }
        self._transport = Transport(base_url, headers, timeout_s=timeout_s, tls=tls, clock=clock)
        self._bucket = TokenBucket(requests_per_minute, burst, clock)
        self._caller = Caller(self._transport, self.credentials, self._bucket, policy or RetryPolicy(), clock)

    async def __aenter__(self) -> Self:
        self._transport.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bucket.close()
        await self._transport.aclose()

    @property
    def stats(self) -> RequestStats:
        """Counts since the client was made."""
        return self._caller.ledger.total

    def counting(self) -> AbstractContextManager[RequestStats]:
        """Give the counts of one run: of every call made inside the `with`, by this task and those it starts."""
        return self._caller.ledger.counting()

    async def page(
        self,
        path: str,
        params: Params | None = None,
        page: int = 1,
        *,
        size: int = PAGE_SIZE,
        urgent: bool = False,
    ) -> Page:
        """Return one page of a list; past the end it has no items. NotFound when Atera has no such list.

        `size=1` is the cheap way to a `total_count`. `urgent` goes before all calls that are not: for when a person waits.
        """
        asked = {**(params or {}), "page": page, "itemsInPage": size}
        answer, value = await self._caller.read(Call("GET", path, asked, urgent=urgent, needs_body=True))
        if answer.status == 404:  # noqa: PLR2004 - an HTTP status
            raise self._no_list(answer, path)
        return read_page(answer, value, page, path)

    async def pages(
        self,
        path: str,
        params: Params | None = None,
        *,
        start: int = 1,
        stop_after: int | None = None,
        urgent: bool = False,
    ) -> AsyncIterator[Page]:
        """Yield the pages of a list from `start` to its end, at most `stop_after` of them; an empty list gives one empty page.

        BadAnswer when the walk cannot be trusted to be complete. Rows may move between pages: the same row may come twice,
        and when `total_count` falls during the walk another may have been missed.
        """
        walk = Walk(path)
        number = start
        while stop_after is None or number < start + stop_after:
            page = await self.page(path, params, number, urgent=urgent)
            walk.check(page)
            if page.items or number == start:
                yield page
            if number >= page.total_pages:
                return
            number += 1

    async def get(
        self, path: str, params: Params | None = None, *, urgent: bool = False
    ) -> dict[str, Any] | list[Any] | None:
        """Return a record or a plain list; None when it is not there, which Atera says by 404, 204, an empty body or null."""
        answer, value = await self._caller.read(Call("GET", path, params, urgent=urgent))
        if answer.status == 404 or value is None:  # noqa: PLR2004 - an HTTP status
            return None
        if not isinstance(value, dict | list):
            raise BadAnswer(
                f"Atera's answer to GET {path} is neither a record nor a list. Nothing of it was used."
            )
        return cast("dict[str, Any] | list[Any]", value)

    async def post(self, path: str, body: Any) -> WriteResult:
        """Create, or do. Sent once; see WriteUnknown."""
        return await self._write("POST", path, body)

    async def put(self, path: str, body: Any = None) -> WriteResult:
        """Update: fields left out stay as they are. Sent once; see WriteUnknown."""
        return await self._write("PUT", path, body)

    async def delete(self, path: str) -> WriteResult:
        """Delete. Sent once; see WriteUnknown."""
        return await self._write("DELETE", path, None)

    async def _write(self, method: str, path: str, body: Any) -> WriteResult:
        answer, value = await self._caller.write(Call(method, path, body=body, urgent=True))
        action_id: Any = cast("dict[str, Any]", value).get("ActionID") if isinstance(value, dict) else None
        return WriteResult(None if action_id is None else str(action_id), answer.status)

    def _no_list(self, answer: Answer, path: str) -> NotFound:
        words = self.credentials.hidden_in(said(answer))
        spoken = f' Atera says: "{words}".' if words else ""
        return NotFound(
            f"Atera has no list at {path} (404).{spoken} Check the id in the path, or whether this account has it.",
            status=404,
            said=words,
        )
