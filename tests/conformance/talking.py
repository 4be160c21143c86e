"""Fixtures that talk to the client during a call: progress, log lines, and the requests that only the handshake era has."""

import asyncio
from typing import Any

import mcp_types as types
from mcp.shared.exceptions import MCPError

from .raw import Context, RawTool, said

_PAUSE_S = 0.05
"""The suite asks for it, to see messages arrive one by one."""


async def _progress(context: Context, _: types.CallToolRequestParams) -> types.CallToolResult:
    for done in (0, 50, 100):
        await context.session.report_progress(done, 100)
        await asyncio.sleep(_PAUSE_S)
    return said("Progress was told.")


async def _log(context: Context, _: types.CallToolRequestParams) -> types.CallToolResult:
    for line in ("Tool execution started", "Tool processing data", "Tool execution completed"):
        await context.session.send_log_message("info", line, related_request_id=context.request_id)
        await asyncio.sleep(_PAUSE_S)
    return said("Lines were logged.")


async def _sample(context: Context, params: types.CallToolRequestParams) -> types.CallToolResult:
    prompt = types.TextContent(type="text", text=(params.arguments or {})["prompt"])
    result = await context.session.create_message(
        [types.SamplingMessage(role="user", content=prompt)],
        max_tokens=100,
        related_request_id=context.request_id,
    )
    return said(f"LLM response: {result.content.text}")


async def _need_sampling(context: Context, _: types.CallToolRequestParams) -> types.CallToolResult:
    needed = types.ClientCapabilities(sampling=types.SamplingCapability())
    if not context.session.check_client_capability(needed):
        raise MCPError(
            types.MISSING_REQUIRED_CLIENT_CAPABILITY,
            "This tool needs a client that offers sampling.",
            {"requiredCapabilities": {"sampling": {}}},
        )
    return said("The client offers sampling.")


def _form(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    return {"type": "object", "properties": properties, **({"required": [*required]} if required else {})}


def _asks(name: str, description: str, form: dict[str, Any]) -> RawTool:
    async def run(context: Context, params: types.CallToolRequestParams) -> types.CallToolResult:
        message = (params.arguments or {}).get("message", description)
        answer = await context.session.elicit_form(message, form, related_request_id=context.request_id)
        return said(f"Elicitation completed: action={answer.action}, content={answer.content}")

    return RawTool(name=name, description=description, run=run, schema=_form({"message": {"type": "string"}}))


_OPTIONS = ["option1", "option2", "option3"]
_TITLED = [{"const": f"value{number}", "title": f"Option {number}"} for number in (1, 2, 3)]

TOOLS = (
    RawTool(name="test_tool_with_progress", description="Tell progress.", run=_progress),
    RawTool(name="test_tool_with_logging", description="Send log lines.", run=_log),
    RawTool(name="test_logging_tool", description="Send log lines if they are wanted.", run=_log),
    RawTool(
        name="test_sampling",
        description="Ask the client's model.",
        run=_sample,
        schema=_form({"prompt": {"type": "string"}}, "prompt"),
    ),
    RawTool(name="test_missing_capability", description="Insist on sampling.", run=_need_sampling),
    _asks(
        "test_elicitation",
        "Ask who is there.",
        _form(
            {
                "username": {"type": "string", "description": "User's response"},
                "email": {"type": "string", "description": "User's email address"},
            },
            "username",
            "email",
        ),
    ),
    _asks(
        "test_elicitation_sep1034_defaults",
        "Ask with a default in every field.",
        _form(
            {
                "name": {"type": "string", "default": "John Doe"},
                "age": {"type": "integer", "default": 30},
                "score": {"type": "number", "default": 95.5},
                "status": {"type": "string", "enum": ["active", "inactive", "pending"], "default": "active"},
                "verified": {"type": "boolean", "default": True},
            }
        ),
    ),
    _asks(
        "test_elicitation_sep1330_enums",
        "Ask for choices of every form.",
        _form(
            {
                "untitledSingle": {"type": "string", "enum": _OPTIONS},
                "titledSingle": {"type": "string", "oneOf": _TITLED},
                "legacyEnum": {
                    "type": "string",
                    "enum": ["opt1", "opt2", "opt3"],
                    "enumNames": ["Option One", "Option Two", "Option Three"],
                },
                "untitledMulti": {"type": "array", "items": {"type": "string", "enum": _OPTIONS}},
                "titledMulti": {"type": "array", "items": {"anyOf": _TITLED}},
            }
        ),
    ),
)
