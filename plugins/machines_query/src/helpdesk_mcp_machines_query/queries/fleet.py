"""Machines with only the columns that readiness is judged from."""

from collections.abc import Sequence
from dataclasses import fields

from sqlalchemy import BigInteger, ColumnElement, any_, bindparam, collate, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from helpdesk_mcp.sdk import ReadSession, tables
from helpdesk_mcp_machines_query.readiness import Machine

_m = tables.machine.c


def _plain(name: ColumnElement[str]) -> ColumnElement[str]:
    """Return what names are sorted by: the rules of a language would take three times as long."""
    return collate(func.lower(name), "C")


COLUMNS = tuple(_m[field.name] for field in fields(Machine))
_ONE = select(*COLUMNS).where(_m.id == bindparam("id"))
_SOME = select(*COLUMNS).where(_m.id == any_(bindparam("ids", type_=ARRAY(BigInteger))))
_PAGE = (
    _SOME.order_by(_plain(func.coalesce(_m.customer_name, "")), _plain(_m.name), _m.id)
    .limit(bindparam("limit"))
    .offset(bindparam("offset"))
)


async def page(db: ReadSession, ids: Sequence[int], limit: int, offset: int) -> list[Machine]:
    """Return a page of these machines, by customer and name."""
    rows = await db.rows(_PAGE, {"ids": list(ids), "limit": limit, "offset": offset})
    return [Machine(*row) for row in rows]


async def machine(db: ReadSession, id_: int) -> Machine | None:
    """Return one machine."""
    row = await db.first(_ONE, {"id": id_})
    return None if row is None else Machine(*row)


async def customer_names(db: ReadSession) -> dict[int, str]:
    """Return the names of all customers, of those too that are gone."""
    rows = await db.rows(select(tables.customer.c.id, tables.customer.c.name))
    return {row.id: row.name for row in rows}
