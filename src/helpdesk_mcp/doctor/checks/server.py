"""The helpdesk server elsewhere in the network, where this computer is only its client."""

import asyncio
import ipaddress
from collections.abc import Iterator
from urllib.parse import urlsplit

from helpdesk_mcp import bridge
from helpdesk_mcp.doctor.finding import Finding, ok, problem, warning
from helpdesk_mcp.settings import Settings

NAME = "helpdesk server"
TIMEOUT_S = 10.0


def check(settings: Settings) -> Iterator[Finding]:
    """Yield on the server that `bridge` would speak to; nothing where none is set."""
    if settings.bridge_url is None:
        return
    token = settings.bridge_token.get_secret_value() if settings.bridge_token else None
    yield asyncio.run(_ask(settings.bridge_url, token))
    address = urlsplit(settings.bridge_url)
    if token and address.scheme == "http" and not _is_this_machine(address.hostname or ""):
        yield warning(
            NAME,
            "The token and all answers travel without encryption (http).",
            "In a network that others share, use https.",
        )


async def _ask(url: str, token: str | None) -> Finding:
    try:
        async with asyncio.timeout(TIMEOUT_S):
            name = await bridge.who_is(url, token)
    except TimeoutError:
        return problem(
            NAME, f"It did not answer within {TIMEOUT_S:g} seconds.", "Check that it is not overloaded."
        )
    except (bridge.Trouble, bridge.Unusable) as trouble:
        return problem(NAME, str(trouble))
    return ok(NAME, f"{name or 'An MCP server'} answers{' and accepts the token' if token else ''}.")


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
