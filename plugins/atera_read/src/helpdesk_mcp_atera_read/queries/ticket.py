"""One ticket with all that belongs to it: contract, conversation, time, alerts, changes, custom values."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Literal

from sqlalchemy import ARRAY, BigInteger, and_, bindparam, func, or_, select, true

from helpdesk_mcp.sdk import ReadSession, tables

AuthorKind = Literal["technician", "contact", "system"]

_t, _c, _w, _h = (
    tables.ticket.c,
    tables.ticket_comment.c,
    tables.time_entry.c,
    tables.ticket_history.c,
)


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket's own fields, named as the columns of `tables.ticket`."""

    id: int
    number: str
    title: str
    description: str
    hidden: list[str] | None
    status: str
    priority: str | None
    impact: str | None
    type: str | None
    source: str | None
    customer_id: int | None
    customer_name: str | None
    contact_name: str | None
    contact_email: str | None
    contact_phone: str | None
    technician_id: int | None
    technician_name: str | None
    created_at: datetime
    resolved_at: datetime | None
    first_response_due_at: datetime | None
    due_at: datetime | None
    first_response_at: datetime | None
    active_at: datetime
    on_site_minutes: int | None
    off_site_minutes: int | None
    total_minutes: int | None
    thread_read_at: datetime | None
    is_open: bool
    contract: str | None


@dataclass(frozen=True, slots=True)
class Comment:
    """One message of the conversation."""

    number: int
    """Its place in the whole conversation, internal notes included: 1 is the oldest."""
    at: datetime
    author_kind: AuthorKind
    author_name: str | None
    is_internal: bool
    body: str
    hidden: list[str] | None


@dataclass(frozen=True, slots=True)
class LastMessage:
    """One of the last messages of some ticket."""

    ticket_id: int
    at: datetime
    author_kind: AuthorKind
    author_name: str | None
    is_internal: bool
    body: str
    hidden: list[str] | None


@dataclass(frozen=True, slots=True)
class TimeEntry:
    """Time that somebody worked on the ticket."""

    technician_name: str | None
    started_at: datetime | None
    ended_at: datetime | None
    is_billable: bool | None
    is_on_site: bool | None
    description: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """A field that had another value when the ticket was read before."""

    seen_at: datetime
    field: str
    old: str | None
    new: str | None


_TICKET = select(
    *(_t[field.name] for field in fields(Ticket) if field.name != "contract"), tables.contract.c.name
).select_from(tables.ticket.outerjoin(tables.contract, tables.contract.c.id == _t.contract_id))


async def by_number_or_id(db: ReadSession, said: str, as_id: int | None) -> list[Ticket]:
    """Return the tickets that have `said` as their number or as their id, the one with the number first."""
    statement = (
        _TICKET.where(or_(_t.number == said, _t.id == as_id), _t.deleted_at.is_(None))
        .order_by((_t.number == said).desc())
        .limit(2)
    )
    return [Ticket(*row) for row in await db.rows(statement)]


async def comments(db: ReadSession, ticket_id: int) -> list[Comment]:
    """Return the whole conversation, oldest first."""
    statement = (
        select(_c.at, _c.author_kind, _c.author_name, _c.author_email, _c.is_internal, _c.body, _c.hidden)
        .where(_c.ticket_id == ticket_id, _c.deleted_at.is_(None))
        .order_by(_c.at, _c.key)
    )
    return [
        Comment(
            number,
            row.at,
            row.author_kind,
            row.author_name or row.author_email,
            row.is_internal,
            row.body,
            row.hidden,
        )
        for number, row in enumerate(await db.rows(statement), start=1)
    ]


async def last_messages(
    db: ReadSession, ticket_ids: Sequence[int], each: int, kinds: Sequence[AuthorKind]
) -> list[LastMessage]:
    """Return the last messages of each of these tickets that were written by these kinds of authors, newest first."""
    ids = bindparam("ids", list(ticket_ids), ARRAY(BigInteger))
    wanted = func.unnest(ids).table_valued("id").render_derived("wanted")
    last = (
        select(_c.ticket_id, _c.at, _c.author_kind, _c.author_name, _c.is_internal, _c.body, _c.hidden)
        .where(_c.ticket_id == wanted.c.id, _c.author_kind.in_(kinds), _c.deleted_at.is_(None))
        .order_by(_c.at.desc(), _c.key)
        .limit(each)
        .lateral()
    )
    rows = await db.rows(select(last).select_from(wanted.join(last, true())).order_by(last.c.at.desc()))
    return [LastMessage(*row) for row in rows]


async def time_entries(db: ReadSession, ticket_id: int) -> list[TimeEntry]:
    """Return the time worked, oldest first."""
    statement = (
        select(_w.technician_name, _w.started_at, _w.ended_at, _w.is_billable, _w.is_on_site, _w.description)
        .where(_w.ticket_id == ticket_id, _w.deleted_at.is_(None))
        .order_by(_w.started_at, _w.id)
    )
    return [TimeEntry(*row) for row in await db.rows(statement)]


async def changes(db: ReadSession, ticket_id: int, limit: int) -> list[Change]:
    """Return the last changes of fields, oldest first."""
    statement = (
        select(_h.seen_at, _h.field, _h.old, _h.new)
        .where(_h.ticket_id == ticket_id)
        .order_by(_h.seen_at.desc(), _h.id.desc())
        .limit(limit)
    )
    return [Change(*row) for row in reversed(await db.rows(statement))]


async def custom_values(db: ReadSession, ticket_id: int) -> list[tuple[str, str]]:
    """Return the names and values of the provider's own fields on a ticket."""
    value = tables.custom_value.c
    statement = (
        select(value.name, value.value)
        .where(and_(value.target == "Ticket", value.item_id == ticket_id))
        .order_by(value.name)
    )
    return [(row.name, row.value) for row in await db.rows(statement)]


async def numbers_like(db: ReadSession, start: str, limit: int) -> list[str]:
    """Return numbers of tickets that start so, newest ticket first."""
    statement = (
        select(_t.number)
        .where(func.starts_with(_t.number, start), _t.deleted_at.is_(None))
        .order_by(_t.created_at.desc(), _t.id)
        .limit(limit)
    )
    return [row.number for row in await db.rows(statement)]
