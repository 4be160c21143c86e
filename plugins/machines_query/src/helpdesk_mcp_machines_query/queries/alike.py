"""Machines that nothing tells apart for a question, so that one of them can be judged for all.

A fleet repeats itself: of 100,000 machines a few thousand differ in what decides about Windows 11. The database finds the
equal ones by hashes of what decides, most of which it keeps (`machine.kind`, `machine.make`); two machines that are not equal
share a hash of 64 bits with a chance not worth a thought.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from typing import Any, Literal

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Executable,
    FromClause,
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
from sqlalchemy.sql.base import ReadOnlyColumnCollection
from sqlalchemy.types import NullType

from helpdesk_mcp.sdk import ReadSession, tables
from helpdesk_mcp_machines_query.readiness import Machine
from helpdesk_mcp_machines_query.readiness.criteria import DISK_STEPS, MEMORY_STEPS, VOLUMES_STEPS
from helpdesk_mcp_machines_query.readiness.facts import LINE_DECIDES_UNTIL, LINE_STARTS

from . import fleet, machines
from .conditions import SHAPES, Condition, Shape, shape, values
from .facts import AGENT
from .rulings import Ruling

_m, _v = tables.machine.c, tables.custom_value.c
_EXISTS = _m.deleted_at.is_(None)
_WHOLE = 1
"""Seed for the hash of a whole line: with that of its decisive part the two could cancel each other out."""
_AT_ONCE = 2000
_IDS, _LINE = bindparam("ids", type_=ARRAY(BigInteger)), bindparam("line", type_=Text)

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
    listed: Sequence[int | None] | None
    """What was asked to be told; None: of no machine."""


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
    conditions: Sequence[Condition],
    fields: Fields,
    ruling: Ruling,
    *,
    seen_since: datetime,
    listed: Listed,
) -> list[Alike]:
    """Return the machines that meet the conditions, divided by all that Windows 11 is judged from."""
    # First which machines, then their values: what conditions leave over is told better by counting than by guessing.
    ids = await machines.ids(db, conditions) if conditions else None
    statement = _divided(shape(conditions), listed, has_made_for=bool(ruling.made_for))
    named = {**_values_of(fields, ruling, ids), **values(conditions), "seen_since": seen_since}
    return [Alike(*row) for row in await db.rows(statement, named)]


@lru_cache(SHAPES)
def _divided(asked: Shape, listed: Listed, *, has_made_for: bool) -> Executable:
    said = _OF_SOME if asked else _OF_ALL
    decisive = _decisive(said, has_made_for=has_made_for).label("hash")
    hashed = (
        select(decisive, _m.id, _m.customer_id, _m.last_seen_at, _m.facts_read_at)
        .select_from(_and_values(said))
        .where(_EXISTS, *asked)
        .subquery("hashed")
    )
    of = hashed.c
    is_stale = or_(of.last_seen_at.is_(None), of.last_seen_at <= bindparam("seen_since"))
    counts = func.count(), func.min(of.id), func.count().filter(is_stale)
    return select(of.hash, *counts, _told(of, listed)).group_by(of.hash)


def _told(of: ReadOnlyColumnCollection[str, Any], listed: Listed) -> ColumnElement[Any]:
    column = of.customer_id if listed == "customers" else of.id
    # The driver makes a list of it; with its type it would be gone through once more, number by number.
    all_of_them = func.array_agg(column, type_=NullType())
    return all_of_them.filter(of.facts_read_at.is_(None)) if listed == "unread" else all_of_them


async def ones(db: ReadSession, ids: Sequence[int], fields: Fields, ruling: Ruling) -> list[One]:
    """Return these machines in any order, as far as they are still stored."""
    found: list[One] = []
    statement = _ones(has_made_for=bool(ruling.made_for))
    # In parts, so that others get their turn between them.
    for start in range(0, len(ids), _AT_ONCE):
        rows = await db.rows(statement, _values_of(fields, ruling, ids[start : start + _AT_ONCE]))
        found += [One(Machine(*row[3:]), *row[:3]) for row in map(tuple, rows)]
    return found


@cache
def _ones(*, has_made_for: bool) -> Executable:
    said = _IN_WORDS
    decisive = _decisive(said, has_made_for=has_made_for)
    return (
        select(decisive, _meaning(said), func.coalesce(said.c.texts, "{}"), *fleet.COLUMNS)
        .select_from(_and_values(said))
        .where(_m.id == any_(_IDS))
    )


async def in_values(db: ReadSession, ids: Sequence[int] | None, fields: Fields) -> list[list[int]]:
    """Return those of some machines (None: of all) that have any value, divided by their values."""
    rows = await db.rows(_valued(of_all=ids is None), _values_of(fields, None, ids))
    return [row[0] for row in rows]


@cache
def _valued(*, of_all: bool) -> Executable:
    said = _OF_ALL if of_all else _OF_SOME
    statement = select(func.array_agg(said.c.item_id, type_=NullType())).group_by(said.c.hash)
    if not of_all:
        return statement
    return statement.join(tables.machine, _m.id == said.c.item_id).where(_EXISTS)


def _values_of(fields: Fields, ruling: Ruling | None, ids: Sequence[int] | None) -> dict[str, Any]:
    """Return what the statements' parameters stand for."""
    found = {"fields": list(fields.names), "line": fields.line, "ids": list(ids or ())}
    if ruling is None:
        return found
    return {**found, "virtual": list(ruling.virtual), "made_for": list(ruling.made_for)}


