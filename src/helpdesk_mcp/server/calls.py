"""One call of one plugin's function, from what the client sent to the text it gets back.

The named edge for errors: a plugin's own failures and bad arguments reach the caller as sentences to act on; anything else is
a bug, logged with its traceback under a short reference, and told without a word of what went wrong inside.
"""

import asyncio
import logging
import secrets
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from helpdesk_mcp import logs
from helpdesk_mcp.discovery import Loaded
from helpdesk_mcp.sdk import Answer, Caller, Completion, Prompt, Resource, Tool, ToolFailure
from helpdesk_mcp.sdk.freshness import freshness

from .arguments import unkeepable
from .desk import Desk, Offered
from .rendering import render

_LONGEST = 3000
"""Characters of an error; the longest of ours list candidates."""

_log = logging.getLogger(__name__)


class Failed(Exception):
    """A call did not succeed; the message is fit for whoever called.

    `outcome` is refused (the caller can do something about it), timeout, bug or stopped.
    """

    def __init__(self, sentence: str, outcome: str = "refused") -> None:
        super().__init__(sentence)
        self.outcome = outcome


async def run(desk: Desk, caller: Caller, offered: Offered[Any], arguments: Mapping[str, Any] | None) -> str:
    """Run a tool, prompt or resource and return its text, with the age of its data where it names its streams.

    Raises:
        Failed: with a sentence for the caller.
    """
    async with edge(desk, offered):
        outcome, text = await answered(desk, caller, offered, arguments)
        if text is None:
            raise TypeError(f"a tool that only reads returned a {type(outcome).__name__}")
        return text


@asynccontextmanager
async def edge(desk: Desk, offered: Offered[Any]) -> AsyncGenerator[None]:
    """Turn whatever goes wrong inside into `Failed` with a sentence."""
    name = offered.arguments.name
    try:
        yield
    except ToolFailure as failure:
        raise Failed(_bounded(str(failure))) from failure
    except TimeoutError as late:
        raise Failed(
            f"{name} took longer than {desk.call_timeout_s:g} s and was given up. Narrow the filters and try again.",
            "timeout",
        ) from late
    except Exception as bug:
        # The id of the call, by which all its lines are found.
        reference = logs.request_id() or secrets.token_hex(4)
        _log.exception("call_failed name=%s reference=%s", name, reference)
        raise Failed(
            f"{name} failed inside the server (reference {reference} in its log). The same call is unlikely to work later.",
            "bug",
        ) from bug


def _bounded(sentence: str) -> str:
    """Cut a sentence that repeats pages of what was sent."""
    return sentence if len(sentence) <= _LONGEST else f"{sentence[:_LONGEST]}… (cut)"


async def complete(
    desk: Desk, caller: Caller, completion: Completion, owner: Loaded, typed: str
) -> list[str]:
    """Return what may be meant by `typed`; nothing when that fails, for a completion is a courtesy."""
    if unkeepable(typed) is not None:
        return []
    try:
        async with asyncio.timeout(desk.call_timeout_s), desk.call(owner, caller) as call:
            return await completion.run(call, typed)
    except (ToolFailure, TimeoutError):
        return []
    except Exception:  # noqa: BLE001 - as for a tool: its bug ends its call
        _log.exception("completion_failed argument=%s", completion.argument)
        return []


async def answered(
    desk: Desk, caller: Caller, offered: Offered[Any], arguments: Mapping[str, Any] | None
) -> tuple[Any, str | None]:
    """Run one function once, within the limit for a call; return what it gave, and its text where that is an answer.

    Raises TimeoutError, and whatever the function raises.
    """
    item = offered.item
    values = offered.arguments.check(arguments)
    is_long = isinstance(item, Tool) and item.is_long
    effect = item.effect if isinstance(item, Tool) else "read"
    async with (
        asyncio.timeout(None if is_long else desk.call_timeout_s),
        desk.call(offered.owner, caller, effect) as call,
    ):
        outcome = await item.run(call, **values)
        if not isinstance(outcome, Answer | str):
            return outcome, None
        if isinstance(item, Resource) and item.mime_type != "text/plain" and isinstance(outcome, str):
            return outcome, outcome
        streams = () if isinstance(item, Prompt) else item.streams
        return outcome, render(outcome, await freshness(call.db, streams), call)
