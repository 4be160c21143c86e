"""Custom values of machines: what scripts and technicians wrote beside the inventory."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, Row, any_, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY, TEXT

from helpdesk_mcp.sdk import ReadSession, tables

AGENT = "Agent"
_v = tables.custom_value.c
_OF_MACHINES = select(_v.item_id, _v.name, _v.value).where(
    _v.target == AGENT, _v.item_id == any_(bindparam("ids", type_=ARRAY(BigInteger)))
)
_NAMED_OF_MACHINES = _OF_MACHINES.where(_v.name == any_(bindparam("names", type_=ARRAY(TEXT))))
_first = select(func.min(_v.name).label("name")).where(_v.target == AGENT).cte("held", recursive=True)
_next = select(func.min(_v.name)).where(_v.target == AGENT, _v.name > _first.c.name).scalar_subquery()
# From one name to the next through the index: a plain DISTINCT reads the values of all machines.
_held = _first.union_all(select(_next).where(_first.c.name.is_not(None)))
_FIELDS = (
    select(tables.custom_field.c.name)
    .where(tables.custom_field.c.target == AGENT, tables.custom_field.c.deleted_at.is_(None))
    .union(select(_held.c.name).where(_held.c.name.is_not(None)))
)


async def of_machines(
    db: ReadSession, ids: Sequence[int], names: Sequence[str] | None = None
) -> dict[int, dict[str, str]]:
    """Return the values of these machines by machine, of all fields or of those with these names."""
    statement = _OF_MACHINES if names is None else _NAMED_OF_MACHINES
    return _by_machine(await db.rows(statement, {"ids": list(ids), "names": list(names or ())}))


async def field_named(db: ReadSession, said: str) -> str | None:
    """Return the agent field with this name in any case, or None."""
    return next((name for name in await field_names(db) if name.lower() == said.strip().lower()), None)


async def field_names(db: ReadSession) -> list[str]:
    """Return the names of the agent fields that exist or hold a value."""
    return sorted((row.name for row in await db.rows(_FIELDS)), key=str.lower)


def _by_machine(rows: Sequence[Row[Any]]) -> dict[int, dict[str, str]]:
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for row in rows:
        found[row.item_id][row.name] = row.value
    return found
