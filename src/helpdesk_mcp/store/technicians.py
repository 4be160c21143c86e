"""Technicians, harvested: Atera lists none, but names them in tickets, comments and time entries."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import Row as StoredRow
from sqlalchemy import case, func, select
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from helpdesk_mcp.store.payloads import Row
from helpdesk_mcp.store.tables import technician

LAST_SEEN_STEP = timedelta(days=1)
"""How much newer a sighting must be to be worth a write of its own."""


async def sighted(connection: AsyncConnection, sightings: Iterable[Row]) -> int:
    """Store sightings (rows of technician): the newest decides a name; a mail address is never lost. Return rows written."""
    newest: dict[int, Row] = {}
    for sighting in sorted(sightings, key=lambda row: row["last_seen_at"]):
        known = newest.get(sighting["id"], {})
        newest[sighting["id"]] = {**sighting, "email": sighting["email"] or known.get("email")}
    if not newest:
        return 0
    stored = {
        row.id: row for row in await connection.execute(select(technician).where(technician.c.id.in_(newest)))
    }
    writing = [row for key, row in sorted(newest.items()) if key not in stored or _is_news(stored[key], row)]
    if writing:
        await connection.execute(_UPSERT, writing)
    return len(writing)


def _is_news(old: StoredRow[Any], row: Row) -> bool:
    if row["last_seen_at"] <= old.last_seen_at:
        return old.email is None and row["email"] is not None
    differs = row["name"] != old.name or (row["email"] is not None and row["email"] != old.email)
    return differs or row["last_seen_at"] - old.last_seen_at >= LAST_SEEN_STEP


def _upsert() -> Insert:
    statement = insert(technician)
    given, is_newer = statement.excluded, statement.excluded.last_seen_at > technician.c.last_seen_at
    newest_email = case(
        (is_newer, func.coalesce(given.email, technician.c.email)),
        else_=func.coalesce(technician.c.email, given.email),
    )
    return statement.on_conflict_do_update(
        index_elements=["id"],
        set_={
            "name": case((is_newer, given.name), else_=technician.c.name),
            "email": newest_email,
            "last_seen_at": func.greatest(given.last_seen_at, technician.c.last_seen_at),
        },
    )


_UPSERT = _upsert()
