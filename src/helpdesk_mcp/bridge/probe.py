"""One question to a server: who are you? For those who check a connection instead of using it."""

import json
from typing import Any, cast

from helpdesk_mcp import __version__
from helpdesk_mcp.bridge import messages
from helpdesk_mcp.bridge.link import Link
from helpdesk_mcp.bridge.remote import Remote
from helpdesk_mcp.bridge.trouble import Trouble

_INFO = "io.modelcontextprotocol/serverInfo"
_DISCOVER: dict[str, Any] = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "server/discover",
    "params": {
        "_meta": {
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": {},
        }
    },
}


async def who_is(url: str, token: str | None = None) -> str:
    """Return name and version of the MCP server at `url`; empty if it does not say. Trouble or Unusable as for the bridge."""
    answers: list[bytes] = []
    link = Link(url, token, agent=f"helpdesk-mcp-doctor/{__version__}")
    async with Remote(link, answers.append) as remote:
        await remote.ask(messages.read(json.dumps(_DISCOVER).encode()))
    answer = messages.fields(answers[-1])
    if "error" in answer:
        raise Trouble(f"The helpdesk server at {link.address} refuses: {_inside(answer['error'], 'message')}")
    info = _inside(_inside(answer.get("result"), "_meta"), _INFO)
    return f"{_inside(info, 'name') or ''} {_inside(info, 'version') or ''}".strip()


def _inside(value: Any, key: str) -> Any:
    return cast("dict[str, Any]", value).get(key) if isinstance(value, dict) else None
