"""Filters of machines as conditions on `tables.machine`: bound values only."""

import operator
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
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
    not_,
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
SHAPES = 256
"""Statements of each kind that are kept; people ask in far fewer ways."""

Shape = tuple[ColumnElement[bool], ...]
"""Conditions without their values. To write a statement and to find out that it is a known one takes longer than Postgres does
for most of them, so questions of one shape share their statements."""


@dataclass(frozen=True, slots=True)
class Condition:
    """What is asked of a machine."""

    sql: ColumnElement[bool]
    """With bind parameters, and the same object for all conditions that differ in their values only: it is part of a `Shape`."""
    values: Mapping[str, Any]
    """Those of the bind parameters. Each is named after what it is compared with, as one statement may hold all conditions."""


def shape(conditions: Iterable[Condition]) -> Shape:
    """Return what statements with these conditions are kept by."""
    return tuple(one.sql for one in conditions)


def values(conditions: Iterable[Condition]) -> dict[str, Any]:
    """Return the values of all conditions by name."""
    return {name: value for one in conditions for name, value in one.values.items()}


def is_of(customer_id: int) -> Condition:
    """Return the condition that a machine is one of a customer's."""
    return Condition(_OF_CUSTOMER, {"customer_id": customer_id})


_OF_CUSTOMER = m.customer_id == bindparam("customer_id")
UNREAD = Condition(m.facts_read_at.is_(None), {})
"""Its custom values were never read."""


def holds(column: ColumnElement[Any], said: str) -> Condition:
    """Return the condition that a column holds a text, in any case."""
    return Condition(_holds(column), {f"{column.key}_part": _part(said)})


@cache
def _holds(column: ColumnElement[Any]) -> ColumnElement[bool]:
    return _like(column, f"{column.key}_part")


