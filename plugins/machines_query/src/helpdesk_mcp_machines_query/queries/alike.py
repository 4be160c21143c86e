"""Machines that nothing tells apart for a question, so that one of them can be judged for all.

A fleet repeats itself: of 100,000 machines a few thousand differ in what decides about Windows 11. The database finds the
equal ones by hashes of what decides, most of which it keeps (`machine.kind`, `machine.make`); two machines that are not equal
share a hash of 64 bits with a chance not worth a thought.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Subquery,
    Text,
    any_,
    bindparam,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY, TEXT

from helpdesk_mcp.sdk import ReadSession, tables
from helpdesk_mcp_machines_query.readiness import Machine
from helpdesk_mcp_machines_query.readiness.criteria import DISK_STEPS, MEMORY_STEPS, VOLUMES_STEPS

from . import fleet, machines
from .facts import AGENT
from .rulings import Ruling

_m, _v = tables.machine.c, tables.custom_value.c
_EXISTS = _m.deleted_at.is_(None)
_TELLS_NOTHING = (('"at":"', '"'), ('"disk":"', '"'), ('"sys":', ","))
"""Where in the collector's line stands what differs between machines and decides nothing: when it ran, the disk's name, and the
size of the system drive, which the inventory has too."""
_WHOLE = 1
"""Seed for the hash of a whole line: with that of its decisive part the two could cancel each other out."""
_AT_ONCE = 2000

Listed = Literal["ids", "customers", "unread"]
"""What to tell of each machine of a part: its id, its customer, or its id where its custom values were never read."""


@dataclass(frozen=True, slots=True)
class Fields:
    """The custom fields that count."""

    names: Sequence[str]
    line: str
    """The one with the collector's line."""


@dataclass(frozen=True, slots=True)
class Alike:
    """Machines that are equal in all that decides."""

    hash: int
    """Of all that decides: what is true of machines with this hash is true whenever it turns up again."""
    size: int
    one: int
    """The id of one of them."""
    stale: int
    """How many were not seen for long, or never."""
    listed: Sequence[int | None]


@dataclass(frozen=True, slots=True)
class One:
    """One machine with the hash of what decides about it, both of the same moment."""

    machine: Machine
    hash: int
    values: int | None
    """Equal for machines whose custom values mean the same; None where they have none."""
    texts: str
    """The custom values by name, as JSON."""


async def in_hardware(
    db: ReadSession,
    conditions: Sequence[ColumnElement[bool]],
    fields: Fields,
    ruling: Ruling,
    *,
    seen_since: datetime,
    listed: Listed,
) -> list[Alike]:
    """Return the machines that meet the conditions, divided by all that Windows 11 is judged from."""
    # First which machines, then their values: what conditions leave over is told better by counting than by guessing.
    said = _said(fields, await machines.ids(db, conditions) if conditions else None)
    is_stale = or_(_m.last_seen_at.is_(None), _m.last_seen_at <= seen_since)
    all_of_them = (
        select(
            _decisive(_values(said), ruling).label("hash"),
            _m.id,
            _m.customer_id,
            is_stale.label("is_stale"),
            _m.facts_read_at.is_(None).label("is_unread"),
        )
        .select_from(tables.machine.outerjoin(said, said.c.item_id == _m.id))
        .where(_EXISTS, *conditions)
        .subquery("all_of_them")
    )
    of = all_of_them.c
    told: dict[Listed, ColumnElement[Any]] = {
        "ids": func.array_agg(of.id),
        "customers": func.array_agg(of.customer_id),
        "unread": func.array_agg(of.id).filter(of.is_unread),
    }
    rows = await db.rows(
        select(
            of.hash,
            func.count(),
            func.min(of.id),
            func.count().filter(of.is_stale),
            told[listed],
        ).group_by(of.hash)
    )
    return [Alike(hash_, size, one, stale, some or ()) for hash_, size, one, stale, some in rows]


