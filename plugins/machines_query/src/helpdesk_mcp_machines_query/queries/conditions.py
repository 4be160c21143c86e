"""Filters of machines as conditions on `tables.machine`: bound values only."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Numeric,
    Text,
    and_,
    any_,
    bindparam,
    cast,
    func,
    literal,
    or_,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY, TEXT

from helpdesk_mcp.sdk import tables
from helpdesk_mcp_machines_query.memory import above_mb, most_mb

from .facts import AGENT

m = tables.machine.c
_MIB = 1024
SYSTEM_COLUMNS = (m.os, m.os_version, m.os_build, m.device_class)


def holds(column: ColumnElement[Any], said: str) -> ColumnElement[bool]:
    """Return the condition that a column holds a text, in any case."""
    return column.ilike(f"%{escaped(said)}%", escape="\\")


def escaped(said: str) -> str:
    """Return a text without meaning for LIKE."""
    return said.strip().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def between(column: ColumnElement[Any], least: float | None, most: float | None) -> list[ColumnElement[bool]]:
    """Return the conditions that a number is neither below `least` nor above `most`."""
    parts: list[ColumnElement[bool]] = []
    if least is not None:
        parts.append(column >= least)
    if most is not None:
        parts.append(column <= most)
    return parts


def since(
    column: ColumnElement[Any], after: datetime | date | None, before: datetime | date | None
) -> list[ColumnElement[bool]]:
    """Return the conditions that a moment or day is at or after one, and before another."""
    parts: list[ColumnElement[bool]] = []
    if after is not None:
        parts.append(column >= after)
    if before is not None:
        parts.append(column < before)
    return parts


def memory(least_gb: float | None, most_gb: float | None) -> list[ColumnElement[bool]]:
    """Return the conditions on the fitted memory; machines that report none meet neither."""
    parts: list[ColumnElement[bool]] = []
    if least_gb is not None:
        parts += [m.memory_mb > above_mb(least_gb), m.memory_mb > 0]
    if most_gb is not None:
        parts += [m.memory_mb <= most_mb(most_gb), m.memory_mb > 0]
    return parts


def drive_size(
    drive: str, what: str, least_gb: float | None, most_gb: float | None
) -> list[ColumnElement[bool]]:
    """Return the conditions on `what` (`total` or `free`) of a drive: `system`, `any`, or a letter such as `C:`."""
    least, most = (None if gb is None else int(gb * _MIB) for gb in (least_gb, most_gb))
    if least is None and most is None:
        return []
    column = m[f"system_{what}_mb"]
    if drive == "system":
        return between(column, least, most)
    volume = func.jsonb_array_elements(m.disks).table_valued("value", name="volume").render_derived()
    number = cast(volume.c.value.op("->>")(literal(f"{what}_mb", Text)), Numeric)
    letter = volume.c.value.op("->>")(literal("drive", Text))
    fits = between(number, least, most)
    if drive == "any":
        return [select(literal(1)).select_from(volume).where(*fits).exists()]
    listed = select(literal(1)).select_from(volume).where(letter == drive, *fits).exists()
    # Most people ask for C:, which is the system's drive nearly everywhere: its size is in an indexed column.
    is_system = m.system_drive == drive
    return [
        or_(
            and_(is_system, *between(column, least, most)),
            and_(m.system_drive.is_distinct_from(drive), listed),
        )
    ]


def user(said: str) -> ColumnElement[bool]:
    """Return the condition that somebody is logged in or was last, or has the machine as their own in Atera."""
    contact = tables.contact.c
    owned = select(contact.default_machine_id).where(
        or_(holds(contact.full_name, said), holds(contact.email, said)),
        contact.default_machine_id.is_not(None),
        contact.deleted_at.is_(None),
    )
    account = "".join(part for part in said.split() if part)
    return or_(holds(m.logged_in_users, account), holds(m.last_login_user, account), m.id.in_(owned))


def one_of(column: ColumnElement[Any], values: Collection[str]) -> ColumnElement[bool]:
    """Return the condition that a text is one of several."""
    return column == any_(bindparam(None, list(values), ARRAY(TEXT)))


def system_in(systems: Sequence[tuple[str, ...]]) -> ColumnElement[bool]:
    """Return the condition that the four texts of the operating system are one of these; "" stands for none."""
    return tuple_(*(func.coalesce(column, "") for column in SYSTEM_COLUMNS)).in_(systems)


def id_in(ids: Collection[int]) -> ColumnElement[bool]:
    """Return the condition that a machine is one of these."""
    return m.id == any_(bindparam(None, list(ids), ARRAY(BigInteger)))


def has_value(field: str, value: str | None) -> ColumnElement[bool]:
    """Return the condition that a custom field holds a value (equal in any case), or with None any at all."""
    row = tables.custom_value.c
    parts = [row.target == AGENT, row.name == field, row.item_id == m.id, row.value != ""]
    if value is not None:
        parts.append(row.value.ilike(escaped(value), escape="\\"))
    return select(literal(1)).where(*parts).exists()
