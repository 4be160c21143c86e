"""The server on standard input and output: one client, started by it."""

from types import TracebackType
from typing import Any, Self

from mcp.server import Server
from mcp.server.stdio import stdio_server
from mcp.shared.message import SessionMessage
from mcp_types import JSONRPCError, JSONRPCNotification, JSONRPCRequest, JSONRPCResponse

from .closable import closable_input
from .leaving import Departure


async def serve(server: Server[Any], departure: Departure) -> None:
    """Serve until the client closes our input, or until a signal came and all is answered. Only the protocol goes to stdout."""
    with closable_input(departure):
        async with stdio_server() as (incoming, outgoing):
            asked = _Asked(departure)
            options = server.create_initialization_options()
            await server.run(_Incoming(incoming, asked), _Outgoing(outgoing, asked), options)


class _Asked:
    """The requests that are not answered yet."""

    def __init__(self, departure: Departure) -> None:
        self._departure = departure
        self._ids: set[str | int] = set()

    def arrived(self, item: SessionMessage | Exception) -> None:
        message = None if isinstance(item, Exception) else item.message
        if isinstance(message, JSONRPCRequest):
            if message.id not in self._ids:
                self._departure.arrived()
            self._ids.add(message.id)
        elif isinstance(message, JSONRPCNotification) and message.method == "notifications/cancelled":
            self._settled((message.params or {}).get("requestId"))

    def sent(self, item: SessionMessage) -> None:
        if isinstance(item.message, JSONRPCResponse | JSONRPCError):
            self._settled(item.message.id)

    def _settled(self, identity: Any) -> None:
        if identity in self._ids:
            self._ids.remove(identity)
            self._departure.answered()


class _Stream:
    """One direction of the SDK's pair of streams."""

    def __init__(self, stream: Any, asked: _Asked) -> None:
        self._stream = stream
        self._asked = asked

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def __aenter__(self) -> Self:
        await self._stream.__aenter__()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc_val: BaseException | None,
        exc_tb: TracebackType | None,
    ) -> bool | None:
        return await self._stream.__aexit__(exc_type, exc_val, exc_tb)


class _Incoming(_Stream):
    @property
    def last_context(self) -> Any:
        """Return what the SDK hands from the reader of a message to its handler."""
        return self._stream.last_context

    async def receive(self) -> SessionMessage | Exception:
        item = await self._stream.receive()
        self._asked.arrived(item)
        return item

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> SessionMessage | Exception:
        item = await self._stream.__anext__()
        self._asked.arrived(item)
        return item


class _Outgoing(_Stream):
    async def send(self, item: SessionMessage) -> None:
        # The writer has it now, and writes it out before it ends.
        await self._stream.send(item)
        self._asked.sent(item)