async def ones(db: ReadSession, ids: Sequence[int], fields: Fields, ruling: Ruling) -> list[One]:
    """Return these machines in any order, as far as they are still stored."""
    found: list[One] = []
    # In parts, so that others get their turn between them.
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        said = _said(fields, some, func.json_object_agg(_v.name, _v.value).cast(Text).label("texts"))
        values = _values(said)
        rows = await db.rows(
            select(_decisive(values, ruling), values, func.coalesce(said.c.texts, "{}"), *fleet.COLUMNS)
            .select_from(tables.machine.outerjoin(said, said.c.item_id == _m.id))
            .where(_m.id == any_(_bigints(some)))
        )
        found += [One(Machine(*columns), hash_, values_, texts) for hash_, values_, texts, *columns in rows]
    return found


async def in_values(db: ReadSession, ids: Sequence[int] | None, fields: Fields) -> list[list[int]]:
    """Return those of some machines (None: of all) that have any value, divided by their values."""
    said = _said(fields, ids)
    statement = select(func.array_agg(said.c.item_id)).group_by(said.c.hash)
    if ids is None:
        statement = statement.join(tables.machine, _m.id == said.c.item_id).where(_EXISTS)
    return [row[0] for row in await db.rows(statement)]


def _decisive(values: ColumnElement[int], ruling: Ruling) -> ColumnElement[int]:
    """Return the hash of all that decides: every column that is judged has to be in it, as it is or in steps."""
    return _hash(
        _m.kind,
        _step(_m.memory_mb, MEMORY_STEPS),
        _step(_m.system_total_mb, DISK_STEPS),
        _step(_m.disk_total_mb, VOLUMES_STEPS),
        _m.make == any_(_bigints(ruling.virtual)),
        _make_where_it_decides(ruling),
        _m.facts_read_at.is_(None),
        values,
    )


def _make_where_it_decides(ruling: Ruling) -> ColumnElement[int | None]:
    if not ruling.made_for:
        return cast(null(), BigInteger)
    other = tables.machine.alias("of_a_processor").c
    kinds = select(other.kind).where(
        other.processor == any_(bindparam(None, list(ruling.made_for), ARRAY(TEXT)))
    )
    return case((_m.kind.in_(kinds), _m.make))


def _values(said: Subquery) -> ColumnElement[int]:
    # Without a size in the inventory the collector's decides, which the first hash leaves out.
    whole = said.c.hash.op("#")(func.coalesce(said.c.line, 0))
    return case((_m.system_total_mb > 0, said.c.hash), else_=whole)


def _said(fields: Fields, ids: Sequence[int] | None, *more: ColumnElement[Any]) -> Subquery:
    """Return a hash of what all values of each of some machines (None: of all) say, and one of the collector's line as it is."""
    is_line = _v.name == fields.line
    value = case((is_line, _without_what_tells_nothing(_v.value)), else_=_v.value)
    statement = select(
        _v.item_id,
        func.bit_xor(func.hashtextextended(value, func.hashtextextended(_v.name, 0))).label("hash"),
        func.bit_xor(case((is_line, func.hashtextextended(_v.value, _WHOLE)))).label("line"),
        *more,
    ).where(_v.target == AGENT, _v.name == any_(literal(list(fields.names), ARRAY(TEXT))))
    if ids is not None:
        statement = statement.where(_v.item_id == any_(_bigints(ids)))
    return statement.group_by(_v.item_id).subquery("said")


def _without_what_tells_nothing(line: ColumnElement[str]) -> ColumnElement[str]:
    """Return the decisive part of the collector's line; of one with escapes in it all."""
    text: ColumnElement[str] = line
    for start, end in _TELLS_NOTHING:
        what = func.rtrim(func.split_part(func.split_part(line, start, 2), end, 1), "}")
        text = func.replace(text, literal(start).concat(what), "")
    return case((func.strpos(line, "\\") > 0, line), else_=text)


def _hash(*columns: ColumnElement[Any]) -> ColumnElement[int]:
    return func.hash_record_extended(func.row(*columns), cast(0, BigInteger), type_=BigInteger)


def _step(size: ColumnElement[int], steps: Sequence[int]) -> ColumnElement[int]:
    return func.width_bucket(size, literal(list(steps), ARRAY(Integer)))


def _bigints(numbers: Sequence[int]) -> ColumnElement[Any]:
    return literal(list(numbers), ARRAY(BigInteger))
