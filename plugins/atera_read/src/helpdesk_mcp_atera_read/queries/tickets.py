"""Lists of tickets: which ones, in which order, how many, and how many per group."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Text,
    and_,
    any_,
    bindparam,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY

from helpdesk_mcp.sdk import ReadSession, tables

Sort = Literal["newest", "oldest", "updated", "stale", "due", "priority"]
Group = Literal["status", "engineer", "customer", "contact", "priority", "type", "month"]

PRIORITIES = ("Low", "Medium", "High", "Critical")
TYPES = ("Incident", "Problem", "Request", "Change")
AUTOPILOT = -1
"""Id of Atera's own agent, which is no person."""
MOST_COUNTED = 10_000
"""Counting stops here: an exact count of a million rows costs more than it tells."""

_t = tables.ticket.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Statuses:
    """Which statuses are wanted. Deleted tickets are in only where their status is named."""

    is_open: bool = False
    """All that are neither Resolved, Closed nor Deleted."""
    names: tuple[str, ...] = ()
    """These too. With neither: all but Deleted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketFilter:
    """Which tickets are wanted: all conditions hold at once."""

    statuses: Statuses = Statuses(is_open=True)
    engineer_id: int | None = None
    is_unassigned: bool = False
    customer_id: int | None = None
    contact_id: int | None = None
    priorities: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    overdue_at: datetime | None = None
    """Open and past a due date at this moment."""
    quiet_since: datetime | None = None
    """Nothing happened since."""
    created_from: datetime | None = None
    created_to: datetime | None = None
    active_from: datetime | None = None
    active_to: datetime | None = None
    ids: tuple[int, ...] | None = None
    """Only these: what a text was found in."""
    words: str | None = None
    """Only tickets whose title and description match this tsquery: for words too common to list their tickets."""
    also_id: int | None = None
    """This one too, whatever the other conditions say: the ticket whose number was typed."""


@dataclass(frozen=True, slots=True)
class TicketRow:
    """One ticket in a list."""

    id: int
    number: str
    title: str
    status: str
    priority: str | None
    type: str | None
    customer_id: int | None
    customer_name: str | None
    contact_name: str | None
    technician_id: int | None
    technician_name: str | None
    created_at: datetime
    active_at: datetime
    resolved_at: datetime | None
    due_at: datetime | None
    first_response_due_at: datetime | None
    first_response_at: datetime | None
    last_contact_comment_at: datetime | None
    last_technician_comment_at: datetime | None
    is_open: bool


@dataclass(frozen=True, slots=True)
class TicketGroup:
    """Tickets that share a value."""

    label: str | None
    """None: the tickets without a value, for example unassigned ones."""
    tickets: int
    overdue: int


COLUMNS = tuple(_t[field.name] for field in fields(TicketRow))
_ROWS = select(*COLUMNS)
_URGENCY = case(
    {name: rank for rank, name in enumerate(reversed(PRIORITIES))}, value=_t.priority, else_=len(PRIORITIES)
)
_ORDERS: dict[Sort, tuple[ColumnElement[Any], ...]] = {
    "newest": (_t.created_at.desc(), _t.id),
    "oldest": (_t.created_at.asc(), _t.id.desc()),
    "updated": (_t.active_at.desc(), _t.id),
    "stale": (_t.active_at.asc(), _t.id.desc()),
    "due": (_t.due_at.asc().nulls_last(), _t.id),
    "priority": (_URGENCY, _t.due_at.asc().nulls_last(), _t.id),
}


async def find(
    db: ReadSession, wanted: TicketFilter, sort: Sort, limit: int, offset: int = 0
) -> list[TicketRow]:
    """Return one page of tickets."""
    statement = _ROWS.where(condition(wanted)).order_by(*_ORDERS[sort]).limit(limit).offset(offset)
    return [TicketRow(*row) for row in await db.rows(statement)]


async def count(db: ReadSession, wanted: TicketFilter) -> int:
    """Return how many tickets there are; `MOST_COUNTED` + 1 means more than that."""
    found = select(literal(1)).where(condition(wanted)).limit(MOST_COUNTED + 1).subquery()
    return await db.scalar(select(func.count()).select_from(found))


async def grouped(
    db: ReadSession,
    wanted: TicketFilter,
    by: Group,
    zone: ZoneInfo,
    now: datetime,
    limit: int,
    offset: int = 0,
) -> tuple[list[TicketGroup], int, int]:
    """Return one page of groups, biggest first (months: newest first), the number of groups and that of all tickets."""
    key, label = _group(by, zone)
    # What is late is counted apart: it is open, so few rows are read for it, and the other count may need an index only.
    none = literal(0, BigInteger)
    sizes = select(
        key.label("key"), func.max(label).label("label"), func.count().label("tickets"), none.label("overdue")
    )
    late = select(key, cast(null(), Text), none, func.count()).where(overdue(now))
    both = union_all(*(part.where(condition(wanted)).group_by(key) for part in (sizes, late))).subquery().c
    size, name = func.sum(both.tickets), func.max(both.label)
    statement = (
        select(
            name.label("label"),
            size.label("tickets"),
            func.sum(both.overdue).label("overdue"),
            func.count().over().label("groups"),
            func.sum(size).over().label("total"),
        )
        .group_by(both.key)
        .order_by(*([both.key.desc()] if by == "month" else [size.desc(), name]))
        .limit(limit)
        .offset(offset)
    )
    rows = await db.rows(statement)
    groups = [TicketGroup(row.label, int(row.tickets), int(row.overdue)) for row in rows]
    return groups, (rows[0].groups if rows else 0), (int(rows[0].total) if rows else 0)


async def id_of_number(db: ReadSession, number: str) -> int | None:
    """Return the id of the ticket with this number, or None."""
    return await db.scalar(select(_t.id).where(_t.number == number, _t.deleted_at.is_(None)).limit(1))


def overdue(now: datetime) -> ColumnElement[bool]:
    """Return the condition for open tickets past their due date, or past the one for the first response without one."""
    return and_(
        _t.is_open,
        or_(_t.due_at < now, and_(_t.first_response_due_at < now, _t.first_response_at.is_(None))),
    )


def condition(wanted: TicketFilter) -> ColumnElement[bool]:
    """Return the filter as one condition on `tables.ticket`."""
    every = and_(_t.deleted_at.is_(None), _status(wanted.statuses), *_parts(wanted))
    return every if wanted.also_id is None else or_(every, _t.id == wanted.also_id)


def _status(wanted: Statuses) -> ColumnElement[bool]:
    parts: list[ColumnElement[bool]] = [_t.is_open] if wanted.is_open else []
    if wanted.names:
        parts.append(_t.status.in_(wanted.names))
    return or_(*parts) if parts else _t.status != "Deleted"


def _parts(wanted: TicketFilter) -> Sequence[ColumnElement[bool]]:
    equal = {
        _t.technician_id: wanted.engineer_id,
        _t.customer_id: wanted.customer_id,
        _t.contact_id: wanted.contact_id,
    }
    since = {_t.created_at: wanted.created_from, _t.active_at: wanted.active_from}
    before = {_t.created_at: wanted.created_to, _t.active_at: wanted.active_to}
    parts = [
        *(column == value for column, value in equal.items() if value is not None),
        *(column >= at for column, at in since.items() if at is not None),
        *(column < at for column, at in before.items() if at is not None),
    ]
    if wanted.is_unassigned:
        parts.append(_t.technician_id.is_(None))
    if wanted.priorities:
        parts.append(_t.priority.in_(wanted.priorities))
    if wanted.types:
        parts.append(_t.type.in_(wanted.types))
    if wanted.overdue_at is not None:
        parts.append(overdue(wanted.overdue_at))
    if wanted.quiet_since is not None:
        parts.append(_t.active_at < wanted.quiet_since)
    return [*parts, *_text(wanted)]


def _text(wanted: TicketFilter) -> Sequence[ColumnElement[bool]]:
    parts: list[ColumnElement[bool]] = []
    if wanted.ids is not None:
        parts.append(_t.id == any_(bindparam(None, list(wanted.ids), ARRAY(BigInteger))))
    if wanted.words is not None:
        parts.append(matches(_t.search, wanted.words))
    return parts


def matches(search: ColumnElement[Any], words: str) -> ColumnElement[bool]:
    """Return the condition that a search vector matches a tsquery given as text.

    The words stand in the statement itself: a plan for any words takes them all for rare, and needs seconds for a common one.
    """
    said = bindparam(None, words, Text, literal_execute=True)
    return search.bool_op("@@")(cast(said, TSQUERY))


def _group(by: Group, zone: ZoneInfo) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """Return what is equal within a group, and what the group is called; renamed customers stay one group."""
    month = func.to_char(func.timezone(str(zone), _t.created_at), "YYYY-MM")
    autopilot = case((_t.technician_id == AUTOPILOT, "Autopilot"), else_=_t.technician_name)
    return {
        "status": (_t.status, _t.status),
        "engineer": (_t.technician_id, autopilot),
        "customer": (_t.customer_id, _t.customer_name),
        "contact": (_t.contact_id, _t.contact_name),
        "priority": (_t.priority, _t.priority),
        "type": (_t.type, _t.type),
        "month": (month, month),
    }[by]
