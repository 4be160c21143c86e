"""The whole fleet, or one customer's, with only the columns that readiness is judged from."""

from dataclasses import fields

from sqlalchemy import bindparam, select

from helpdesk_mcp.sdk import ReadSession, tables
from helpdesk_mcp_machines_query.readiness import Machine

_m = tables.machine.c
COLUMNS = tuple(_m[field.name] for field in fields(Machine))
_ALL = select(*COLUMNS).where(_m.deleted_at.is_(None))
_OF_CUSTOMER = _ALL.where(_m.customer_id == bindparam("customer_id"))
_ONE = select(*COLUMNS).where(_m.id == bindparam("id"))


async def machines(db: ReadSession, customer_id: int | None = None) -> list[Machine]:
    """Return the machines that still exist in Atera."""
    statement = _ALL if customer_id is None else _OF_CUSTOMER
    return [Machine(*row) for row in await db.rows(statement, {"customer_id": customer_id})]


async def machine(db: ReadSession, id_: int) -> Machine | None:
    """Return one machine."""
    row = await db.first(_ONE, {"id": id_})
    return None if row is None else Machine(*row)
