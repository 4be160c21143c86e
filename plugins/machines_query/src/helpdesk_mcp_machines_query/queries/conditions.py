"""Filters of machines as conditions on `tables.machine`: bound values only."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Text,
    and_,
    any_,
    bindparam,
    cast,
    false,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, JSONPATH, TEXT

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


@dataclass(frozen=True, slots=True)
class Limits:
    """What is asked of one volume, in GB; None: nothing."""

    total_min: float | None = None
    total_max: float | None = None
    free_min: float | None = None
    free_max: float | None = None

    @property
    def compared(self) -> list[tuple[str, int]]:
        """Return the comparisons with a volume in `machine.disks`, each with its number, in MiB."""
        all_of_them = {
            "@.total_mb >= ": _mib(self.total_min),
            "@.total_mb <= ": _mib(self.total_max),
            "@.free_mb >= ": _mib(self.free_min),
            "@.free_mb <= ": _mib(self.free_max),
        }
        return [(test, value) for test, value in all_of_them.items() if value is not None]

    def of(self, total: ColumnElement[Any], free: ColumnElement[Any]) -> list[ColumnElement[bool]]:
        """Return the conditions on a volume's columns, which are in MiB."""
        return [
            *between(total, _mib(self.total_min), _mib(self.total_max)),
            *between(free, _mib(self.free_min), _mib(self.free_max)),
        ]


def _mib(gb: float | None) -> int | None:
    return None if gb is None else int(gb * _MIB)


def volume(drive: str, limits: Limits) -> list[ColumnElement[bool]]:
    """Return the conditions on one volume: the `system` drive, `any`, or that of a letter such as `C:`.

    All limits hold for the same volume.
    """
    on_system = limits.of(m.system_total_mb, m.system_free_mb)
    if drive == "system" or not on_system:
        return on_system
    if drive == "any":
        return [_listed(limits.compared)]
    # Most people ask for C:, which is the system's drive nearly everywhere: its sizes are in indexed columns.
    is_other = m.system_drive.is_distinct_from(drive)
    listed = _listed([("@.drive == ", drive), *limits.compared])
    return [or_(and_(m.system_drive == drive, *on_system), and_(is_other, listed))]


def _listed(compared: Sequence[tuple[str, Any]]) -> ColumnElement[bool]:
    """Return the condition that there is a volume of which all this holds: as a path, which is faster than unfolding the list."""
    tests = " && ".join(f"{test}$v{number}" for number, (test, _) in enumerate(compared))
    values = {f"v{number}": value for number, (_, value) in enumerate(compared)}
    path = cast(literal(f"$[*] ? ({tests})", Text), JSONPATH)
    return func.jsonb_path_exists(m.disks, path, literal(values, JSONB))


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
    # Plain columns: of an expression Postgres has no statistics, and takes half a fleet for a handful of machines.
    return or_(
        false(),
        *(
            and_(*(_is(column, text) for column, text in zip(SYSTEM_COLUMNS, texts, strict=True)))
            for texts in systems
        ),
    )


def _is(column: ColumnElement[Any], text: str) -> ColumnElement[bool]:
    return column == text if text else or_(column.is_(None), column == "")


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