def _like(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    return column.ilike(bindparam(name, type_=Text), escape="\\")


def _part(said: str) -> str:
    return f"%{escaped(said)}%"


def escaped(said: str) -> str:
    """Return a text without meaning for LIKE."""
    return said.strip().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def model(said: str) -> Condition:
    """Return the condition that the name or number of the model holds a text, in any case."""
    return Condition(_HOLDS_MODEL, {"model_part": _part(said)})


_HOLDS_MODEL = or_(_like(m.model, "model_part"), _like(m.product, "model_part"))


def flag(column: ColumnElement[Any], *, is_set: bool) -> Condition:
    """Return the condition that a column is true, or that it is false."""
    return Condition(_flag(column, is_set=is_set), {})


@cache
def _flag(column: ColumnElement[Any], *, is_set: bool) -> ColumnElement[bool]:
    return column.is_(is_set)


def between(column: ColumnElement[Any], least: float | None, most: float | None) -> list[Condition]:
    """Return the conditions that a number is neither below `least` nor above `most`."""
    return _compared(column, least=least, most=most)


def since(
    column: ColumnElement[Any], after: datetime | date | None, before: datetime | date | None
) -> list[Condition]:
    """Return the conditions that a moment or day is at or after one, and before another."""
    return _compared(column, least=after, before=before)


_COMPARISONS = {"least": operator.ge, "most": operator.le, "above": operator.gt, "before": operator.lt}


def _compared(column: ColumnElement[Any], **limits: Any) -> list[Condition]:
    """Return a condition for each limit that is not None."""
    return [
        Condition(_comparison(column, name), {f"{column.key}_{name}": limit})
        for name, limit in limits.items()
        if limit is not None
    ]


@cache
def _comparison(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    return _COMPARISONS[name](column, bindparam(f"{column.key}_{name}", type_=column.type))


def memory(least_gb: float | None, most_gb: float | None) -> list[Condition]:
    """Return the conditions on the fitted memory; machines that report none meet neither."""
    above = None if least_gb is None else above_mb(least_gb)
    most = None if most_gb is None else most_mb(most_gb)
    parts = _compared(m.memory_mb, above=above, most=most)
    return [*parts, _HAS_MEMORY] if parts else []


_HAS_MEMORY = Condition(m.memory_mb > 0, {})


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

    @property
    def on_system(self) -> list[Condition]:
        """Return the conditions on the system's volume, whose sizes are in columns."""
        return [
            *between(m.system_total_mb, _mib(self.total_min), _mib(self.total_max)),
            *between(m.system_free_mb, _mib(self.free_min), _mib(self.free_max)),
        ]


def _mib(gb: float | None) -> int | None:
    return None if gb is None else int(gb * _MIB)


def volume(drive: str, limits: Limits) -> list[Condition]:
    """Return the conditions on one volume: the `system` drive, `any`, or that of a letter such as `C:`.

    All limits hold for the same volume.
    """
    on_system = limits.on_system
    if drive == "system" or not on_system:
        return on_system
    if drive == "any":
        return [Condition(_LISTED, _listed(limits.compared))]
    listed = _listed([("@.drive == ", drive), *limits.compared])
    return [Condition(_on_drive(shape(on_system)), {"drive": drive, **values(on_system), **listed})]


_LISTED = func.jsonb_path_exists(
    m.disks, cast(bindparam("volume_path", type_=Text), JSONPATH), bindparam("volume_limits", type_=JSONB)
)
"""There is a volume of which all of some comparisons hold: as a path, which is faster than unfolding the list."""


def _listed(compared: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """Return the values of `_LISTED`."""
    tests = " && ".join(f"{test}$v{number}" for number, (test, _) in enumerate(compared))
    limits = {f"v{number}": value for number, (_, value) in enumerate(compared)}
    return {"volume_path": f"$[*] ? ({tests})", "volume_limits": limits}


@lru_cache(SHAPES)
def _on_drive(on_system: Shape) -> ColumnElement[bool]:
    # Most people ask for C:, which is the system's drive nearly everywhere: its sizes are in indexed columns.
    drive = bindparam("drive", type_=Text)
    is_other = m.system_drive.is_distinct_from(drive)
    return or_(and_(m.system_drive == drive, *on_system), and_(is_other, _LISTED))


def user(said: str) -> Condition:
    """Return the condition that somebody is logged in or was last, or has the machine as their own in Atera."""
    account = "".join(part for part in said.split() if part)
    return Condition(_USER, {"user_part": _part(said), "account_part": _part(account)})


_contact = tables.contact.c
_OWNED = select(_contact.default_machine_id).where(
    or_(_like(_contact.full_name, "user_part"), _like(_contact.email, "user_part")),
    _contact.default_machine_id.is_not(None),
    _contact.deleted_at.is_(None),
)
_USER = or_(
    _like(m.logged_in_users, "account_part"), _like(m.last_login_user, "account_part"), m.id.in_(_OWNED)
)


def processor_in(names: Collection[str]) -> Condition:
    """Return the condition that the processor has one of these names."""
    return Condition(_PROCESSOR_IN, {"processors": list(names)})


_PROCESSOR_IN = m.processor == any_(bindparam("processors", type_=ARRAY(TEXT)))


def system_in(systems: Sequence[tuple[str, ...]]) -> Condition:
    """Return the condition that the four texts of the operating system are one of these; "" stands for none."""
    said = {
        f"system_{nth}_{part}": text for nth, texts in enumerate(systems) for part, text in enumerate(texts)
    }
    are_said = tuple(tuple(map(bool, texts)) for texts in systems)
    return Condition(_system_in(are_said), {name: text for name, text in said.items() if text})


@lru_cache(SHAPES)
def _system_in(are_said: tuple[tuple[bool, ...], ...]) -> ColumnElement[bool]:
    # Plain columns: of an expression Postgres has no statistics, and takes half a fleet for a handful of machines.
    return or_(
        false(),
        *(
            and_(*(_system_part(nth, part, is_said=is_said) for part, is_said in enumerate(parts)))
            for nth, parts in enumerate(are_said)
        ),
    )


def _system_part(nth: int, part: int, *, is_said: bool) -> ColumnElement[bool]:
    column = SYSTEM_COLUMNS[part]
    return column == bindparam(f"system_{nth}_{part}") if is_said else or_(column.is_(None), column == "")


def id_in(ids: Collection[int]) -> Condition:
    """Return the condition that a machine is one of these."""
    return Condition(_ID_IN, {"wanted_ids": list(ids)})


def id_not_in(ids: Collection[int]) -> Condition:
    """Return the condition that a machine is none of these."""
    return Condition(_ID_NOT_IN, {"wanted_ids": list(ids)})


_ID_IN = m.id == any_(bindparam("wanted_ids", type_=ARRAY(BigInteger)))
_ID_NOT_IN = not_(_ID_IN)


def has_value(field: str, value: str | None) -> Condition:
    """Return the condition that a custom field holds a value (equal in any case), or with None any at all."""
    if value is None:
        return Condition(_HAS_VALUE, {"field": field})
    return Condition(_HAS_THE_VALUE, {"field": field, "field_value": escaped(value)})


_row = tables.custom_value.c
_VALUED = select(literal(1)).where(
    _row.target == AGENT, _row.name == bindparam("field"), _row.item_id == m.id, _row.value != ""
)
_HAS_VALUE, _HAS_THE_VALUE = _VALUED.exists(), _VALUED.where(_like(_row.value, "field_value")).exists()
