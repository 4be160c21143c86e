"""The passage between the doors and MCP: every request goes through it, so that none is forgotten when the server stops."""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from helpdesk_mcp import traces

from .doors import refusal
from .leaving import BACK_S, Departure


class Passage:
    """ASGI: lets requests to MCP through until the server leaves, and counts those that are not answered yet."""

    def __init__(self, app: ASGIApp, *, path: str, departure: Departure) -> None:
        self._app = app
        self._path = path
        self._departure = departure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or send it away."""
        # The end of a session is welcome at any time, and a standing stream is nothing to wait for.
        if scope["type"] != "http" or scope["path"] != self._path or scope["method"] == "DELETE":
            await self._app(scope, receive, send)
            return
        if self._departure.has_begun:
            sentence = f"The server is stopping: nothing was done. Try again in {BACK_S} seconds."
            await refusal(503, sentence, {"Retry-After": str(BACK_S)})(scope, receive, send)
            return
        with traces.continued(Headers(scope=scope)):
            if scope["method"] != "POST":
                await self._app(scope, receive, send)
                return
            with self._departure.exchange():
                await self._app(scope, receive, send)
