"""Comments: they have no id, so their key is made of what they say, who said it and when."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from helpdesk_mcp.atera import wire
from helpdesk_mcp.store.payloads import Row
from helpdesk_mcp.sync.rows.tickets import sighting
from helpdesk_mcp.sync.rows.values import joined
from helpdesk_mcp.text import inspect_hidden, to_plain

Pair = tuple[wire.Comment, dict[str, Any]]
"""A comment and its raw record."""


def comment_rows(ticket_id: int, comments: Iterable[Pair]) -> list[Row]:
    """Return the rows of a whole conversation: equal comments are told apart by counting them."""
    repeats: Counter[int] = Counter()
    rows: list[Row] = []
    for record, raw in comments:
        row = _comment_row(ticket_id, record, raw)
        repeats[row["key"]] += 1
        if repeats[row["key"]] > 1:
            row["key"] = wire.canonical_hash({"key": row["key"], "repeat": repeats[row["key"]]})
        rows.append(row)
    return rows


def comment_sightings(record: wire.Comment) -> Iterator[Row]:
    """Yield the technician who wrote, as a row of technician."""
    name = joined(record.FirstName, record.LastName)
    yield from sighting(record.TechnicianContactID, name, record.Email, record.Date)


def _comment_row(ticket_id: int, record: wire.Comment, raw: dict[str, Any]) -> Row:
    source = record.CommentHtml or record.Comment or ""
    body = to_plain(source)
    kind, author = _author(record)
    said = {
        "ticket": ticket_id,
        "date": record.Date,
        "kind": kind,
        "author": author,
        "text": record.Comment or source,
    }
    return {
        "key": wire.canonical_hash(said),
        "ticket_id": ticket_id,
        "at": record.Date,
        "author_kind": kind,
        "author_id": author,
        "author_name": joined(record.FirstName, record.LastName) or record.Email,
        "author_email": record.Email,
        # A missing flag must never show an internal note to the outside.
        "is_internal": record.IsInternal is not False,
        "body": body,
        "source": None if body == source else source,
        "hidden": list(inspect_hidden(source)) or None,
        "extra": {name: value for name, value in raw.items() if name not in wire.Comment.model_fields}
        or None,
    }


def _author(record: wire.Comment) -> tuple[str, int | None]:
    if record.TechnicianContactID is not None:
        return "technician", record.TechnicianContactID
    if record.EndUserID is not None:
        return "contact", record.EndUserID
    return "system", None
