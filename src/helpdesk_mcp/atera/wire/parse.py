"""From the rows of a page to records, without losing the page to one bad row.

A whole page is validated at once, which is the common case and the fast one; only when that fails is each row tried alone.
Why the counts: Atera changes its records without notice, and a field that appears or vanishes shows here first.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from hashlib import blake2b
from typing import Any, Generic, TypeVar

import orjson
from pydantic import TypeAdapter, ValidationError

from helpdesk_mcp.atera.wire.record import Record

RecordT = TypeVar("RecordT", bound=Record)


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that could not be read, and why: one clause per field, without the values."""

    raw: Any
    reason: str


@dataclass(frozen=True, slots=True)
class Parsed(Generic[RecordT]):
    """The rows of a page in their order, and what was odd about them."""

    rows: list[tuple[RecordT, dict[str, Any]]]
    bad: list[BadRow] = field(default_factory=list[BadRow])
    unknown_fields: Counter[str] = field(default_factory=Counter[str])
    """Fields that the record does not declare, by name: rows that had them."""
    missing_fields: Counter[str] = field(default_factory=Counter[str])
    """Declared fields that did not come, by name: rows that lacked them. Some come only when asked for."""
    naive_times: Counter[str] = field(default_factory=Counter[str])
    """Times without a zone, taken for UTC, by name: rows that had them."""


def parse(model: type[RecordT], items: Sequence[Any]) -> Parsed[RecordT]:
    """Return the records of a page beside their raw rows; rows that cannot be read are in `bad`, the others still come."""
    naive: Counter[str] = Counter()
    try:
        records: list[RecordT] = _list_of(model).validate_python(items, context=naive)
    except ValidationError:
        parsed = _parse_singly(model, items)
    else:
        parsed = Parsed(list(zip(records, items, strict=True)), naive_times=naive)
    _count_drift(model, parsed)
    return parsed


def parse_one(model: type[RecordT], raw: Any) -> RecordT:
    """Return one record. ValueError, with the same reason as a BadRow, when it cannot be read."""
    parsed = parse(model, [raw])
    if parsed.bad:
        raise ValueError(parsed.bad[0].reason)
    return parsed.rows[0][0]


def canonical_hash(raw: dict[str, Any]) -> int:
    """Return a signed 64-bit fingerprint of a row that does not depend on the order of its keys: equal means unchanged."""
    ordered = orjson.dumps(raw, option=orjson.OPT_SORT_KEYS)
    return int.from_bytes(blake2b(ordered, digest_size=8).digest(), signed=True)


@cache
def _list_of(model: type[Record]) -> TypeAdapter[Any]:
    """Return the compiled reader of a list of records: building one costs more than reading a page."""
    listed: Any = list[model]
    adapter: TypeAdapter[Any] = TypeAdapter(listed)
    return adapter


@cache
def _declared(model: type[Record]) -> frozenset[str]:
    return frozenset(model.model_fields)


def _parse_singly(model: type[RecordT], items: Sequence[Any]) -> Parsed[RecordT]:
    rows: list[tuple[RecordT, dict[str, Any]]] = []
    bad: list[BadRow] = []
    naive_times: Counter[str] = Counter()
    for raw in items:
        naive: Counter[str] = Counter()
        try:
            rows.append((model.model_validate(raw, context=naive), raw))
        except ValidationError as error:
            bad.append(BadRow(raw, _reason(error)))
        else:
            naive_times.update(naive)
    return Parsed(rows, bad, naive_times=naive_times)


def _reason(error: ValidationError) -> str:
    problems = error.errors(include_url=False, include_input=False, include_context=False)
    # Of the members of a union the last one speaks, which is ours.
    by_place = {_place(problem["loc"]): problem["msg"].removeprefix("Value error, ") for problem in problems}
    return "; ".join(f"{place}: {message}" if place else message for place, message in by_place.items())


def _place(loc: tuple[int | str, ...]) -> str:
    """Return the way to a field without the names of union members, which pydantic puts at its end."""
    members = {"datetime", "int", "float", "bool"}
    return ".".join(str(part) for part in loc if part not in members and "-" not in str(part))


def _count_drift(model: type[RecordT], parsed: Parsed[RecordT]) -> None:
    declared = _declared(model)
    for _, raw in parsed.rows:
        if raw.keys() != declared:
            sent = model.spelled_as_declared(raw).keys()
            parsed.unknown_fields.update(sent - declared)
            parsed.missing_fields.update(declared - sent)
