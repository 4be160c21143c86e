"""The server's end of the bridge: requests, what the server says by itself, and the session of the handshake era.

Since 2026-07-28 every request stands alone. Before, an `initialize` opens a session, which a restarted server has forgotten (404):
then the client's own `initialize` is sent again, and the client need not learn of it.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from types import TracebackType
from typing import Any, Self, cast

import httpx2

from helpdesk_mcp.bridge import messages, trouble
from helpdesk_mcp.bridge.link import Link
from helpdesk_mcp.bridge.messages import Message
from helpdesk_mcp.bridge.trouble import Trouble

Deliver = Callable[[bytes], None]
"""Takes one message for the client."""

SESSION = "Mcp-Session-Id"
NOTICE_TIMEOUT_S = 10.0
GOODBYE_TIMEOUT_S = 1.0
_PAUSES_S = (1, 2, 5, 10, 30)
"""Between two attempts to listen."""
_INITIALIZED = b'{"jsonrpc":"2.0","method":"notifications/initialized"}'
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Session:
    id: str | None
    """None where the server keeps none."""
    version: str
    """Protocol version that the handshake agreed upon."""

    def headers(self) -> dict[str, str]:
        version = {"MCP-Protocol-Version": self.version}
        return version if self.id is None else {SESSION: self.id, **version}


class _SessionGone(Exception):
    """The server knows the session no more; the message was not taken."""


class Remote:
    """The server behind `link`, in `async with`; what it says goes to `deliver`."""

    def __init__(self, link: Link, deliver: Deliver) -> None:
        self._link = link
        self._deliver = deliver
        self._hello: Message | None = None
        self._session: _Session | None = None
        self._renewing = asyncio.Lock()
        self._listening: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._listening is not None:
            self._listening.cancel()
            await asyncio.gather(self._listening, return_exceptions=True)
        if self._session is not None:
            with suppress(Trouble, _SessionGone, TimeoutError):
                async with asyncio.timeout(GOODBYE_TIMEOUT_S), self._exchange("DELETE", self._session):
                    pass
        await self._link.aclose()

    async def ask(self, message: Message) -> None:
        """Send a request and deliver what comes for it, the answer last. Trouble if there is none."""
        if message.method == "initialize":
            self._hello, self._session = message, None
        async with self._renewing:  # a session that is just being opened takes no other request yet
            session = self._session_for(message)
        try:
            await self._ask(message, session, self._deliver)
        except _SessionGone:
            await self._again(message, session)

    async def tell(self, message: Message) -> None:
        """Send what has no answer: a notification, or the client's answer to a question. Trouble if it is not taken."""
        try:
            await self._tell(message.raw, self._session_for(message), message.routing())
        except _SessionGone:
            return  # whoever was to hear it is gone with the session
        if message.method == "notifications/initialized":
            self._listen()

    def _session_for(self, message: Message) -> _Session | None:
        return None if message.version else self._session

    async def _ask(self, message: Message, session: _Session | None, deliver: Deliver) -> None:
        async with self._exchange("POST", session, message.raw, message.routing()) as response:
            if response.status_code != HTTPStatus.OK:
                deliver(messages.one_line(await self._link.refusal(response, message.id)))
                return
            async for text in self._link.incoming(response):
                answer = self._answer(text, message, response)
                deliver(messages.one_line(text))
                if answer:
                    return
            raise trouble.broken(self._link.address, None)

    async def _again(self, message: Message, lost: _Session | None) -> None:
        """Send a request anew that the server did not take, for its session was lost."""
        try:
            await self._renew(lost)
            await self._ask(message, self._session, self._deliver)
        except _SessionGone:
            raise Trouble(
                f"The helpdesk server at {self._link.address} forgets its sessions at once. If several servers stand "
                "behind this address, each client must always reach the same one: tell whoever runs it."
            ) from None

    def _answer(self, text: bytes, message: Message, response: httpx2.Response) -> bool:
        """Return whether a message that came for a request is its answer, and remember the session that it opens."""
        try:
            found = messages.fields(text)
        except messages.Unreadable:
            raise trouble.no_mcp(self._link.address, response) from None
        if "method" in found or found.get("id") != message.id:
            return False
        if message is self._hello:
            self._remember(found.get("result"), response.headers)
        return True

    def _remember(self, result: Any, headers: Mapping[str, str]) -> None:
        version: Any = (
            cast("dict[str, Any]", result).get("protocolVersion") if isinstance(result, dict) else None
        )
        if isinstance(version, str):
            self._session = _Session(headers.get(SESSION), version)

    async def _renew(self, lost: _Session | None) -> None:
        """Open a new session with the client's own words, unless somebody has done so since `lost` was used."""
        async with self._renewing:
            if self._session is not lost or self._hello is None:
                return
            await self._ask(self._hello, None, _nobody)
            if self._session is lost:
                raise Trouble(
                    f"The helpdesk server at {self._link.address} was changed and refuses this client now: start the "
                    "client again."
                )
            try:
                await self._tell(_INITIALIZED, self._session)
            except (Trouble, _SessionGone):
                self._session = lost  # half open it is of no use, and the next request shall try again
                raise
            _log.info("session_renewed")
            self._listen()

    async def _tell(
        self, raw: bytes, session: _Session | None, routing: Mapping[str, str] | None = None
    ) -> None:
        try:
            async with (
                asyncio.timeout(NOTICE_TIMEOUT_S),
                self._exchange("POST", session, raw, routing) as response,
            ):
                if not response.is_success:
                    await response.aread()
                    raise trouble.refused(self._link.address, response, has_token=self._link.has_token)
        except TimeoutError as error:
            raise trouble.broken(self._link.address, error) from error

    def _listen(self) -> None:
        if self._listening is not None:
            self._listening.cancel()
        if self._session is not None:
            self._listening = asyncio.create_task(self._hear(self._session))

    async def _hear(self, session: _Session) -> None:
        """Deliver what the server says by itself, for as long as the session lives; the next request renews it."""
        failed = 0
        while True:
            try:
                async with self._exchange("GET", session) as response:
                    if not response.is_success:
                        return  # the server has nothing to say by itself (405), or not to us
                    failed = 0
                    async for text in self._link.incoming(response):
                        self._deliver(messages.one_line(text))
            except _SessionGone:
                return
            except Trouble as gone:
                _log.debug("not_listening reason=%s", gone)
            await asyncio.sleep(_PAUSES_S[min(failed, len(_PAUSES_S) - 1)])
            failed += 1

    @asynccontextmanager
    async def _exchange(
        self,
        method: str,
        session: _Session | None,
        raw: bytes | None = None,
        routing: Mapping[str, str] | None = None,
    ) -> AsyncGenerator[httpx2.Response]:
        headers = {**(session.headers() if session else {}), **(routing or {})}
        async with self._link.exchange(method, headers, raw) as response:
            if session and session.id and response.status_code == HTTPStatus.NOT_FOUND:
                raise _SessionGone
            yield response


def _nobody(_: bytes) -> None:
    """Take an answer that is not for the client."""
