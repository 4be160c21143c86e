"""Time that an engineer has booked already."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from helpdesk_mcp.sdk import ReadSession, tables


@dataclass(frozen=True, slots=True)
class Booked:
    """One time entry."""

    started_at: datetime
    ended_at: datetime
    number: str | None
    """Of its ticket; None: the ticket is not in the local copy."""


async def overlapping(
    db: ReadSession, technician_id: int, start: datetime, end: datetime, limit: int
) -> list[Booked]:
    """Return the engineer's entries that share time with the span from `start` to `end`."""
    entry, ticket = tables.time_entry, tables.ticket
    statement = (
        select(entry.c.started_at, entry.c.ended_at, ticket.c.number)
        .select_from(entry.outerjoin(ticket, ticket.c.id == entry.c.ticket_id))
        .where(
            entry.c.technician_id == technician_id,
            entry.c.started_at < end,
            entry.c.ended_at > start,
            entry.c.deleted_at.is_(None),
        )
        .order_by(entry.c.started_at)
        .limit(limit)
    )
    return [Booked(*row) for row in await db.rows(statement)]
