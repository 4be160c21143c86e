"""Machines counted per value: what they are grouped by, and what a group is called."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Literal, get_args

from sqlalchemy import ColumnElement, and_, func, select

from helpdesk_mcp.sdk import BadInput, Call, tables
from helpdesk_mcp.sdk.words import inert

from . import systems
from .memory import fitted_gb
from .queries import machines
from .queries.conditions import SHAPES, SYSTEM_COLUMNS
from .queries.facts import AGENT
from .readiness.criteria import processor_verdict
from .search import Asked, disk_types

Group = Literal[
    "customer", "name", "os", "edition", "release", "build", "support", "cpu", "generation", "cores", "memory", "disk", "free", "disk_type", "vendor",
    "model", "serial", "domain", "user", "online", "monitored", "seen", "rebooted", "bios", "field",
]  # fmt: skip

_OF_FILTER = re.compile(r"_(?:min|max|after|before|on)(?:_gb)?$")
_ALSO: dict[str, Group] = {
    "gen": "generation",
    "unsupported": "support",
    "processor": "cpu",
    "last_user": "user",
}
_m = tables.machine.c
_DAY_SEEN, _DAY_REBOOTED = (func.date_trunc("day", at) for at in (_m.last_seen_at, _m.last_reboot_at))
_MODEL = func.coalesce(_m.product, _m.model)
_DISK_STEPS = (64, 128, 256, 512, 1024)
_FREE_STEPS = (5, 10, 20, 50, 100)
_DAY_STEPS = (1, 7, 30, 90)
_UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class _By:
    """What is grouped in the database, and the label of its values."""

    columns: tuple[ColumnElement[Any], ...]
    """The same objects for every question, as the statement is kept by them."""
    label: Callable[[Sequence[Any]], str]


def named(said: str) -> Group:
    """Return the grouping that a filter's name means: `memory` for memory_max_gb.

    Raises:
        BadInput: there is none; the message lists them.
    """
    word = _OF_FILTER.sub("", said.strip().lower())
    found = next((name for name in get_args(Group) if name == _ALSO.get(word, word)), None)
    if found is None:
        raise BadInput(f"Machines cannot be counted by {said!r}, but by {', '.join(get_args(Group))}.")
    return found


async def counts(call: Call, asked: Asked, by: Group) -> Counter[str]:
    """Return how many machines have each label.

    Raises:
        BadInput: grouping by a custom field without naming it.
    """
    if by == "disk_type":
        return await _by_disk_type(call, asked)
    how = _how(call, asked, by)
    found: Counter[str] = Counter()
    for *values, size in await machines.counted(call.db, asked.conditions, how.columns):
        found[how.label(values) or _UNKNOWN] += size
    return found


async def _by_disk_type(call: Call, asked: Asked) -> Counter[str]:
    disks = await disk_types(call, asked.conditions)
    found = Counter({str(kind): len(ids) for kind, ids in disks.by_type.items()})
    found[_UNKNOWN] = disks.unknown
    return +found


def _how(call: Call, asked: Asked, by: Group) -> _By:
    if by == "field":
        if asked.custom_field is None:
            raise BadInput(
                'To count per value of a custom field, name it: field="Disk type", group_by="field".'
            )
        return _By((_value_of(asked.custom_field),), lambda values: inert(values[0]))
    return _simple(call)[by]


@lru_cache(SHAPES)
def _value_of(name: str) -> ColumnElement[Any]:
    row = tables.custom_value.c
    of_machine = and_(row.target == AGENT, row.name == name, row.item_id == _m.id)
    return select(row.value).where(of_machine).scalar_subquery()


def _simple(call: Call) -> dict[str, _By]:
    return {
        "customer": _By((_m.customer_id, _m.customer_name), lambda values: inert(values[1])),
        "os": _By(SYSTEM_COLUMNS, lambda values: systems.read(*values).family),
        "edition": _By(SYSTEM_COLUMNS, lambda values: systems.read(*values).edition),
        "release": _By(SYSTEM_COLUMNS, lambda values: inert(str(systems.read(*values)))),
        "build": _text(_m.os_build),
        "support": _By(SYSTEM_COLUMNS, lambda values: str(systems.read(*values).end or "no date known")),
        "cpu": _By((_m.processor,), lambda values: _family(values[0])),
        "generation": _By((_m.processor,), lambda values: _generation(values[0])),
        "cores": _By((_m.processor_cores,), lambda values: str(values[0] or "")),
        "memory": _By((_m.memory_mb,), lambda values: f"{fitted_gb(values[0])} GB" if values[0] else ""),
        "disk": _By((_m.system_total_mb,), lambda values: _step(values[0], _DISK_STEPS)),
        "free": _By((_m.system_free_mb,), lambda values: _step(values[0], _FREE_STEPS)),
        "online": _By((_m.is_online,), lambda values: _said(values[0], "online", "offline")),
        "monitored": _By((_m.is_monitored,), lambda values: _said(values[0], "monitored", "not monitored")),
        "seen": _By((_DAY_SEEN,), lambda values: _age(values[0], call)),
        "rebooted": _By((_DAY_REBOOTED,), lambda values: _age(values[0], call)),
        "bios": _By((_m.bios_date,), lambda values: _year(values[0])),
        "name": _text(_m.name),
        "vendor": _text(_m.vendor),
        "serial": _text(_m.serial),
        "model": _text(_MODEL),
        "domain": _text(_m.domain),
        "user": _text(_m.last_login_user),
    }


def _text(column: ColumnElement[Any]) -> _By:
    return _By((column,), lambda values: inert(values[0]))


def _family(name: str | None) -> str:
    verdict = processor_verdict(name or "", None, "")
    return " ".join(part for part in (verdict.vendor, verdict.family) if part)


def _generation(name: str | None) -> str:
    generation = processor_verdict(name or "", None, "").generation
    return _family(name) if generation is None else f"{_family(name)}, generation {generation}"


def _step(mib: int | None, steps: Sequence[int]) -> str:
    """Return the range of sizes that a value in MiB is in, in GB."""
    if mib is None:
        return ""
    above = [step for step in steps if mib >= step * 1024]
    below = [step for step in steps if mib < step * 1024]
    if not above:
        return f"under {steps[0]} GB"
    return f"{above[-1]} to {below[0]} GB" if below else f"{steps[-1]} GB or more"


def _age(at: datetime | None, call: Call) -> str:
    if at is None:
        return "never"
    days = (call.now - at).days
    under = next((step for step in _DAY_STEPS if days <= step), None)
    return f"within {under} d" if under else f"more than {_DAY_STEPS[-1]} d ago"


def _said(flag: bool | None, yes: str, no: str) -> str:  # noqa: FBT001 - a column
    return "" if flag is None else yes if flag else no


def _year(day: date | None) -> str:
    return "" if day is None else str(day.year)
