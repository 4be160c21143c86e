"""What every plugin owes, as a test: all that can be told without running it, in sentences."""

import asyncio
import inspect
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from helpdesk_mcp.discovery import Unfit, check_fit
from helpdesk_mcp.sdk import Plugin, Tool
from helpdesk_mcp.server.arguments import Arguments
from helpdesk_mcp.store import migrate
from helpdesk_mcp.sync.streams import STREAMS

from .imports import package_faults

TOKENS_PER_TOOL = 300
"""What one tool's definition may cost each conversation, at four characters a token."""
LONGEST_SENTENCE = 150
"""Characters of the sentence by which a model chooses a tool."""

_FIELD = re.compile(r"\{\+?(\w+)\}")
_SCALARS = {"string", "integer", "number", "boolean"}


def check_plugin(plugin: Plugin, *, tokens: int | None = None, small_tokens: int | None = None) -> None:
    """Fail with a sentence for each part of the contract that the plugin breaks.

    `tokens` is the budget of all its definitions, `small_tokens` that of the small profile; 300 a tool if nothing is said.
    """
    found = list(_faults(plugin, tokens, small_tokens))
    if found:
        raise AssertionError("\n".join((f"The plugin {plugin.name} breaks its contract:", *found)))


async def check_tables(plugin: Plugin, database_url: str) -> None:
    """Fail when the plugin's migrations do not lead to the tables that it describes. The database has run them."""
    if plugin.schema is None:
        raise AssertionError(f"The plugin {plugin.name} has no tables.")
    history = migrate.History(plugin.name, plugin.schema.metadata, plugin.schema.migrations)
    if left := await asyncio.to_thread(migrate.differences, database_url, history):
        raise AssertionError("\n".join(("The migrations do not lead to the tables described:", *left)))


def definition_tokens(plugin: Plugin, *, small: bool = False) -> int:
    """Return what the definitions of a plugin's tools cost a conversation."""
    definitions = [
        {
            "name": tool.name,
            "description": tool.description,
            "inputSchema": Arguments(tool.run, small=small).schema,
        }
        for tool in plugin.tools
        if tool.small or not small
    ]
    sent = (json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in definitions)
    return sum(map(len, sent)) // 4


def _faults(plugin: Plugin, tokens: int | None, small_tokens: int | None) -> Iterator[str]:
    try:
        check_fit(plugin, plugin.name)
    except Unfit as unfit:
        yield f"{unfit}."
        return
    own = {plugin.stream(job) for job in plugin.jobs}
    for tool in plugin.tools:
        faults = (*_tool_faults(tool), *_argument_faults(tool), *_stream_faults(tool, own))
        yield from (f"{tool.name}: {fault}" for fault in faults)
    yield from _prompt_faults(plugin)
    yield from _resource_faults(plugin)
    yield from (
        f"its setting {name!r} has no description."
        for name, field in plugin.settings.model_fields.items()
        if not field.description
    )
    yield from _background_faults(plugin)
    yield from _over_budget(plugin, tokens, small_tokens)
    yield from package_faults(f"helpdesk_mcp_{plugin.name}")


def _tool_faults(tool: Tool) -> Iterator[str]:
    first = tool.description.split("\n", 1)[0].split(". ", 1)[0]
    if not tool.description.endswith("."):
        yield "its docstring does not end with a full stop."
    if len(first) > LONGEST_SENTENCE:
        yield f"the first sentence of its docstring has {len(first)} characters: {LONGEST_SENTENCE} are enough."
    if not tool.title:
        yield "it has no title, and that is what people see."
    if tool.effect not in {"read", "write", "reach"}:
        yield f"its effect is {tool.effect!r}: read, write or reach."


def _argument_faults(tool: Tool) -> Iterator[str]:
    for name, parameter in [*inspect.signature(tool.run).parameters.items()][1:]:
        if parameter.kind is not parameter.KEYWORD_ONLY:
            yield f"its argument {name!r} can be given by position: put a * before it."
    for name, schema in Arguments(tool.run).schema["properties"].items():
        if not _is_flat(schema):
            yield f"its argument {name!r} is nested: small models fill in text, numbers, yes or no, and lists of these."


def _stream_faults(tool: Tool, own: set[str]) -> Iterator[str]:
    if unknown := set(tool.streams) - own - {stream.name for stream in STREAMS}:
        yield f"there is no stream {', '.join(sorted(unknown))}."


def _is_flat(schema: dict[str, Any]) -> bool:
    if "anyOf" in schema:
        return all(_is_flat(one) for one in schema["anyOf"])
    if schema.get("type") == "array":
        return schema.get("items", {}).get("type") in _SCALARS
    return schema.get("type") in _SCALARS or "enum" in schema or "const" in schema


def _prompt_faults(plugin: Plugin) -> Iterator[str]:
    for prompt in plugin.prompts:
        if not prompt.description:
            yield f"{prompt.name}: it has no docstring, and that is what clients show."
        if any(one.get("type") != "string" for one in Arguments(prompt.run).schema["properties"].values()):
            yield f"{prompt.name}: arguments of prompts are text."


def _resource_faults(plugin: Plugin) -> Iterator[str]:
    for resource in plugin.resources:
        if not resource.description:
            yield f"{resource.uri}: its function has no docstring, and that is what clients show."
        taken = set(Arguments(resource.run).schema["properties"])
        if set(_FIELD.findall(resource.uri)) != taken:
            yield f"{resource.uri}: its function takes {', '.join(sorted(taken)) or 'nothing'}."


def _background_faults(plugin: Plugin) -> Iterator[str]:
    for item in (*plugin.jobs, *plugin.checks):
        if not item.description:
            yield f"{item.name}: it has no docstring, and that is what `helpdesk-mcp plugins` shows."
    for job in plugin.jobs:
        if isinstance(job.every, timedelta) and job.every < timedelta(minutes=1):
            yield f"{job.name}: it wants to run more than once a minute."


def _over_budget(plugin: Plugin, tokens: int | None, small_tokens: int | None) -> Iterator[str]:
    for profile, budget in (("full", tokens), ("small", small_tokens)):
        small = profile == "small"
        offered = [tool for tool in plugin.tools if tool.small or not small]
        most = TOKENS_PER_TOOL * len(offered) if budget is None else budget
        cost = definition_tokens(plugin, small=small)
        if cost > most:
            yield f"the definitions of the {profile} profile cost {cost} tokens: {most} are allowed."
