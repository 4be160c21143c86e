"""What faults do to a finished answer: bytes in, bytes out."""

import re
from collections.abc import Callable
from typing import Any, cast

import orjson

from atera_simulator.faults import Fault
from atera_simulator.world import Record

HTML = b"<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>Checking your browser</body></html>"
_MOMENT = re.compile(rb'"(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.\d+)?Z"')


def spoil(body: bytes, fault: Fault) -> tuple[bytes, str | None]:
    """Return the body as the fault leaves it, and its media type where that changes."""
    if fault.kind == "html":
        return HTML, "text/html; charset=utf-8"
    return _SPOILERS[fault.kind](body, fault) if fault.kind in _SPOILERS else body, None


def without_zone(body: bytes) -> bytes:
    """Return the body with every date as some of Atera's endpoints give it: no zone, seven fraction digits.

    The fraction is a tenth of a microsecond, so that the moment stays the same for who cuts it off.
    """
    return _MOMENT.sub(rb'"\1.0000001"', body)


def _extra_field(record: Record, fault: Fault) -> None:
    record[str(fault.value or "BrandNewField")] = {"Since": "tomorrow"}


def _missing_field(record: Record, fault: Fault) -> None:
    record.pop(str(fault.value or list(record)[1]), None)


def _wrong_type(record: Record, fault: Fault) -> None:
    record[str(fault.value or next(iter(record)))] = ["unexpected"]


def _records(payload: Any) -> list[Record]:
    found = cast("Record", payload).get("items", payload) if isinstance(payload, dict) else payload
    rows = cast("list[Any]", found) if isinstance(found, list) else [found]
    return [row for row in rows if isinstance(row, dict) and row]


def _in_records(
    change: Callable[[Record, Fault], None], limit: int | None = None
) -> Callable[[bytes, Fault], bytes]:
    def apply(body: bytes, fault: Fault) -> bytes:
        if not body:
            return body
        payload = orjson.loads(body)
        for record in _records(payload)[:limit]:
            change(record, fault)
        return orjson.dumps(payload)

    return apply


def _truncated(body: bytes, _: Fault) -> bytes:
    return body[: len(body) // 2]


def _malformed(body: bytes, _: Fault) -> bytes:
    return body.replace(b'"', b"'", 2) + b",}"


def _bad_utf8(body: bytes, _: Fault) -> bytes:
    return body.replace(b': "', b': "\xff', 1).replace(b':"', b':"\xff', 1)


_SPOILERS: dict[str, Callable[[bytes, Fault], bytes]] = {
    "truncated": _truncated,
    "malformed": _malformed,
    "bad-utf8": _bad_utf8,
    "extra-field": _in_records(_extra_field),
    "missing-field": _in_records(_missing_field),
    "wrong-type": _in_records(_wrong_type, limit=1),
}
