"""Lists of alerts: which ones, how many, and how many per group."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, and_, func, literal, or_, select

from helpdesk_mcp.sdk import ReadSession, tables

from .tickets import MOST_COUNTED

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


async def find(db: ReadSession, wanted: AlertFilter, limit: int, offset: int = 0) -> list[AlertRow]:
    """Return one page of alerts, newest first."""
    page = (
        select(_a.id)
        .where(*_conditions(wanted))
        .order_by(_a.created_at.desc(), _a.id)
        .limit(limit)
        .offset(offset)
        .subquery()
    )
    columns = (
        *(_a.id, _a.title, _a.message, _a.severity, _a.category, _a.device_name, _a.customer_name),
        *(_a.created_at, _a.snoozed_until, _a.archived_at, _a.is_archived, tables.ticket.c.number),
    )
    joined = tables.alert.join(page, page.c.id == _a.id).outerjoin(
        tables.ticket, tables.ticket.c.id == _a.ticket_id
    )
    rows = await db.rows(select(*columns).select_from(joined).order_by(_a.created_at.desc(), _a.id))
    return [AlertRow(*row) for row in rows]


async def count(db: ReadSession, wanted: AlertFilter) -> int:
    """Return how many alerts there are; `MOST_COUNTED` + 1 means more than that."""
    found = select(literal(1)).where(*_conditions(wanted)).limit(MOST_COUNTED + 1).subquery()
    return await db.scalar(select(func.count()).select_from(found))


async def grouped(
    db: ReadSession, wanted: AlertFilter, by: Group, limit: int, offset: int = 0
) -> tuple[list[AlertGroup], int, int]:
    """Return one page of groups, biggest first, the number of groups and that of all alerts."""
    key, label = _GROUPS[by]
    size = func.count()
    critical = size.filter(_a.severity == "Critical")
    statement = (
        select(
            func.max(label).label("label"),
            size.label("alerts"),
            critical.label("critical"),
            func.max(_a.created_at).label("newest_at"),
            func.count().over().label("groups"),
            func.sum(size).over().label("total"),
        )
        .where(*_conditions(wanted))
        .group_by(key)
        .order_by(size.desc(), func.max(label))
        .limit(limit)
        .offset(offset)
    )
    rows = await db.rows(statement)
    groups = [AlertGroup(row.label, row.alerts, row.critical, row.newest_at) for row in rows]
    return groups, (rows[0].groups if rows else 0), (int(rows[0].total) if rows else 0)


def _conditions(wanted: AlertFilter) -> Sequence[ColumnElement[bool]]:
    is_snoozed = and_(_a.snoozed_until.is_not(None), _a.snoozed_until > wanted.now)
    is_awake = or_(_a.snoozed_until.is_(None), _a.snoozed_until <= wanted.now)
    states: dict[State, list[ColumnElement[bool]]] = {
        "open": [~_a.is_archived, is_awake],
        "snoozed": [~_a.is_archived, is_snoozed],
        "resolved": [_a.is_archived],
        "all": [],
    }
    equal = {
        _a.customer_id: wanted.customer_id,
        _a.machine_id: wanted.machine_id,
        _a.ticket_id: wanted.ticket_id,
    }
    parts = [_a.deleted_at.is_(None), *states[wanted.state]]
    parts += [column == value for column, value in equal.items() if value is not None]
    if wanted.severities:
        parts.append(_a.severity.in_(wanted.severities))
    if wanted.categories:
        parts.append(_a.category.in_(wanted.categories))
    if wanted.created_from is not None:
        parts.append(_a.created_at >= wanted.created_from)
    return parts
