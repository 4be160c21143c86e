"""Time entries: which tickets' must be read one by one, as their minutes changed and the entries we hold do not explain it.

Atera lists entries by when the work was done, so those logged for the distant past show in no list of the recent days.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Row, and_, extract, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from helpdesk_mcp.store.tables import ticket, time_entry

_e = time_entry.c


async def settle(connection: AsyncConnection) -> None:
    """Let those tickets go whose entries came with the others meanwhile."""
    explained = and_(
        _is_explained(ticket.c.total_minutes), _is_explained(ticket.c.on_site_minutes, _e.is_on_site)
    )
    await connection.execute(update(ticket).where(ticket.c.time_due, explained).values(time_due=False))


async def due(connection: AsyncConnection, limit: int) -> Sequence[int]:
    """Return tickets whose entries must be read, the newest first."""
    statement = select(ticket.c.id).where(ticket.c.time_due, ticket.c.deleted_at.is_(None))
    return list(await connection.scalars(statement.order_by(ticket.c.id.desc()).limit(limit)))


async def whose(connection: AsyncConnection, ticket_id: int) -> Row[int | None, int | None, int | None]:
    """Return a ticket's customer and contact, and its minutes in all."""
    columns = (ticket.c.customer_id, ticket.c.contact_id, ticket.c.total_minutes)
    return (await connection.execute(select(*columns).where(ticket.c.id == ticket_id))).one()


async def done(connection: AsyncConnection, ticket_id: int, *, read_at: datetime) -> None:
    """Keep that a ticket's entries were read; `read_at` is the moment before Atera was asked."""
    # A version of the ticket that came after this reading may have changed the minutes once more.
    still_due = and_(ticket.c.time_due, ticket.c.fetched_at > read_at)
    statement = update(ticket).where(ticket.c.id == ticket_id, ticket.c.time_due)
    await connection.execute(statement.values(time_due=still_due))


def _is_explained(minutes: ColumnElement[int], *which: ColumnElement[bool]) -> ColumnElement[bool]:
    seconds = (
        select(func.coalesce(func.sum(extract("epoch", _e.ended_at - _e.started_at)), 0))
        .where(_e.ticket_id == ticket.c.id, _e.deleted_at.is_(None), *which)
        .scalar_subquery()
    )
    return or_(minutes.is_(None), func.floor(seconds / 60) == minutes)
