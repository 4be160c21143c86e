"""One call of one tool, from what the client sent to what it gets back.

The named edge for errors: a plugin's own failures and bad arguments reach the model as sentences it can act on; anything else
is a bug of ours, logged with its traceback under a short id, and told without a word of what went wrong inside.
"""

import asyncio
import logging
import secrets
from collections.abc import Mapping
from typing import Any

import mcp_types as types

from helpdesk_mcp.sdk import Answer, ToolFailure
from helpdesk_mcp.sdk.freshness import freshness

from .desk import Desk, Offered
from .rendering import render

_log = logging.getLogger(__name__)


async def call_tool(desk: Desk, name: str, arguments: Mapping[str, Any] | None) -> types.CallToolResult:
    """Run a tool and return its answer as one text; a failure is a text too, marked as an error."""
    offered = desk.tools.get(name)
    if offered is None:
        return _text(f"There is no tool {name!r}. Tools: {', '.join(desk.tools)}.", is_error=True)
    try:
        async with asyncio.timeout(desk.call_timeout_s):
            return _text(await _run(desk, offered, arguments))
    except ToolFailure as failure:
        return _text(str(failure), is_error=True)
    except TimeoutError:
        return _text(
            f"{name} took longer than {desk.call_timeout_s:g} s and was given up. Narrow the filters and try again.",
            is_error=True,
        )
    except Exception:  # noqa: BLE001 - a plugin's bug must end its call and nothing else
        return _text(_hidden(name), is_error=True)


async def _run(desk: Desk, offered: Offered, arguments: Mapping[str, Any] | None) -> str:
    values = offered.arguments.check(arguments)
    async with desk.call(offered.owner) as call:
        answer: Answer | str = await offered.item.run(call, **values)
        return render(answer, await freshness(call.db, offered.item.streams), call)


def _hidden(name: str) -> str:
    reference = secrets.token_hex(3)
    _log.exception("call_failed tool=%s reference=%s", name, reference)
    return f"{name} failed inside the server (reference {reference} in its log). Trying the same call again is unlikely to help."


def _text(text: str, *, is_error: bool = False) -> types.CallToolResult:
    return types.CallToolResult(content=[types.TextContent(type="text", text=text)], is_error=is_error)