def _decides(line: ColumnElement[str]) -> ColumnElement[str]:
    """Return the decisive part of the collector's line, as `read_facts` takes it."""
    part = func.split_part(line, LINE_DECIDES_UNTIL, 1)
    return case((func.starts_with(line, LINE_STARTS), part), else_=line)


def _said(name: str, *conditions: ColumnElement[bool], more: Sequence[ColumnElement[Any]] = ()) -> Subquery:
    """Return a hash of what all values of each machine say."""
    value = case((_v.name == _LINE, _decides(_v.value)), else_=_v.value)
    return (
        select(
            _v.item_id,
            func.bit_xor(func.hashtextextended(value, func.hashtextextended(_v.name, 0))).label("hash"),
            *more,
        )
        .where(_v.target == AGENT, _v.name == any_(bindparam("fields", type_=ARRAY(TEXT))), *conditions)
        .group_by(_v.item_id)
        .subquery(name)
    )


def _and_values(said: Subquery) -> FromClause:
    return tables.machine.outerjoin(said, said.c.item_id == _m.id)


def _meaning(said: Subquery) -> ColumnElement[int]:
    """Return the number of what a machine's values say, None where it has none."""
    line = tables.custom_value.alias("line").c
    whole = (
        select(func.hashtextextended(line.value, _WHOLE))
        .where(line.target == AGENT, line.item_id == _m.id, line.name == _LINE)
        .scalar_subquery()
    )
    # Without a size in the inventory the collector's decides, which the first hash leaves out. Few machines have none.
    is_enough = or_(_m.system_total_mb > 0, said.c.hash.is_(None))
    return case((is_enough, said.c.hash), else_=said.c.hash.op("#")(func.coalesce(whole, 0)))


def _step(size: ColumnElement[int], steps: Sequence[int]) -> ColumnElement[int]:
    return func.width_bucket(size, literal(list(steps), ARRAY(Integer)))


def _make_where_it_decides(*, has_made_for: bool) -> ColumnElement[int | None]:
    if not has_made_for:
        return cast(null(), BigInteger)
    other = tables.machine.alias("of_a_processor").c
    kinds = select(other.kind).where(
        other.processor == any_(bindparam("made_for", type_=ARRAY(TEXT))), other.deleted_at.is_(None)
    )
    return case((_m.kind.in_(kinds), _m.make))


def _decisive(said: Subquery, *, has_made_for: bool) -> ColumnElement[int]:
    """Return the hash of all that decides: every column that is judged has to be in it, as it is or in steps."""
    decisive = func.row(
        _m.kind,
        _step(_m.memory_mb, MEMORY_STEPS),
        _step(_m.system_total_mb, DISK_STEPS),
        _step(_m.disk_total_mb, VOLUMES_STEPS),
        _m.make == any_(bindparam("virtual", type_=ARRAY(BigInteger))),
        _make_where_it_decides(has_made_for=has_made_for),
        _m.facts_read_at.is_(None),
        _meaning(said),
    )
    return func.hash_record_extended(decisive, cast(0, BigInteger), type_=BigInteger)


_OF_ALL, _OF_SOME = _said("said"), _said("said", _v.item_id == any_(_IDS))
_IN_WORDS = _said(
    "said", _v.item_id == any_(_IDS), more=[func.json_object_agg(_v.name, _v.value).cast(Text).label("texts")]
)
