"""What the suite asks for and no plugin can offer, put in front of our handlers: what is not named here, they still answer."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import mcp_types as types
from mcp.server import Server, ServerRequestContext
from pydantic import BaseModel

Context = ServerRequestContext[None]


@dataclass(frozen=True, kw_only=True)
class RawTool:
    """A tool straight on the protocol: `run(context, params)` returns the result as it goes out."""

    name: str
    description: str
    run: Callable[[Context, types.CallToolRequestParams], Awaitable[BaseModel]]
    schema: dict[str, Any] = field(default_factory=lambda: {"type": "object"})


@dataclass(frozen=True, kw_only=True)
class RawPrompt:
    """A prompt straight on the protocol."""

    name: str
    description: str
    run: Callable[[Context, types.GetPromptRequestParams], Awaitable[BaseModel]]
    arguments: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RawResource:
    """A resource at a fixed address; one without `contents` is only listed, and read from a plugin."""

    definition: types.Resource
    contents: types.BlobResourceContents | types.TextResourceContents | None = None

    async def run(self, _: Context, __: types.ReadResourceRequestParams) -> types.ReadResourceResult:
        assert self.contents is not None
        return types.ReadResourceResult(contents=[self.contents])


def said(text: str) -> types.CallToolResult:
    """Return the result that is one text."""
    return types.CallToolResult(content=[types.TextContent(type="text", text=text)])


def add_tools(server: Server[None], *tools: RawTool) -> None:
    """Serve `tools` after those of the plugins."""
    by_name = {tool.name: tool for tool in tools}
    definitions = [
        types.Tool(name=tool.name, description=tool.description, input_schema=tool.schema) for tool in tools
    ]
    _append(server, "tools/list", "tools", definitions)
    _answer_first(server, "tools/call", lambda params: by_name.get(params.name))


def add_prompts(server: Server[None], *prompts: RawPrompt) -> None:
    """Serve `prompts` after those of the plugins."""
    by_name = {prompt.name: prompt for prompt in prompts}
    definitions = [
        types.Prompt(
            name=prompt.name,
            description=prompt.description,
            arguments=[types.PromptArgument(name=name, required=True) for name in prompt.arguments],
        )
        for prompt in prompts
    ]
    _append(server, "prompts/list", "prompts", definitions)
    _answer_first(server, "prompts/get", lambda params: by_name.get(params.name))


def add_resources(server: Server[None], *resources: RawResource) -> None:
    """List `resources`, and serve those that bring their contents."""
    by_uri = {resource.definition.uri: resource for resource in resources if resource.contents is not None}
    _append(server, "resources/list", "resources", [resource.definition for resource in resources])
    _answer_first(server, "resources/read", lambda params: by_uri.get(params.uri))


def _append(server: Server[None], method: str, key: str, more: list[Any]) -> None:
    ours = server.get_request_handler(method)
    assert ours is not None

    async def run(context: Context, params: Any) -> BaseModel:
        listed = await ours.handler(context, params)
        return listed.model_copy(update={key: [*getattr(listed, key), *more]})

    server.add_request_handler(method, ours.params_type, run)


def _answer_first(server: Server[None], method: str, find: Callable[[Any], Any]) -> None:
    ours = server.get_request_handler(method)
    assert ours is not None

    async def run(context: Context, params: Any) -> Any:
        fixture = find(params)
        return await (ours.handler if fixture is None else fixture.run)(context, params)

    server.add_request_handler(method, ours.params_type, run)
