"""Request bodies: JSON objects whose fields are checked one by one against their kinds.

Fields outside the model are ignored, as ASP.NET does by default (whether Atera refuses them is not known).
"""

import uuid
from collections.abc import Callable, Iterable
from typing import Any

import orjson
from starlette.requests import Request

from atera_simulator.api.replies import Invalid
from atera_simulator.api.zones import parse_moment
from atera_simulator.world import Record

Check = Callable[[Any], bool]
Model = dict[str, Check]
"""By field name: whether a value fits. None fits where the model's field is nullable."""


def text(value: Any) -> bool:
    """Accept text or null."""
    return value is None or isinstance(value, str)


def integer(value: Any) -> bool:
    """Accept whole number or null."""
    return value is None or required_integer(value)


def required_integer(value: Any) -> bool:
    """Accept whole number."""
    return isinstance(value, int) and not isinstance(value, bool)


def number(value: Any) -> bool:
    """Accept number or null."""
    return value is None or (isinstance(value, (int, float)) and not isinstance(value, bool))


def boolean(value: Any) -> bool:
    """Accept true, false or null."""
    return value is None or isinstance(value, bool)


def required_boolean(value: Any) -> bool:
    """Accept true or false."""
    return isinstance(value, bool)


def date(value: Any) -> bool:
    """Accept ISO 8601 date or null."""
    return value is None or required_date(value)


def required_date(value: Any) -> bool:
    """Accept ISO 8601 date."""
    return _converts(parse_moment, value)


def guid(value: Any) -> bool:
    """Accept UUID."""
    return _converts(uuid.UUID, value)


def structure(value: Any) -> bool:
    """Accept object or null."""
    return value is None or isinstance(value, dict)


def one_of(*options: str) -> Check:
    """Return a check that accepts one of the options, spelled so; enums are not nullable."""

    def check(value: Any) -> bool:
        return value in options

    check.__doc__ = f"Accept one of {', '.join(options)}."
    return check


async def read_body(request: Request, model: Model, required: Iterable[str] = ()) -> Record:
    """Return the fields of the model that the body gives.

    Raises Invalid for a body that is no JSON object, a value of the wrong kind, or a required field that is absent or empty.
    """
    body = await _parsed(request)
    if not isinstance(body, dict):
        raise Invalid({"$": "The body must be a JSON object."})
    return checked(body, model, required)  # pyright: ignore[reportUnknownArgumentType] - JSON, checked field by field


def checked(body: Record, model: Model, required: Iterable[str] = ()) -> Record:
    """Return the model's fields out of a JSON object, or raise Invalid naming every field that does not fit."""
    errors = {
        name: f"The value of {name} is not valid: it must be {_wanted(check)}."
        for name, check in model.items()
        if name in body and not check(body[name])
    }
    errors |= {name: f"The {name} field is required." for name in required if body.get(name) in (None, "")}
    if errors:
        raise Invalid(errors)
    return {name: body[name] for name in model if name in body}


async def read_ids(request: Request, *, limit: int) -> list[int]:
    """Return the body's list of ids; Invalid when it is no such list or longer than the limit."""
    body = await _parsed(request)
    if not isinstance(body, list):
        raise Invalid({"$": "The body must be a JSON array of ids."})
    ids: list[Any] = body  # pyright: ignore[reportUnknownVariableType] - JSON, checked on the next line
    if not all(required_integer(value) for value in ids):
        raise Invalid({"$": "The body must be a JSON array of ids."})
    if len(ids) > limit:
        raise Invalid({"$": f"At most {limit} ids are allowed, not {len(ids)}."})
    return ids


def _wanted(check: Check) -> str:
    return (check.__doc__ or "").removeprefix("Accept ").rstrip(".")


async def _parsed(request: Request) -> Any:
    try:
        return orjson.loads(await request.body())
    except orjson.JSONDecodeError as error:
        raise Invalid({"$": f"The body is not valid JSON: {error}."}) from None


def _converts(convert: Callable[[str], Any], value: Any) -> bool:
    try:
        return isinstance(value, str) and convert(value) is not None
    except ValueError:
        return False
