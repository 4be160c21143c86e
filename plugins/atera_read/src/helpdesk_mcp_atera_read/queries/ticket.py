"""One ticket with all that belongs to it: contract, conversation, time, alerts, changes, custom values."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Literal

from sqlalchemy import ARRAY, BigInteger, Text, any_, bindparam, func, or_, select, true

from helpdesk_mcp.sdk import ReadSession, tables

AuthorKind = Literal["technician", "contact", "system"]

_t, _c, _w, _h, _v = (
    tables.ticket.c,
    tables.ticket_comment.c,
    tables.time_entry.c,
    tables.ticket_history.c,
    tables.custom_value.c,
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


_OF_TICKET = bindparam("ticket_id", type_=BigInteger)
_SAID = bindparam("said", type_=Text)
_BY_NUMBER_OR_ID = (
    select(*(_t[field.name] for field in fields(Ticket) if field.name != "contract"), tables.contract.c.name)
    .select_from(tables.ticket.outerjoin(tables.contract, tables.contract.c.id == _t.contract_id))
    .where(or_(_t.number == _SAID, _t.id == bindparam("as_id")), _t.deleted_at.is_(None))
    .order_by((_t.number == _SAID).desc())
    .limit(2)
)
_COMMENTS = (
    select(_c.at, _c.author_kind, _c.author_name, _c.author_email, _c.is_internal, _c.body, _c.hidden)
    .where(_c.ticket_id == _OF_TICKET, _c.deleted_at.is_(None))
    .order_by(_c.at, _c.key)
)
_asked_for = (
    func.unnest(bindparam("ids", type_=ARRAY(BigInteger))).table_valued("id").render_derived("wanted")
)
_last = (
    select(_c.ticket_id, _c.at, _c.author_kind, _c.author_name, _c.is_internal, _c.body, _c.hidden)
    .where(
        _c.ticket_id == _asked_for.c.id,
        _c.author_kind == any_(bindparam("kinds", type_=ARRAY(Text))),
        _c.deleted_at.is_(None),
    )
    .order_by(_c.at.desc(), _c.key)
    .limit(bindparam("each"))
    .lateral()
)
_LAST_MESSAGES = select(_last).select_from(_asked_for.join(_last, true())).order_by(_last.c.at.desc())
_TIME_ENTRIES = (
    select(_w.technician_name, _w.started_at, _w.ended_at, _w.is_billable, _w.is_on_site, _w.description)
    .where(_w.ticket_id == _OF_TICKET, _w.deleted_at.is_(None))
    .order_by(_w.started_at, _w.id)
)
_CHANGES = (
    select(_h.seen_at, _h.field, _h.old, _h.new)
    .where(_h.ticket_id == _OF_TICKET)
    .order_by(_h.seen_at.desc(), _h.id.desc())
    .limit(bindparam("limit"))
)
_CUSTOM_VALUES = (
    select(_v.name, _v.value).where(_v.target == "Ticket", _v.item_id == _OF_TICKET).order_by(_v.name)
)
_NUMBERS_LIKE = (
    select(_t.number)
    .where(func.starts_with(_t.number, bindparam("start", type_=Text)), _t.deleted_at.is_(None))
    .order_by(_t.created_at.desc(), _t.id)
    .limit(bindparam("limit"))
)


async def by_number_or_id(db: ReadSession, said: str, as_id: int | None) -> list[Ticket]:
    """Return the tickets that have `said` as their number or as their id, the one with the number first."""
    return [Ticket(*row) for row in await db.rows(_BY_NUMBER_OR_ID, {"said": said, "as_id": as_id})]


async def comments(db: ReadSession, ticket_id: int) -> list[Comment]:
    """Return the whole conversation, oldest first."""
    rows = await db.rows(_COMMENTS, {"ticket_id": ticket_id})
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
        for number, row in enumerate(rows, start=1)
    ]


async def last_messages(
    db: ReadSession, ticket_ids: Sequence[int], each: int, kinds: Sequence[AuthorKind]
) -> list[LastMessage]:
    """Return the last messages of each of these tickets that were written by these kinds of authors, newest first."""
    rows = await db.rows(_LAST_MESSAGES, {"ids": ticket_ids, "each": each, "kinds": kinds})
    return [LastMessage(*row) for row in rows]


async def time_entries(db: ReadSession, ticket_id: int) -> list[TimeEntry]:
    """Return the time worked, oldest first."""
    return [TimeEntry(*row) for row in await db.rows(_TIME_ENTRIES, {"ticket_id": ticket_id})]


async def changes(db: ReadSession, ticket_id: int, limit: int) -> list[Change]:
    """Return the last changes of fields, oldest first."""
    rows = await db.rows(_CHANGES, {"ticket_id": ticket_id, "limit": limit})
    return [Change(*row) for row in reversed(rows)]


async def custom_values(db: ReadSession, ticket_id: int) -> list[tuple[str, str]]:
    """Return the names and values of the provider's own fields on a ticket."""
    rows = await db.rows(_CUSTOM_VALUES, {"ticket_id": ticket_id})
    return [(row.name, row.value) for row in rows]


async def numbers_like(db: ReadSession, start: str, limit: int) -> list[str]:
    """Return numbers of tickets that start so, newest ticket first."""
    rows = await db.rows(_NUMBERS_LIKE, {"start": start, "limit": limit})
    return [row.number for row in rows]
