"""What every call under /api/v3 passes: counting, token, rate limit, injected faults and the Date header.

The answer of a handler is held back whole before it is sent, so that a fault can act between the change and its confirmation.
"""

import asyncio
import socket
import struct
import sys
import time
from email.utils import formatdate

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from atera_simulator import changes
from atera_simulator.api.rate_limit import RateLimit
from atera_simulator.api.service import Service
from atera_simulator.api.spoil import spoil, without_zone
from atera_simulator.faults import STORMS, Fault

PREFIX = "/api/v3"
_DELTA_LIST = "/tickets/lastmodified"


class Gate:
    """ASGI middleware around the routes."""

    def __init__(self, app: ASGIApp, service: Service, rate_limit: RateLimit, routes: list[Route]) -> None:
        self._app = app
        self._service = service
        self._rate_limit = rate_limit
        self._routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one call, or pass on what is not the API's (start-up, `/_simulator`)."""
        if scope["type"] != "http" or not scope["path"].startswith(PREFIX):
            await self._app(scope, receive, send)
            return
        scope.setdefault("state", {})
        response = await self._answer(scope, receive)
        self._service.statuses[str(response.status_code) if response else "none"] += 1
        if response is not None:
            response.headers["date"] = formatdate(self._moment(), usegmt=True)
            await response(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive) -> Response | None:
        """Return the answer, or None when the caller gets none."""
        method, path = scope["method"], scope["path"].removeprefix(PREFIX)
        self._service.requests[f"{method} {self._template(scope, path)}"] += 1
        if not self._is_authorised(Request(scope)):
            return _unauthorised()
        struck = {fault.kind: fault for fault in self._service.faults.struck(method, path)}
        refusal = self._refusal(struck)
        if refusal is not None:
            return refusal
        if "slow" in struck:
            await asyncio.sleep(float(struck["slow"].value or 1))
        if "reset" in struck or "hang" in struck:
            return await _no_answer(scope, receive, reset="reset" in struck)
        scope["state"]["repeats_row"] = "duplicate-row" in struck
        response = await _capture(self._app, scope, receive)
        if "reset-after-commit" in struck or "hang-after-commit" in struck:
            return await _no_answer(scope, receive, reset="reset-after-commit" in struck)
        return self._spoilt(scope, path, response, list(struck.values()))

    def _moment(self) -> float:
        """Return the present by the clock that the account's answers show, in seconds since 1970."""
        return self._service.clock().timestamp() + self._service.faults.date_skew_s

    def _refusal(self, struck: dict[str, Fault]) -> Response | None:
        if "unauthorized" in struck:
            return _unauthorised()
        if (storm := next((fault for kind, fault in struck.items() if kind in STORMS), None)) is not None:
            return self._storm(storm)
        wait_s = self._rate_limit.wait_s(time.monotonic())
        if wait_s is not None:
            return _throttled(wait_s)
        if "status" in struck:
            return Response(status_code=int(struck["status"].value or 500))
        return None

    def _storm(self, fault: Fault) -> Response:
        if fault.kind == "throttle-bare":
            return Response(status_code=429)
        wait_s = int(fault.value or 1)
        return _throttled(
            formatdate(self._moment() + wait_s, usegmt=True) if fault.kind == "throttle-date" else wait_s
        )

    def _spoilt(self, scope: Scope, path: str, response: Response, faults: list[Fault]) -> Response:
        body = bytes(response.body)
        if any(path.startswith(prefix) for prefix in self._service.faults.naive_dates):
            body = without_zone(body)
        for fault in faults:
            body, media_type = spoil(body, fault)
            if media_type is not None:
                response.headers["content-type"] = media_type
            if fault.kind == "shifting-pages" and path == _DELTA_LIST:
                self._shift(scope)
        if body != response.body:
            response.body = body
            response.headers["content-length"] = str(len(body))
        return response

    def _shift(self, scope: Scope) -> None:
        for ticket_id in scope["state"].get("shown", [])[:1]:
            changes.touch_ticket(self._service.world, ticket_id, now=self._service.clock())

    def _template(self, scope: Scope, path: str) -> str:
        below = {**scope, "path": path, "root_path": ""}
        matches = (route.path for route in self._routes if route.matches(below)[0] is Match.FULL)
        return next(matches, "(no route)")

    def _is_authorised(self, request: Request) -> bool:
        bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
        return self._service.token in {bearer, request.headers.get("x-api-key")}


def _unauthorised() -> Response:
    return Response(status_code=401)


def _throttled(until: int | str) -> Response:
    """Return a 429 with a Retry-After of seconds or of a date."""
    return Response(status_code=429, headers={"Retry-After": str(until)})


async def _capture(app: ASGIApp, scope: Scope, receive: Receive) -> Response:
    """Run the routes and return their answer unsent."""
    response = Response()
    body = bytearray()

    async def keep(message: Message) -> None:
        if message["type"] == "http.response.start":
            response.status_code = message["status"]
            response.raw_headers = list(message["headers"])
        else:
            body.extend(message.get("body", b""))

    await app(scope, receive, keep)
    response.body = bytes(body)
    return response


async def _no_answer(scope: Scope, receive: Receive, *, reset: bool) -> None:
    """Wait until the caller is gone; with `reset` break the connection first."""
    transport = scope["state"].get("transport")
    if reset and transport is not None:
        _reset(transport)
    while (await receive())["type"] != "http.disconnect":
        pass


def _reset(transport: asyncio.Transport) -> None:
    connection: socket.socket | None = transport.get_extra_info("socket")
    if connection is not None:
        # Closing with a linger of zero seconds sends RST; Windows packs the two numbers as shorts.
        linger = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    transport.abort()
