"""A tool's arguments: from its signature to the schema that clients see, and from what they send to checked values.

The schema is as short as it stays clear, because every token of it is paid in every conversation: no titles, no nulls in
unions, no defaults that say nothing, and no word that unknown arguments are refused, which they are. Checking is pydantic's; its findings become sentences that say what the tool does take.
"""

import inspect
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import cached_property
from typing import Annotated, Any, cast, get_args, get_origin, get_type_hints

from pydantic import BaseModel, ConfigDict, ValidationError, create_model

from helpdesk_mcp.sdk import Advanced, BadInput

_NOISE = ("title", "default")
_FAR = 1000
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")
_INTEGERS = 2**63
"""Postgres counts from its negative up to it."""
_LONGEST = 80
"""Characters of a wrong value that are repeated in the sentence about it."""


class Arguments:
    """The arguments of one function `async def name(call, *, ...)`."""

    def __init__(self, run: Callable[..., Awaitable[Any]], *, small: bool = False) -> None:
        """Read the signature of `run`; with `small`, arguments marked `Advanced` are neither shown nor taken."""
        self.name = run.__name__
        self._fields = {
            name: (hint, parameter.default)
            for name, hint, parameter in _parameters(run)
            if not (small and _is_advanced(hint))
        }

    @cached_property
    def _model(self) -> type[BaseModel]:
        fields: dict[str, Any] = {
            name: (hint, ... if default is inspect.Parameter.empty else default)
            for name, (hint, default) in self._fields.items()
        }
        return create_model(self.name, __config__=ConfigDict(extra="forbid"), **fields)

    @cached_property
    def schema(self) -> dict[str, Any]:
        """Return the JSON schema for the tool's definition."""
        full = self._model.model_json_schema()
        properties = {
            name: _short(_inlined(schema, full)) for name, schema in full.get("properties", {}).items()
        }
        short: dict[str, Any] = {"type": "object", "properties": properties}
        if required := full.get("required"):
            short["required"] = required
        return short

    def check(self, sent: Mapping[str, Any] | None) -> dict[str, Any]:
        """Return the values for a call; arguments sent as null or blank text count as left out, as many models do that.

        Raises:
            BadInput: a sentence for each argument that is unknown, missing or out of its limits.
        """
        given = {name: value for name, value in (sent or {}).items() if not _is_blank(value)}
        try:
            checked = self._model.model_validate(given)
        except ValidationError as error:
            raise BadInput(
                " ".join(self._sentence(finding) for finding in error.errors(include_url=False))
            ) from error
        values = {name: getattr(checked, name) for name in type(checked).model_fields}
        for name, value in values.items():
            if (reason := unkeepable(value)) is not None:
                raise BadInput(f"{name!r} cannot be used: {reason}.")
        return values

    def _sentence(self, finding: Mapping[str, Any]) -> str:
        name = ".".join(str(part) for part in finding["loc"])
        if finding["type"] == "extra_forbidden":
            return f"{self.name} has no argument {name!r}; it takes {', '.join(self._fields) or 'none'}."
        if finding["type"] == "missing":
            return f"{name!r} is required."
        message = str(finding["msg"]).removeprefix("Value error, ")
        return f"{name!r} cannot be {_told(finding['input'])}: {message[:1].lower()}{message[1:]}."


def _parameters(run: Callable[..., Awaitable[Any]]) -> list[tuple[str, Any, inspect.Parameter]]:
    hints = get_type_hints(run, include_extras=True)
    parameters = list(inspect.signature(run).parameters.items())[1:]  # the first one is the call
    return [(name, hints[name], parameter) for name, parameter in parameters]


def _is_advanced(hint: Any) -> bool:
    return get_origin(hint) is Annotated and any(isinstance(extra, Advanced) for extra in get_args(hint)[1:])


def _is_blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def unkeepable(value: Any) -> str | None:
    """Return why a value of the right type fits into no database; None for one that does."""
    if isinstance(value, str) and _NO_TEXT.search(value):
        return "it holds a NUL or half of a character, which no text has"
    if isinstance(value, int) and not -_INTEGERS <= value < _INTEGERS:
        return "no number here is that large"
    if isinstance(value, list | tuple):
        return next(filter(None, map(unkeepable, cast("Sequence[Any]", value))), None)
    return None


def _told(value: Any) -> str:
    said = repr(value)
    return said if len(said) <= _LONGEST else f"{said[:_LONGEST]}…"


def _inlined(schema: Any, full: Mapping[str, Any]) -> Any:
    """Put definitions where they are referred to: small clients do not follow references."""
    if isinstance(schema, list):
        return [_inlined(part, full) for part in cast("list[Any]", schema)]
    if not isinstance(schema, dict):
        return schema
    named = cast("dict[str, Any]", schema)
    if "$ref" in named:
        return _inlined(full["$defs"][named["$ref"].rsplit("/", 1)[1]], full)
    return {key: _inlined(value, full) for key, value in named.items()}


def _is_only_a_guard(key: str, value: Any) -> bool:
    """Whether it is a limit that nobody means to pass: told to those who do, and to nobody else."""
    return (key == "minimum" and value <= 1) or (key == "maximum" and value >= _FAR)


def _short(schema: dict[str, Any]) -> dict[str, Any]:
    short = {
        key: value for key, value in schema.items() if key not in _NOISE and not _is_only_a_guard(key, value)
    }
    if schema.get("default"):
        short["default"] = schema["default"]
    union = short.pop("anyOf", None)
    if union is not None:
        kept = [_short(part) for part in union if part.get("type") != "null"]
        short = {**kept[0], **short} if len(kept) == 1 else {"anyOf": kept, **short}
    return short
