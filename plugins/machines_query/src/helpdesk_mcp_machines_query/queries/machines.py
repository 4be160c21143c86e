"""Lists of machines: which ones, in which order, how many, and how many per group."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Literal

from sqlalchemy import ColumnElement, Executable, Row, bindparam, func, select

from helpdesk_mcp.sdk import ReadSession, tables

from .conditions import SHAPES, SYSTEM_COLUMNS, Condition, Shape, shape, values

Sort = Literal["name", "customer", "seen", "rebooted", "memory", "disk", "free", "bios"]

m = tables.machine.c
_EXISTS = m.deleted_at.is_(None)
_ORDERS: dict[Sort, ColumnElement[Any]] = {
    "name": func.lower(m.name),
    "customer": func.lower(m.customer_name),
    "seen": m.last_seen_at,
    "rebooted": m.last_reboot_at,
    "memory": m.memory_mb,
    "disk": m.system_total_mb,
    "free": m.system_free_mb,
    "bios": m.bios_date,
}


@dataclass(frozen=True, slots=True)
class MachineRow:
    """One machine in a list. Sizes in MiB."""

    id: int
    name: str
    customer_id: int | None
    customer_name: str | None
    domain: str | None
    logged_in_users: str | None
    last_login_user: str | None
    is_monitored: bool | None
    is_online: bool | None
    last_seen_at: datetime | None
    last_reboot_at: datetime | None
    os: str | None
    os_version: str | None
    os_build: str | None
    device_class: str | None
    processor: str | None
    processor_cores: int | None
    memory_mb: int | None
    vendor: str | None
    model: str | None
    product: str | None
    serial: str | None
    bios_version: str | None
    bios_date: date | None
    ip_addresses: list[str] | None
    system_drive: str | None
    system_total_mb: int | None
    system_free_mb: int | None
    disks: list[dict[str, Any]]


COLUMNS = tuple(m[field.name] for field in fields(MachineRow))
_PROCESSORS = select(m.processor).where(_EXISTS, m.processor.is_not(None)).distinct()
_SYSTEMS = select(*(func.coalesce(column, "") for column in SYSTEM_COLUMNS)).where(_EXISTS).distinct()


async def find(
    db: ReadSession,
    conditions: Sequence[Condition],
    sort: Sort,
    *,
    descending: bool = False,
    limit: int | None = None,
    offset: int = 0,
) -> list[MachineRow]:
    """Return one page of machines, those without a value last."""
    statement = _page(shape(conditions), sort, descending=descending, is_limited=limit is not None)
    rows = await db.rows(statement, {**values(conditions), "limit": limit, "offset": offset})
    return [MachineRow(*row) for row in rows]


@lru_cache(SHAPES)
def _page(asked: Shape, sort: Sort, *, descending: bool, is_limited: bool) -> Executable:
    order = _ORDERS[sort].desc() if descending else _ORDERS[sort].asc()
    page = select(*COLUMNS).where(_EXISTS, *asked).order_by(order.nulls_last(), func.lower(m.name), m.id)
    # A plan for any limit takes it for a small one.
    return page.offset(bindparam("offset")).limit(bindparam("limit") if is_limited else None)


async def count(db: ReadSession, conditions: Sequence[Condition]) -> int:
    """Return how many machines there are."""
    return await db.scalar(_count(shape(conditions)), values(conditions))


@lru_cache(SHAPES)
def _count(asked: Shape) -> Executable:
    return select(func.count()).select_from(tables.machine).where(_EXISTS, *asked)


async def ids(db: ReadSession, conditions: Sequence[Condition], limit: int | None = None) -> list[int]:
    """Return the ids of all machines that meet the conditions, or of some of them, in any order."""
    rows = await db.rows(_ids(shape(conditions), limit), values(conditions))
    return [row.id for row in rows]


@lru_cache(SHAPES)
def _ids(asked: Shape, limit: int | None) -> Executable:
    return select(m.id).where(_EXISTS, *asked).limit(limit)


async def counted(
    db: ReadSession, conditions: Sequence[Condition], by: tuple[ColumnElement[Any], ...]
) -> Sequence[Row[Any]]:
    """Return the distinct values of some columns, and behind them how many machines have them."""
    return await db.rows(_counted(shape(conditions), by), values(conditions))


@lru_cache(SHAPES)
def _counted(asked: Shape, by: tuple[ColumnElement[Any], ...]) -> Executable:
    return select(*by, func.count().label("machines")).where(_EXISTS, *asked).group_by(*by)


async def processors(db: ReadSession) -> list[str]:
    """Return the names of all processors."""
    rows = await db.rows(_PROCESSORS)
    return [row.processor for row in rows]


async def systems(db: ReadSession) -> list[tuple[str, ...]]:
    """Return the four texts of all operating systems, "" for none."""
    return [tuple(row) for row in await db.rows(_SYSTEMS)]
