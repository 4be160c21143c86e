"""What is asked of the table of hosts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select

from helpdesk_mcp.sdk import ReadSession, tables

from .tables import host

_host, _customer = host.c, tables.customer.c


@dataclass(frozen=True, slots=True)
class HostRow:
    """A host in a list."""

    name: str
    port: int
    customer: str | None
    not_after: datetime | None
    issuer: str | None
    error: str | None
    failing_since: datetime | None
    total: int
    """How many hosts there are in the list, shown or not."""


@dataclass(frozen=True, slots=True)
class Watched:
    """How the hosts are as a whole."""

    hosts: int
    failing: int


async def find(db: ReadSession, customer_id: int | None, before: datetime, limit: int) -> list[HostRow]:
    """Return hosts that fail, those that fail longest first, then those whose certificate ends before a moment."""
    statement = (
        select(
            *(_host.name, _host.port, _customer.name.label("customer"), _host.not_after, _host.issuer),
            *(_host.error, _host.failing_since, func.count().over()),
        )
        .outerjoin_from(host, tables.customer, _customer.id == _host.customer_id)
        .where(or_(_host.error.is_not(None), _host.not_after < before), *_of(customer_id))
        .order_by(_host.failing_since, _host.not_after, _host.name, _host.port)
        .limit(limit)
    )
    return [HostRow(*row) for row in await db.rows(statement)]


async def watched(db: ReadSession, customer_id: int | None = None) -> Watched:
    """Return how many hosts are watched, and how many of them fail."""
    failing = func.count().filter(_host.error.is_not(None))
    row = await db.first(select(func.count(), failing).select_from(host).where(*_of(customer_id)))
    return Watched(*row) if row else Watched(0, 0)


def _of(customer_id: int | None) -> Sequence[ColumnElement[bool]]:
    return () if customer_id is None else (_host.customer_id == customer_id,)
