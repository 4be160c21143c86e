"""What must be known of a JSON-RPC message to carry it; its text stays as it came."""

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

PARSE_ERROR = -32700
INVALID_REQUEST = -32600
INTERNAL_ERROR = -32603
SERVER_ERROR = -32000

Id = str | int | float
_NAMED_BY = {"tools/call": "name", "prompts/get": "name", "resources/read": "uri"}
"""Parameter that 2026-07-28 repeats in the header `Mcp-Name`, by method."""

_VERSION = "io.modelcontextprotocol/protocolVersion"
_LINE_ENDS = re.compile(rb"[\r\n]+")
_BASE64 = re.compile(r"=\?base64\?.*\?=")


class Unreadable(Exception):
    """A line that is no JSON-RPC message; the message says why."""

    def __init__(self, text: str, code: int) -> None:
        super().__init__(text)
        self.code = code


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the client: a request (method and id), a notification (method), or an answer (id)."""

    raw: bytes
    method: str | None
    id: Id | None
    params: Mapping[str, Any]

    @property
    def version(self) -> str | None:
        """Protocol version that the message names for itself, as each request does since 2026-07-28."""
        meta: Any = self.params.get("_meta")
        version: Any = cast("dict[str, Any]", meta).get(_VERSION) if isinstance(meta, dict) else None
        return version if isinstance(version, str) else None

    @property
    def cancels(self) -> bool:
        """Whether this message takes a request back: the one named by `requestId`."""
        return self.method == "notifications/cancelled"

    def routing(self) -> dict[str, str]:
        """Return the headers in which 2026-07-28 repeats parts of the body. Our server declares no `x-mcp-header`."""
        if self.version is None or self.method is None:
            return {}
        headers = {"MCP-Protocol-Version": self.version, "Mcp-Method": self.method}
        name = self.params.get(_NAMED_BY.get(self.method, ""))
        return {**headers, "Mcp-Name": _header(name)} if isinstance(name, str) else headers


def read(line: bytes) -> Message:
    """Return the message in a line. Unreadable if there is none."""
    found = fields(line)
    method, identity, params = found.get("method"), found.get("id"), found.get("params")
    if not isinstance(method, str | None) or not isinstance(identity, str | int | float | None):
        raise Unreadable("A message's method is a string, and its id a string or a number.", INVALID_REQUEST)
    return Message(
        raw=line,
        method=method,
        id=identity,
        params=cast("dict[str, Any]", params) if isinstance(params, dict) else {},
    )


def fields(text: bytes) -> dict[str, Any]:
    """Return the members of a message. Unreadable if there is none."""
    try:
        value: Any = json.loads(text)
    except (ValueError, RecursionError):
        raise Unreadable("This line is not JSON.", PARSE_ERROR) from None
    if not isinstance(value, dict):
        raise Unreadable("A message is one JSON object; batches are not part of MCP.", INVALID_REQUEST)
    return cast("dict[str, Any]", value)


def one_line(text: bytes) -> bytes:
    """Return a message in one line: outside of its strings, where a line end must be escaped, JSON takes blanks as well."""
    return _LINE_ENDS.sub(b" ", text.strip())


def error(request: Id | None, code: int, text: str, data: Any = None) -> bytes:
    """Return the line that ends a request with an error of ours."""
    told = {"code": code, "message": text} if data is None else {"code": code, "message": text, "data": data}
    return dump({"jsonrpc": "2.0", "id": request, "error": told})


def dump(message: Mapping[str, Any]) -> bytes:
    """Return a message of our own as a line, in ASCII so that half a surrogate pair from elsewhere does no harm."""
    return json.dumps(message).encode()


def _header(value: str) -> str:
    """Return a value as the protocol writes it into a header: as it is, or in base64 where a header could not carry it."""
    is_plain = value.isascii() and value.isprintable() and value == value.strip()
    if is_plain and not _BASE64.fullmatch(value):
        return value
    return f"=?base64?{base64.b64encode(value.encode('utf-8', 'surrogatepass')).decode()}?="
