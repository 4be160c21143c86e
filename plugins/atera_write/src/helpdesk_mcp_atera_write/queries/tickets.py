"""Tickets about to be changed, and those that a new one may be a double of."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import func, or_, select

from helpdesk_mcp.sdk import ReadSession, tables

_t = tables.ticket.c
_ALIKE = 0.45
"""Trigram similarity from which two titles are likely to tell of the same thing."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket's own fields, named as the columns of `tables.ticket`."""

    id: int
    number: str
    title: str
    status: str
    priority: str | None
    impact: str | None
    type: str | None
    customer_id: int | None
    customer_name: str | None
    contact_id: int | None
    contact_name: str | None
    contact_email: str | None
    technician_id: int | None
    technician_name: str | None
    created_at: datetime
    is_open: bool


@dataclass(frozen=True, slots=True)
class Like:
    """A ticket that a new one may repeat."""

    ticket: Ticket
    is_alike: bool
    """Its title is similar; else it is only open and of the same contact."""


_TICKET = select(*(_t[field.name] for field in fields(Ticket)))


async def by_ids(db: ReadSession, ids: Sequence[int]) -> list[Ticket]:
    """Return tickets in the order of `ids`."""
    found = {row.id: Ticket(*row) for row in await db.rows(_TICKET.where(_t.id.in_(ids)))}
    return [found[one] for one in ids if one in found]


async def like(
    db: ReadSession, customer_id: int, contact_id: int | None, title: str, *, since: datetime, limit: int
) -> list[Like]:
    """Return tickets of a customer made since a moment, whose title is similar or that are open and of the same contact."""
    alike = func.similarity(_t.title, title)
    is_same_contact = (_t.contact_id == contact_id) & _t.is_open if contact_id is not None else alike > 1
    statement = (
        _TICKET.add_columns(alike > _ALIKE)
        .where(
            _t.customer_id == customer_id,
            _t.created_at > since,
            _t.deleted_at.is_(None),
            or_(alike > _ALIKE, is_same_contact),
        )
        .order_by(alike.desc(), _t.created_at.desc())
        .limit(limit)
    )
    rows = [tuple(row) for row in await db.rows(statement)]
    return [Like(Ticket(*values), is_alike=is_alike) for *values, is_alike in rows]
