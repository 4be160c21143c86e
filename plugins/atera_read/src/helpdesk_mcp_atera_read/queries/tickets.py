"""Lists of tickets: which ones, in which order, how many, and how many per group."""

from dataclasses import dataclass, fields
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Executable,
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


Shape = frozenset[str]
"""Which conditions a filter sets, by name and without their values. Filters of one shape share their statements: to write a
statement and to find out that it is a known one takes longer than Postgres does for most of them."""
SHAPES = 256
"""Statements of each kind that are kept; people ask in far fewer ways."""


async def find(
    db: ReadSession, wanted: TicketFilter, sort: Sort, limit: int, offset: int = 0
) -> list[TicketRow]:
    """Return one page of tickets."""
    said = values(wanted)
    rows = await db.rows(_page(frozenset(said), sort), {**said, "limit": limit, "offset": offset})
    return [TicketRow(*row) for row in rows]


@lru_cache(SHAPES)
def _page(shape: Shape, sort: Sort) -> Executable:
    statement = select(*COLUMNS).where(condition(shape)).order_by(*_ORDERS[sort])
    return statement.limit(bindparam("limit")).offset(bindparam("offset"))


async def count(db: ReadSession, wanted: TicketFilter) -> int:
    """Return how many tickets there are; `MOST_COUNTED` + 1 means more than that."""
    said = values(wanted)
    return await db.scalar(_count(frozenset(said)), said)


@lru_cache(SHAPES)
def _count(shape: Shape) -> Executable:
    found = select(literal(1)).where(condition(shape)).limit(MOST_COUNTED + 1).subquery()
    return select(func.count()).select_from(found)


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
    said = values(wanted)
    statement = _groups(frozenset(said), by, zone)
    rows = await db.rows(statement, {**said, "now": now, "limit": limit, "offset": offset})
    groups = [TicketGroup(row.label, int(row.tickets), int(row.overdue)) for row in rows]
    return groups, (rows[0].groups if rows else 0), (int(rows[0].total) if rows else 0)


@lru_cache(SHAPES)
def _groups(shape: Shape, by: Group, zone: ZoneInfo) -> Executable:
    key, label = _group(by, zone)
    # What is late is counted apart: it is open, so few rows are read for it, and the other count may need an index only.
    none = literal(0, BigInteger)
    sizes = select(
        key.label("key"), func.max(label).label("label"), func.count().label("tickets"), none.label("overdue")
    )
    late = select(key, cast(null(), Text), none, func.count()).where(overdue(bindparam("now")))
    both = union_all(*(part.where(condition(shape)).group_by(key) for part in (sizes, late))).subquery().c
    size, name = func.sum(both.tickets), func.max(both.label)
    return (
        select(
            name.label("label"),
            size.label("tickets"),
            func.sum(both.overdue).label("overdue"),
            func.count().over().label("groups"),
            func.sum(size).over().label("total"),
        )
        .group_by(both.key)
        .order_by(*([both.key.desc()] if by == "month" else [size.desc(), name]))
        .limit(bindparam("limit"))
        .offset(bindparam("offset"))
    )


async def id_of_number(db: ReadSession, number: str) -> int | None:
    """Return the id of the ticket with this number, or None."""
    return await db.scalar(_ID_OF_NUMBER, {"number": number})


_ID_OF_NUMBER = select(_t.id).where(_t.number == bindparam("number"), _t.deleted_at.is_(None)).limit(1)


def overdue(now: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return the condition for open tickets past their due date, or past the one for the first response without one."""
    return and_(
        _t.is_open,
        or_(_t.due_at < now, and_(_t.first_response_due_at < now, _t.first_response_at.is_(None))),
    )


def matches(search: ColumnElement[Any], words: str) -> ColumnElement[bool]:
    """Return the condition that a search vector matches a tsquery given as text, in the value called `words`.

    The words stand in the statement itself: a plan for any words takes them all for rare, and needs seconds for a common one.
    """
    said = bindparam(words, type_=Text, literal_execute=True)
    return search.bool_op("@@")(cast(said, TSQUERY))


_CONDITIONS: dict[str, ColumnElement[bool]] = {
    "engineer_id": _t.technician_id == bindparam("engineer_id"),
    "is_unassigned": _t.technician_id.is_(None),
    "customer_id": _t.customer_id == bindparam("customer_id"),
    "contact_id": _t.contact_id == bindparam("contact_id"),
    "priorities": _t.priority.in_(bindparam("priorities", expanding=True)),
    "types": _t.type.in_(bindparam("types", expanding=True)),
    "overdue_at": overdue(bindparam("overdue_at")),
    "quiet_since": _t.active_at < bindparam("quiet_since"),
    "created_from": _t.created_at >= bindparam("created_from"),
    "created_to": _t.created_at < bindparam("created_to"),
    "active_from": _t.active_at >= bindparam("active_from"),
    "active_to": _t.active_at < bindparam("active_to"),
    "ids": _t.id == any_(bindparam("ids", type_=ARRAY(BigInteger))),
    "words": matches(_t.search, "words"),
}
_STATUSES: dict[str, ColumnElement[bool]] = {
    "is_open": _t.is_open,
    "statuses": _t.status.in_(bindparam("statuses", expanding=True)),
}


def condition(shape: Shape) -> ColumnElement[bool]:
    """Return the filters of one shape as one condition on `tables.ticket`; its bind parameters are their `values`."""
    statuses = [one for name, one in _STATUSES.items() if name in shape] or [_t.status != "Deleted"]
    others = (one for name, one in _CONDITIONS.items() if name in shape)
    every = and_(_t.deleted_at.is_(None), or_(*statuses), *others)
    return or_(every, _t.id == bindparam("also_id")) if "also_id" in shape else every


def values(wanted: TicketFilter) -> dict[str, Any]:
    """Return the values of the conditions that a filter sets, by name; the names are its shape."""
    named = {name: getattr(wanted, name) for name in (*_CONDITIONS, "also_id")}
    said = {
        **named,
        "is_unassigned": wanted.is_unassigned or None,
        "priorities": wanted.priorities or None,
        "types": wanted.types or None,
        "is_open": wanted.statuses.is_open or None,
        "statuses": wanted.statuses.names or None,
    }
    return {name: value for name, value in said.items() if value is not None}


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
