"""Lists of machines: which ones, in which order, how many, and how many per group."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import cache
from typing import Any, Literal

from sqlalchemy import ColumnElement, Row, Select, bindparam, func, select

from helpdesk_mcp.sdk import ReadSession, tables

from .conditions import SYSTEM_COLUMNS

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
_COUNT = select(func.count()).select_from(tables.machine).where(_EXISTS)
_IDS = select(m.id).where(_EXISTS)
_PROCESSORS = select(m.processor).where(_EXISTS, m.processor.is_not(None)).distinct()
_SYSTEMS = select(*(func.coalesce(column, "") for column in SYSTEM_COLUMNS)).where(_EXISTS).distinct()


async def find(
    db: ReadSession,
    conditions: Sequence[ColumnElement[bool]],
    sort: Sort,
    *,
    descending: bool = False,
    limit: int | None = None,
    offset: int = 0,
) -> list[MachineRow]:
    """Return one page of machines, those without a value last."""
    statement = _meeting(_sorted(sort, descending=descending), conditions)
    if limit is None:
        # A plan for any limit takes it for a small one.
        statement = statement.limit(None)
    return [MachineRow(*row) for row in await db.rows(statement, {"limit": limit, "offset": offset})]


@cache
def _sorted(sort: Sort, *, descending: bool) -> Select[Any]:
    order = _ORDERS[sort].desc() if descending else _ORDERS[sort].asc()
    statement = select(*COLUMNS).where(_EXISTS).order_by(order.nulls_last(), func.lower(m.name), m.id)
    return statement.limit(bindparam("limit")).offset(bindparam("offset"))


def _meeting(statement: Select[Any], conditions: Sequence[ColumnElement[bool]]) -> Select[Any]:
    """Return the statement for machines that meet the conditions; itself without any, as a known one is executed sooner."""
    return statement.where(*conditions) if conditions else statement


async def count(db: ReadSession, conditions: Sequence[ColumnElement[bool]]) -> int:
    """Return how many machines there are."""
    return await db.scalar(_meeting(_COUNT, conditions))


async def ids(
    db: ReadSession, conditions: Sequence[ColumnElement[bool]], limit: int | None = None
) -> list[int]:
    """Return the ids of all machines that meet the conditions, or of some of them, in any order."""
    return [row.id for row in await db.rows(_meeting(_IDS, conditions).limit(limit))]


async def counted(
    db: ReadSession, conditions: Sequence[ColumnElement[bool]], by: Sequence[ColumnElement[Any]]
) -> Sequence[Row[Any]]:
    """Return the distinct values of some columns, and behind them how many machines have them."""
    return await db.rows(
        select(*by, func.count().label("machines")).where(_EXISTS, *conditions).group_by(*by)
    )


async def processors(db: ReadSession) -> list[str]:
    """Return the names of all processors."""
    rows = await db.rows(_PROCESSORS)
    return [row.processor for row in rows]


async def systems(db: ReadSession) -> list[tuple[str, ...]]:
    """Return the four texts of all operating systems, "" for none."""
    return [tuple(row) for row in await db.rows(_SYSTEMS)]
