"""People and companies by what is known of them: a part of a mail address, of a phone number; and what is open for each."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Table, false, func, or_, select

from helpdesk_mcp.sdk import ReadSession, tables

from .tickets import overdue

Kind = Literal["customer", "contact", "engineer"]

_customer, _contact, _technician = tables.customer.c, tables.contact.c, tables.technician.c
_t = tables.ticket.c
_FEWEST_DIGITS, _MOST_DIGITS = 4, 8
"""Of a phone number: fewer fit too many, and those before the last eight are country and trunk codes, written or not."""


@dataclass(frozen=True, slots=True)
class Customer:
    """A company."""

    id: int
    name: str
    domain: str | None
    phone: str | None
    city: str | None
    notes: str | None


@dataclass(frozen=True, slots=True)
class Contact:
    """A person at a customer."""

    id: int
    full_name: str
    customer_id: int | None
    customer_name: str | None
    email: str | None
    phone: str | None
    mobile: str | None
    job_title: str | None
    is_main_contact: bool | None
    is_archived: bool | None


@dataclass(frozen=True, slots=True)
class Engineer:
    """A technician of the provider."""

    id: int
    name: str
    email: str | None


@dataclass(frozen=True, slots=True)
class Load:
    """Open tickets."""

    open: int
    overdue: int


_CONTACT = tuple(_contact[field.name] for field in fields(Contact))
_TABLES: dict[Kind, Table] = {
    "customer": tables.customer,
    "contact": tables.contact,
    "engineer": tables.technician,
}
_TICKET_COLUMNS: dict[Kind, ColumnElement[Any]] = {
    "customer": _t.customer_id,
    "contact": _t.contact_id,
    "engineer": _t.technician_id,
}


async def ids_by_reach(db: ReadSession, kind: Kind, part: str, limit: int) -> list[int]:
    """Return who has `part` in the mail address or domain, or its digits in a phone number."""
    table = _TABLES[kind]
    alive = [table.c.deleted_at.is_(None)] if "deleted_at" in table.c else []
    statement = select(table.c.id).where(*alive, _reached(kind, part)).order_by(table.c.id).limit(limit)
    return [row.id for row in await db.rows(statement)]


def _reached(kind: Kind, part: str) -> ColumnElement[bool]:
    mail: dict[Kind, ColumnElement[bool]] = {
        "customer": _customer.domain.icontains(part.rpartition("@")[2], autoescape=True),
        "contact": _contact.email.icontains(part, autoescape=True),
        "engineer": _technician.email.icontains(part, autoescape=True),
    }
    phones: dict[Kind, list[ColumnElement[Any]]] = {
        "customer": [_customer.phone],
        "contact": [_contact.phone, _contact.mobile],
        "engineer": [],
    }
    digits = "".join(char for char in part if char.isdecimal())[-_MOST_DIGITS:]
    has_digits = len(digits) >= _FEWEST_DIGITS
    return or_(false(), mail[kind], *(_digits(one).contains(digits) for one in phones[kind] if has_digits))


def _digits(phone: ColumnElement[Any]) -> ColumnElement[str]:
    return func.regexp_replace(phone, r"\D", "", "g")


async def customers(db: ReadSession, ids: Sequence[int]) -> dict[int, Customer]:
    """Return customers by id."""
    c = _customer
    rows = await db.rows(select(c.id, c.name, c.domain, c.phone, c.city, c.notes).where(c.id.in_(ids)))
    return {row.id: Customer(*row) for row in rows}


async def contacts(db: ReadSession, ids: Sequence[int]) -> dict[int, Contact]:
    """Return contacts by id."""
    rows = await db.rows(select(*_CONTACT).where(_contact.id.in_(ids)))
    return {row.id: Contact(*row) for row in rows}


async def engineers(db: ReadSession, ids: Sequence[int]) -> dict[int, Engineer]:
    """Return engineers by id."""
    c = _technician
    rows = await db.rows(select(c.id, c.name, c.email).where(c.id.in_(ids)))
    return {row.id: Engineer(*row) for row in rows}


async def loads(db: ReadSession, kind: Kind, ids: Sequence[int], now: datetime) -> dict[int, Load]:
    """Return the open tickets of each; those without any are not in the result."""
    whose = _TICKET_COLUMNS[kind]
    statement = (
        select(
            whose.label("id"), func.count().label("open"), func.count().filter(overdue(now)).label("overdue")
        )
        .where(_t.is_open, _t.deleted_at.is_(None), whose.in_(ids))
        .group_by(whose)
    )
    return {row.id: Load(row.open, row.overdue) for row in await db.rows(statement)}


async def main_contacts(db: ReadSession, customer_ids: Sequence[int]) -> dict[int, Contact]:
    """Return the main contact of each of these customers, where there is one."""
    c = _contact
    statement = (
        select(*_CONTACT)
        .where(c.customer_id.in_(customer_ids), c.is_main_contact, c.deleted_at.is_(None))
        .order_by(c.id.desc())
    )
    return {row.customer_id: Contact(*row) for row in await db.rows(statement)}
