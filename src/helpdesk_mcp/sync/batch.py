"""A page of records on its way into the store: rows, and what could not be made one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from helpdesk_mcp.atera import wire
from helpdesk_mcp.store.payloads import Row, key_of
from helpdesk_mcp.store.quarantine import Refused
from helpdesk_mcp.store.sweep import Key
from helpdesk_mcp.sync.stream import Kind


@dataclass(slots=True)
class Batch:
    """The records of a page: those to store by key, and those that could not be read."""

    kind: Kind
    parsed: wire.Parsed[Any]
    rows: dict[Key, Row] = field(default_factory=dict[Key, Row])
    records: dict[Key, Any] = field(default_factory=dict[Key, Any])
    refused: list[Refused] = field(default_factory=list[Refused])
    refused_keys: set[Key] = field(default_factory=set[Key])

    @property
    def keys(self) -> set[Key]:
        """Return the keys of all records, bad ones included as far as they have one."""
        return set(self.rows) | self.refused_keys

    @property
    def size(self) -> int:
        """Return how many records the page had."""
        return len(self.parsed.rows) + len(self.parsed.bad)


def read_batch(kind: Kind, items: Sequence[Any], at: datetime) -> Batch:
    """Return the rows of a page as the store takes them, each with its raw record and the moment before it was asked for."""
    parsed = wire.parse(kind.model, items)
    batch = Batch(kind, parsed)
    for bad in parsed.bad:
        _refuse(batch, bad.raw, bad.reason)
    for record, raw in parsed.rows:
        try:
            columns = kind.to_row(record)
        except ValueError as error:
            _refuse(batch, raw, str(error))
            continue
        kept = _without_secrets(kind, raw)
        row = {**columns, "raw": kept, "raw_hash": wire.canonical_hash(kept), "fetched_at": at}
        key = key_of(kind.table, row)
        batch.rows[key], batch.records[key] = row, record
    return batch


def refuse(kind: Kind, raw: Any, reason: str, *, of: int | None = None) -> Refused:
    """Return a record that could not be stored, its secrets removed, as the quarantine keeps it.

    `of` is the id of the ticket or machine that it belongs to, where it has none of its own.
    """
    kept = _without_secrets(kind, raw)
    key = _id(kind, raw) if of is None else of
    row = {"row": kept} if of is None else {"row": kept, "of": of}
    return Refused(kept, wire.canonical_hash(row), None if key is None else str(key), reason)


def _refuse(batch: Batch, raw: Any, reason: str) -> None:
    batch.refused.append(refuse(batch.kind, raw, reason))
    key = _id(batch.kind, raw)
    if isinstance(key, int):
        batch.refused_keys.add((key,))


def _id(kind: Kind, raw: Any) -> Any:
    return cast("dict[str, Any]", raw).get(kind.id_field) if isinstance(raw, dict) else None


def _without_secrets(kind: Kind, raw: Any) -> Any:
    if not kind.secrets or not isinstance(raw, dict):
        return raw
    return {name: value for name, value in cast("dict[str, Any]", raw).items() if name not in kind.secrets}
