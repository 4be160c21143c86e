"""Lists of alerts: which ones, how many, and how many per group."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal

from sqlalchemy import ColumnElement, Executable, and_, bindparam, func, literal, or_, select

from helpdesk_mcp.sdk import ReadSession, tables

from .tickets import MOST_COUNTED, SHAPES, Shape

State = Literal["open", "snoozed", "resolved", "all"]
Group = Literal["customer", "machine", "severity", "category", "title"]

SEVERITIES = ("Information", "Warning", "Critical")
CATEGORIES = ("Hardware", "Disk", "Availability", "Performance", "Exchange", "General")

_a = tables.alert.c


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertFilter:
    """Which alerts are wanted: all conditions hold at once."""

    state: State
    now: datetime
    """Tells snoozed alerts from open ones."""
    customer_id: int | None = None
    machine_id: int | None = None
    ticket_id: int | None = None
    severities: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    created_from: datetime | None = None


@dataclass(frozen=True, slots=True)
class AlertRow:
    """One alert in a list."""

    id: int
    title: str
    message: str | None
    severity: str | None
    category: str | None
    device_name: str | None
    customer_name: str | None
    created_at: datetime
    snoozed_until: datetime | None
    archived_at: datetime | None
    is_archived: bool
    ticket_number: str | None


@dataclass(frozen=True, slots=True)
class AlertGroup:
    """Alerts that share a value."""

    label: str | None
    alerts: int
    critical: int
    newest_at: datetime


_GROUPS: dict[Group, tuple[ColumnElement[Any], ColumnElement[Any]]] = {
    "customer": (_a.customer_id, _a.customer_name),
    "machine": (_a.machine_id, _a.device_name),
    "severity": (_a.severity, _a.severity),
    "category": (_a.category, _a.category),
    "title": (_a.title, _a.title),
}


_NOW = bindparam("now", type_=_a.snoozed_until.type)
_STATES: dict[State, tuple[ColumnElement[bool], ...]] = {
    "open": (~_a.is_archived, or_(_a.snoozed_until.is_(None), _a.snoozed_until <= _NOW)),
    "snoozed": (~_a.is_archived, and_(_a.snoozed_until.is_not(None), _a.snoozed_until > _NOW)),
    "resolved": (_a.is_archived,),
    "all": (),
}
_CONDITIONS: dict[str, ColumnElement[bool]] = {
    "customer_id": _a.customer_id == bindparam("customer_id"),
    "machine_id": _a.machine_id == bindparam("machine_id"),
    "ticket_id": _a.ticket_id == bindparam("ticket_id"),
    "severities": _a.severity.in_(bindparam("severities", expanding=True)),
    "categories": _a.category.in_(bindparam("categories", expanding=True)),
    "created_from": _a.created_at >= bindparam("created_from"),
}
_COLUMNS = (
    *(_a.id, _a.title, _a.message, _a.severity, _a.category, _a.device_name, _a.customer_name),
    *(_a.created_at, _a.snoozed_until, _a.archived_at, _a.is_archived, tables.ticket.c.number),
)


async def find(db: ReadSession, wanted: AlertFilter, limit: int, offset: int = 0) -> list[AlertRow]:
    """Return one page of alerts, newest first."""
    said = _values(wanted)
    statement = _page(wanted.state, frozenset(said))
    rows = await db.rows(statement, {**said, "now": wanted.now, "limit": limit, "offset": offset})
    return [AlertRow(*row) for row in rows]


@lru_cache(SHAPES)
def _page(state: State, shape: Shape) -> Executable:
    page = (
        select(_a.id)
        .where(*_conditions(state, shape))
        .order_by(_a.created_at.desc(), _a.id)
        .limit(bindparam("limit"))
        .offset(bindparam("offset"))
        .subquery()
    )
    joined = tables.alert.join(page, page.c.id == _a.id).outerjoin(
        tables.ticket, tables.ticket.c.id == _a.ticket_id
    )
    return select(*_COLUMNS).select_from(joined).order_by(_a.created_at.desc(), _a.id)


async def count(db: ReadSession, wanted: AlertFilter) -> int:
    """Return how many alerts there are; `MOST_COUNTED` + 1 means more than that."""
    said = _values(wanted)
    return await db.scalar(_count(wanted.state, frozenset(said)), {**said, "now": wanted.now})


@lru_cache(SHAPES)
def _count(state: State, shape: Shape) -> Executable:
    found = select(literal(1)).where(*_conditions(state, shape)).limit(MOST_COUNTED + 1).subquery()
    return select(func.count()).select_from(found)


async def grouped(
    db: ReadSession, wanted: AlertFilter, by: Group, limit: int, offset: int = 0
) -> tuple[list[AlertGroup], int, int]:
    """Return one page of groups, biggest first, the number of groups and that of all alerts."""
    said = _values(wanted)
    statement = _groups(wanted.state, frozenset(said), by)
    rows = await db.rows(statement, {**said, "now": wanted.now, "limit": limit, "offset": offset})
    groups = [AlertGroup(row.label, row.alerts, row.critical, row.newest_at) for row in rows]
    return groups, (rows[0].groups if rows else 0), (int(rows[0].total) if rows else 0)


@lru_cache(SHAPES)
def _groups(state: State, shape: Shape, by: Group) -> Executable:
    key, label = _GROUPS[by]
    size = func.count()
    critical = size.filter(_a.severity == "Critical")
    return (
        select(
            func.max(label).label("label"),
            size.label("alerts"),
            critical.label("critical"),
            func.max(_a.created_at).label("newest_at"),
            func.count().over().label("groups"),
            func.sum(size).over().label("total"),
        )
        .where(*_conditions(state, shape))
        .group_by(key)
        .order_by(size.desc(), func.max(label))
        .limit(bindparam("limit"))
        .offset(bindparam("offset"))
    )


def _conditions(state: State, shape: Shape) -> Sequence[ColumnElement[bool]]:
    others = (one for name, one in _CONDITIONS.items() if name in shape)
    return [_a.deleted_at.is_(None), *_STATES[state], *others]


def _values(wanted: AlertFilter) -> dict[str, Any]:
    """Return the values of the conditions that a filter sets, by name."""
    said = {
        **{name: getattr(wanted, name) for name in _CONDITIONS},
        "severities": wanted.severities or None,
        "categories": wanted.categories or None,
    }
    return {name: value for name, value in said.items() if value is not None}
