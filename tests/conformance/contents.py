"""Fixtures whose answers are fixed: contents that are not text, and a schema with every keyword the suite looks for."""

import base64
import io
import struct
import wave
import zlib
from typing import Any

import mcp_types as types

from .raw import Context, RawPrompt, RawResource, RawTool, said

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def _png() -> str:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    red = zlib.compress(b"\0\xff\0\0")
    return _text64(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", red) + chunk(b"IEND", b""))


def _wav() -> str:
    with io.BytesIO() as made:
        with wave.open(made, "wb") as sound:
            sound.setnchannels(1)
            sound.setsampwidth(2)
            sound.setframerate(8000)
            sound.writeframes(bytes(16))
        return _text64(made.getvalue())


def _text64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _embedded(uri: str, mime_type: str, text: str) -> types.EmbeddedResource:
    contents = types.TextResourceContents(uri=uri, mime_type=mime_type, text=text)
    return types.EmbeddedResource(type="resource", resource=contents)


_IMAGE = types.ImageContent(type="image", data=_png(), mime_type="image/png")
_AUDIO = types.AudioContent(type="audio", data=_wav(), mime_type="audio/wav")


def _fixed(name: str, description: str, *content: types.ContentBlock) -> RawTool:
    async def run(_: Context, __: types.CallToolRequestParams) -> types.CallToolResult:
        return types.CallToolResult(content=[*content])

    return RawTool(name=name, description=description, run=run)


async def _accept(_: Context, params: types.CallToolRequestParams) -> types.CallToolResult:
    return said(f"Taken: {params.arguments}")


_SCHEMA: dict[str, Any] = {
    "$schema": _DIALECT,
    "type": "object",
    "$defs": {
        "address": {
            "$anchor": "addressDef",
            "type": "object",
            "properties": {"street": {"type": "string"}, "city": {"type": "string"}},
        }
    },
    "properties": {
        "name": {"type": "string"},
        "address": {"$ref": "#/$defs/address"},
        "contactMethod": {"type": "string", "enum": ["phone", "email"]},
        "phone": {"type": "string"},
        "email": {"type": "string"},
    },
    "allOf": [{"anyOf": [{"required": ["phone"]}, {"required": ["email"]}]}],
    "if": {"properties": {"contactMethod": {"const": "phone"}}, "required": ["contactMethod"]},
    "then": {"required": ["phone"]},
    "else": {"required": ["email"]},
    "additionalProperties": False,
}

TOOLS = (
    _fixed("test_image_content", "Answer with an image.", _IMAGE),
    _fixed("test_audio_content", "Answer with a sound.", _AUDIO),
    _fixed(
        "test_embedded_resource",
        "Answer with a resource.",
        _embedded("test://embedded-resource", "text/plain", "This is an embedded resource content."),
    ),
    _fixed(
        "test_multiple_content_types",
        "Answer with a text, an image and a resource.",
        types.TextContent(type="text", text="Multiple content types test:"),
        _IMAGE,
        _embedded("test://mixed-content-resource", "application/json", '{"test":"data","value":123}'),
    ),
    RawTool(
        name="json_schema_2020_12_tool",
        description="Tool with JSON Schema 2020-12 features",
        run=_accept,
        schema=_SCHEMA,
    ),
)


def _messages(*content: types.ContentBlock) -> types.GetPromptResult:
    return types.GetPromptResult(
        messages=[types.PromptMessage(role="user", content=block) for block in content]
    )


async def _with_resource(_: Context, params: types.GetPromptRequestParams) -> types.GetPromptResult:
    uri = (params.arguments or {})["resourceUri"]
    return _messages(
        _embedded(uri, "text/plain", "Embedded resource content for testing."),
        types.TextContent(type="text", text="Please process the embedded resource above."),
    )


async def _with_image(_: Context, __: types.GetPromptRequestParams) -> types.GetPromptResult:
    return _messages(_IMAGE, types.TextContent(type="text", text="Please analyze the image above."))


PROMPTS = (
    RawPrompt(
        name="test_prompt_with_embedded_resource",
        description="Embed the resource at an address.",
        run=_with_resource,
        arguments=("resourceUri",),
    ),
    RawPrompt(name="test_prompt_with_image", description="Show an image.", run=_with_image),
)

_BINARY = "test://static-binary"
_WATCHED = "test://watched-resource"

RESOURCES = (
    RawResource(
        definition=types.Resource(
            uri="test://static-text", name="static_text", description="Served by the plugin."
        )
    ),
    RawResource(
        definition=types.Resource(uri=_BINARY, name="static_binary", description="An image."),
        contents=types.BlobResourceContents(uri=_BINARY, mime_type="image/png", blob=_IMAGE.data),
    ),
    RawResource(
        definition=types.Resource(uri=_WATCHED, name="watched", description="One to subscribe to."),
        contents=types.TextResourceContents(uri=_WATCHED, mime_type="text/plain", text="Watched."),
    ),
)
