"""Asking the person behind a client, in both protocol eras, and knowing when that is impossible.

Up to 2025-11-25 the server sends the question while the call waits. Since 2026-07-28 the call ends with the question, and the
client repeats it with the answer and with a secret by which we find what was asked; the answers so far lie in the database, so
any server process can go on. A client that claims that it can be asked and then cannot is treated as one that cannot.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, cast

import mcp_types as types
from mcp.server import ServerRequestContext
from mcp.shared.exceptions import MCPError
from mcp_types.version import MODERN_PROTOCOL_VERSIONS


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that ends this call; the client repeats the call with the answer."""

    key: str
    message: str
    schema: dict[str, Any]
    secret: str

    def result(self) -> types.InputRequiredResult:
        """Return it as clients get it."""
        return types.InputRequiredResult(
            input_requests={self.key: _elicitation(self.message, self.schema)}, request_state=self.secret
        )


@dataclass(frozen=True, slots=True)
class Replied:
    """What the person said; None: they declined or closed the form."""

    content: Mapping[str, Any] | None


class CannotAsk:
    """Nobody can be asked through this client."""


Outcome = Asked | Replied | CannotAsk
Keep = Callable[[], Awaitable[str]]
"""Stores how far the asking has come and returns the secret by which it is found."""


class Channel(Protocol):
    """The way to the person."""

    @property
    def secret(self) -> str | None:
        """Return what the client brought back from an earlier round of the same call."""
        ...

    async def ask(self, key: str, message: str, schema: dict[str, Any], keep: Keep) -> Outcome:
        """Ask, or return the answer that the client has brought; `key` tells the questions of one call apart."""
        ...


def channel(context: ServerRequestContext[Any], params: types.CallToolRequestParams) -> Channel:
    """Return the way to the person who makes this call."""
    if not _declares_forms(context):
        return _Silent()
    if context.protocol_version in MODERN_PROTOCOL_VERSIONS:
        return _Repeating(params)
    return _Waiting(context) if context.session.can_send_request else _Silent()


class _Silent:
    secret: str | None = None

    async def ask(self, key: str, message: str, schema: dict[str, Any], keep: Keep) -> Outcome:  # noqa: ARG002 - the protocol's
        return CannotAsk()


class _Waiting:
    secret: str | None = None

    def __init__(self, context: ServerRequestContext[Any]) -> None:
        self._context = context

    async def ask(self, key: str, message: str, schema: dict[str, Any], keep: Keep) -> Outcome:  # noqa: ARG002 - the protocol's
        try:
            result = await self._context.session.elicit_form(message, schema, self._context.request_id)
        except MCPError:
            return CannotAsk()
        return _replied(result)


class _Repeating:
    def __init__(self, params: types.CallToolRequestParams) -> None:
        self.secret: str | None = params.request_state
        self._replies = dict(params.input_responses or {})

    async def ask(self, key: str, message: str, schema: dict[str, Any], keep: Keep) -> Outcome:
        reply = self._replies.pop(key, None)
        if isinstance(reply, types.ElicitResult):
            return _replied(reply)
        return Asked(key, message, schema, await keep())


def _declares_forms(context: ServerRequestContext[Any]) -> bool:
    declared = context.session.client_capabilities
    elicitation = declared.elicitation if declared else None
    # An empty declaration means forms: it is older than the choice between forms and addresses.
    return elicitation is not None and (elicitation.form is not None or elicitation.url is None)


def _elicitation(message: str, schema: dict[str, Any]) -> types.ElicitRequest:
    return types.ElicitRequest(
        params=types.ElicitRequestFormParams(message=message, requested_schema=cast("Any", schema))
    )


def _replied(result: types.ElicitResult) -> Replied:
    return Replied((result.content or {}) if result.action == "accept" else None)
