"""Who makes a request: what a verifier found out about its credential, on its way from the HTTP edge to the call."""

from typing import Any

import mcp_types as types
from mcp.server import ServerRequestContext
from mcp.server.auth.middleware.bearer_auth import AuthenticatedUser
from mcp.server.auth.provider import AccessToken, TokenVerifier
from mcp.shared.exceptions import MCPError

from helpdesk_mcp.sdk.caller import Caller

Verifier = TokenVerifier
"""Knows credentials: `await verify_token(credential)` is who signed in, or None."""


class SignedIn(AccessToken):
    """A credential that holds. It carries the caller, and not the credential itself, which nothing behind the door needs."""

    token: str = ""
    caller: Caller


class Uncheckable(Exception):
    """Nobody can say now whether a credential holds; the message says why and is fit for the caller."""


def caller_of(context: ServerRequestContext[Any], local: Caller | None) -> Caller:
    """Return who makes this request; `local` where nobody signs in, None where everybody must.

    Raises:
        MCPError: nobody is signed in and everybody must.
    """
    # The request's own scope, and not a context variable: a session's tasks outlive the request that started them.
    user = None if context.request is None else context.request.scope.get("user")
    if isinstance(user, AuthenticatedUser) and isinstance(user.access_token, SignedIn):
        return user.access_token.caller
    if local is None:
        raise MCPError(
            types.INVALID_REQUEST, "This server has to know who asks: send a token with each request."
        )
    return local
