"""The suite's fixtures that a plugin can declare: they are served by the very handlers that serve real plugins."""

import json
from typing import Annotated

from pydantic import Field

from helpdesk_mcp.discovery import Discovered, Loaded
from helpdesk_mcp.sdk import Call, Completion, Plugin, PluginSettings, Prompt, Refused, Resource, Tool


async def test_simple_text(call: Call) -> str:
    """Answer with a fixed text."""
    return "This is a simple text response for testing."


async def test_error_handling(call: Call) -> str:
    """Fail, always."""
    raise Refused("This tool intentionally returns an error for testing")


async def test_header_argument(
    call: Call,
    *,
    region: Annotated[
        str, Field(description="Sent in a header too", json_schema_extra={"x-mcp-header": "Region"})
    ],
) -> str:
    """Take an argument that a client of 2026-07-28 repeats in the header Mcp-Param-Region."""
    return f"Region {region}"


async def test_simple_prompt(call: Call) -> str:
    """Fill in nothing."""
    return "This is a simple prompt for testing."


async def test_prompt_with_arguments(
    call: Call,
    *,
    arg1: Annotated[str, Field(description="First test argument")],
    arg2: Annotated[str, Field(description="Second test argument")],
) -> str:
    """Fill in two arguments."""
    return f"Prompt with arguments: arg1='{arg1}', arg2='{arg2}'"


async def static_text(call: Call) -> str:
    """Read a text whose address has no fields."""
    return "This is the content of the static text resource."


async def template_data(call: Call, *, id: str) -> str:  # noqa: A002 - the suite names the field
    """Read the data of an id."""
    return json.dumps({"id": id, "templateTest": True, "data": f"Data for ID: {id}"})


async def parks(call: Call, typed: str) -> list[str]:
    return [word for word in ("paris", "park", "party") if word.startswith(typed)]


plugin = Plugin(
    name="conformance",
    summary="Fixtures of the official conformance suite.",
    tools=(
        Tool(run=test_simple_text, title="Simple text", effect="read"),
        Tool(run=test_error_handling, title="Error", effect="read"),
        Tool(run=test_header_argument, title="Header argument", effect="read"),
    ),
    prompts=(
        Prompt(run=test_simple_prompt, title="Simple"),
        Prompt(run=test_prompt_with_arguments, title="With arguments"),
    ),
    resources=(
        Resource(uri="test://static-text", run=static_text, title="Static text"),
        Resource(
            uri="test://template/{id}/data", run=template_data, title="Data", mime_type="application/json"
        ),
    ),
    completions=(Completion(argument="arg1", run=parks),),
)

discovered = Discovered((Loaded(plugin, PluginSettings(), "conformance 1"),), ())
