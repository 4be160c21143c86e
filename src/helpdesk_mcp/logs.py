"""Logging: stderr only, because stdout belongs to the protocol; one event a line, as `event key=value` or as JSON.

What people wrote and asked stays out: secrets are masked, and of an error only its kind and place are told, because its message
may quote a row or an argument; `DEBUG` tells it in full. Lines of one call carry its id.
"""

import ast
import json
import logging
import re
import sys
import traceback
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, Literal

Format = Literal["text", "json"]

_request_id: ContextVar[str] = ContextVar("helpdesk_request_id", default="")

_SECRETS = re.compile(
    r"(?i)(authorization|x-api-key|password|token)(\"?\s*[=:]\s*\"?)(bearer\s+)?[^\s\"&,]+"
    r"|(?<=://)([^:/@\s]+):([^@/\s]+)(?=@)"
    r"|\bhdmcp_[0-9a-f]+"
    r"|\beyJ[\w-]+\.[\w-]+\.[\w-]*"
)
_VALUE = r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|\S*"
_EVENT = re.compile(rf"([a-z][a-z_]*)((?: [a-z_]+=(?:{_VALUE}))*)")
_PAIR = re.compile(rf" ([a-z_]+)=({_VALUE})")
_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d+)?")


def redact(text: str) -> str:
    """Return `text` with passwords in URLs, tokens and authorization headers replaced by `***`."""
    return _SECRETS.sub(_masked, text)


def request_id() -> str:
    """Return the id of the call that this task works for; empty outside of calls."""
    return _request_id.get()


@contextmanager
def of_request(identity: str) -> Generator[None]:
    """Put an id on every line that is logged inside, also by tasks that are started there."""
    token = _request_id.set(identity)
    try:
        yield
    finally:
        _request_id.reset(token)


def configure(level: str, form: Format = "text") -> None:
    """Send this process's logs to stderr at `level`; libraries speak from WARNING up."""
    handler = logging.StreamHandler(sys.stderr)
    kind = _Json if form == "json" else _Lines
    handler.setFormatter(kind(tells_messages=level == "DEBUG"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    for ours in ("helpdesk_mcp", "atera_simulator"):
        logging.getLogger(ours).setLevel(level)


def _masked(match: re.Match[str]) -> str:
    if match[1]:
        return f"{match[1]}{match[2]}***"
    return f"{match[4]}:***" if match[4] else "***"


class _Lines(logging.Formatter):
    def __init__(self, *, tells_messages: bool) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")
        self._tells_messages = tells_messages

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the base class's name
        # One event stays one line, whatever a stranger put into a name.
        line = super().formatMessage(record).replace("\r", "\\r").replace("\n", "\\n")
        return f"{line} request={identity}" if (identity := request_id()) else line

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the base class's name
        if self._tells_messages or ei[1] is None:
            return super().formatException(ei)
        return _places(ei[1])


class _Json(_Lines):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
        }
        if identity := request_id():
            line["request"] = identity
        # What an event says of itself never takes the place of what is known of its line.
        line = {**_parts(redact(record.getMessage())), **line}
        if record.exc_info:
            line["exception"] = redact(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


def _parts(message: str) -> dict[str, Any]:
    """Return an event with its values, or a sentence as the message that it is."""
    match = _EVENT.fullmatch(message)
    if match is None:
        return {"message": message}
    return {"event": match[1], **{name: _value(said) for name, said in _PAIR.findall(match[2])}}


def _value(said: str) -> Any:
    if _NUMBER.fullmatch(said):
        return float(said) if "." in said else int(said)
    if said[:1] in {"'", '"'}:
        try:
            return ast.literal_eval(said)
        except (SyntaxError, ValueError):
            return said
    return said


def _places(error: BaseException) -> str:
    """Return the traceback of an error and of its causes without a word of their messages."""
    told: list[str] = []
    current: BaseException | None = error
    while current is not None:
        frames = "".join(traceback.format_tb(current.__traceback__))
        kind = type(current)
        name = (
            kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
        )
        told.append(f"Traceback (most recent call last):\n{frames}{name}")
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return "\n\nwhich came of\n\n".join(told)
