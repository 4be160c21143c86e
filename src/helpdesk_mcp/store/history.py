"""Who moved a ticket, and when did it become late: Atera does not tell, so each difference between two readings is kept.

Also decides when a ticket's conversation or time entries must be read again, which the same differences show.
"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Row as StoredRow
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from helpdesk_mcp.store.payloads import Row, payload, recordset
from helpdesk_mcp.store.tables import ticket, ticket_history

TRACKED = ("status", "priority", "impact", "type", "title", "technician_name", "contact_name", "due_at")
"""Columns of ticket whose changes are kept."""

FIRST_SEEN: Mapping[str, Any] = MappingProxyType(
    {"field_changed_at": None, "thread_due": True, "time_due": False}
)
"""What `follow_tickets` says of a ticket that is new."""

_SAYS_SOMETHING_NEW = ("status", "last_contact_comment_at", "last_technician_comment_at")

_MINUTES = ("on_site_minutes", "off_site_minutes", "total_minutes")

_LAST_WORDS = ("LastEndUserComment", "LastTechnicianComment")
"""Fields of raw: Atera stamps whole seconds, so a second comment may come under the stamp of the first."""

_COLUMNS = ", ".join(
    (
        *(
            f"stored.{name}"
            for name in dict.fromkeys(
                (
                    *("id", "fetched_at", "field_changed_at", "thread_due", "time_due"),
                    *(*TRACKED, *_SAYS_SOMETHING_NEW, *_MINUTES),
                )
            )
        ),
        *(f"stored.raw ->> '{name}' AS \"{name}\"" for name in _LAST_WORDS),
    )
)
_LOCK = (
    f"SELECT {_COLUMNS} FROM {ticket.fullname} AS stored JOIN {recordset(ticket, ('id',))} USING (id)"  # noqa: S608 - names of our own tables
    " ORDER BY id FOR UPDATE OF stored"
)


async def follow_tickets(connection: AsyncConnection, rows: list[Row]) -> list[Row]:
    """Write the history of rows that are about to replace stored ones; return them with what only the store knows."""
    found = await connection.exec_driver_sql(_LOCK, (payload({"id": row["id"]} for row in rows),))
    stored = {old.id: old for old in found.all()}
    changes: list[Row] = []
    followed: list[Row] = []
    for row in rows:
        old = stored.get(row["id"])
        if old is None:
            followed.append({**row, **FIRST_SEEN})
            continue
        differences = _differences(old, row) if old.fetched_at < row["fetched_at"] else []
        changes += differences
        followed.append(
            {
                **row,
                "field_changed_at": row["fetched_at"] if differences else old.field_changed_at,
                "thread_due": old.thread_due or _says_something_new(old, row),
                "time_due": old.time_due or any(_differs(old, row, name) for name in _MINUTES),
            }
        )
    if changes:
        await connection.execute(insert(ticket_history), changes)
    return followed


def _says_something_new(old: StoredRow[Any], row: Row) -> bool:
    return any(_differs(old, row, name) for name in _SAYS_SOMETHING_NEW) or any(
        row["raw"].get(name) not in (None, getattr(old, name)) for name in _LAST_WORDS
    )


def _differences(old: StoredRow[Any], row: Row) -> list[Row]:
    return [
        {
            "ticket_id": row["id"],
            "seen_at": row["fetched_at"],
            "field": name,
            "old": _as_text(getattr(old, name)),
            "new": _as_text(row[name]),
        }
        for name in TRACKED
        if _differs(old, row, name)
    ]


def _differs(old: StoredRow[Any], row: Row, name: str) -> bool:
    return bool(getattr(old, name) != row[name])


def _as_text(value: Any) -> str | None:
    if isinstance(value, datetime):
        return value.isoformat()
    return None if value is None else str(value)
