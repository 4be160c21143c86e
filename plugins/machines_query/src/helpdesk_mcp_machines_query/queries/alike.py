"""Machines that nothing tells apart for a question, so that one of them can be judged for all.

A fleet repeats itself: of 100,000 machines a few thousand differ in what decides about Windows 11. The database finds the
equal ones by hashes of what decides; two that are not equal share a hash of 64 bits with a chance not worth a thought.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Subquery,
    any_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY, TEXT

from helpdesk_mcp.sdk import ReadSession, tables
from helpdesk_mcp_machines_query.processors import MODEL_DECIDES
from helpdesk_mcp_machines_query.readiness.criteria import DISK_STEPS, MEMORY_STEPS, VOLUMES_STEPS

from . import machines
from .conditions import holds, one_of
from .facts import AGENT

_m, _v = tables.machine.c, tables.custom_value.c
_EXISTS = _m.deleted_at.is_(None)
_TELLS_NOTHING = (('"at":"', '"'), ('"disk":"', '"'), ('"sys":', ","))
"""Where in the collector's line stands what differs between machines and decides nothing: when it ran, the disk's name, and the
size of the system drive, which the inventory has too."""


@dataclass(frozen=True, slots=True)
class Alike:
    """Machines that are equal in all that decides."""

    ids: list[int]
    customer_ids: list[int | None]
    """The customer of each, in the same order."""
    stale: int
    """How many were not seen for long, or never."""
    values: int | None
    """Equal for machines whose custom values mean the same; None where they have none."""


async def in_hardware(
    db: ReadSession,
    conditions: Sequence[ColumnElement[bool]],
    *,
    fields: Sequence[str],
    line: str,
    virtual: Collection[str],
    seen_since: datetime,
) -> list[Alike]:
    """Return the machines that meet the conditions, divided by all that Windows 11 is judged from.

    `fields` are the custom fields that count, `line` is the one of them with the collector's line, `virtual` are the makes
    (as `make` names them) of virtual machines.
    """
    # First which machines, then their values: what conditions leave over is told better by counting than by guessing.
    ids = await machines.ids(db, conditions) if conditions else None
    said = _said(fields, line, ids)
    is_stale = or_(_m.last_seen_at.is_(None), _m.last_seen_at <= seen_since)
    # Without a size in the inventory the collector's decides, which the hash of the values leaves out.
    values = case((_m.system_total_mb > 0, said.c.hash), else_=said.c.hash.op("#")(_m.id))
    rows = await db.rows(
        select(
            func.array_agg(_m.id),
            func.array_agg(_m.customer_id),
            func.count().filter(is_stale),
            func.min(values),
        )
        .select_from(tables.machine.outerjoin(said, said.c.item_id == _m.id))
        .where(_EXISTS, *conditions)
        .group_by(_hash(*_hardware(virtual), values))
    )
    return [Alike(*row) for row in rows]


async def in_values(
    db: ReadSession, ids: Sequence[int] | None, *, fields: Sequence[str], line: str
) -> list[list[int]]:
    """Return those of some machines (None: of all) that have any value, divided by their values."""
    said = _said(fields, line, ids)
    statement = select(func.array_agg(said.c.item_id)).group_by(said.c.hash)
    if ids is None:
        statement = statement.join(tables.machine, _m.id == said.c.item_id).where(_EXISTS)
    return [row[0] for row in await db.rows(statement)]


async def makes(
    db: ReadSession, conditions: Sequence[ColumnElement[bool]]
) -> list[tuple[str | None, str | None, str | None]]:
    """Return every vendor, model and product that occur together in machines that meet the conditions."""
    rows = await db.rows(select(_m.vendor, _m.model, _m.product).where(_EXISTS, *conditions).distinct())
    return [(row.vendor, row.model, row.product) for row in rows]


def make(vendor: str | None, model: str | None, product: str | None) -> str:
    """Return the three as the one text that `in_hardware` compares."""
    return "\n".join((vendor or "", model or "", product or ""))


def _hardware(virtual: Collection[str]) -> tuple[ColumnElement[Any], ...]:
    one_make = func.concat_ws("\n", *(func.coalesce(text, "") for text in (_m.vendor, _m.model, _m.product)))
    build = case(
        (or_(_m.os_build.startswith("10."), _m.os_build.startswith("6.")), _m.os_build),
        else_=func.split_part(_m.os_build, ".", 1),
    )
    return (
        _m.os,
        _m.os_version,
        build,
        _m.device_class,
        _m.processor,
        _m.processor_cores,
        _step(_m.memory_mb, MEMORY_STEPS),
        _step(_m.system_total_mb, DISK_STEPS),
        _step(_m.disk_total_mb, VOLUMES_STEPS),
        one_of(one_make, virtual),
        case((holds(_m.processor, MODEL_DECIDES), one_make)),
        _m.facts_read_at.is_(None),
    )


def _said(fields: Sequence[str], line: str, ids: Sequence[int] | None) -> Subquery:
    """Return one hash of all values of each of some machines; None: of all."""
    value = case((_v.name == line, _decisive(_v.value)), else_=_v.value)
    statement = select(_v.item_id, func.bit_xor(_hash(_v.name, value)).label("hash")).where(
        _v.target == AGENT, _v.name == any_(literal(list(fields), ARRAY(TEXT)))
    )
    if ids is not None:
        statement = statement.where(_v.item_id == any_(literal(list(ids), ARRAY(BigInteger))))
    return statement.group_by(_v.item_id).subquery("said")


def _decisive(value: ColumnElement[str]) -> ColumnElement[str]:
    """Return the collector's line without what decides nothing; one with escapes in it as it is."""
    text: ColumnElement[str] = value
    for start, end in _TELLS_NOTHING:
        what = func.rtrim(func.split_part(func.split_part(value, start, 2), end, 1), "}")
        text = func.replace(text, literal(start).concat(what), "")
    return case((func.strpos(value, "\\") > 0, value), else_=text)


def _hash(*columns: ColumnElement[Any]) -> ColumnElement[int]:
    return func.hash_record_extended(func.row(*columns), cast(0, BigInteger))


def _step(size: ColumnElement[int], steps: Sequence[int]) -> ColumnElement[int]:
    return func.width_bucket(size, literal(list(steps), ARRAY(Integer)))
