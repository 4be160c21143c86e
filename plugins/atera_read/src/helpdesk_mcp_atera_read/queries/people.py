"""People and companies by what is known of them: a part of a mail address, of a phone number; and what is open for each."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache
from typing import Any, Literal

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Executable,
    Table,
    Text,
    any_,
    bindparam,
    func,
    or_,
    select,
)

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
_MAILS: dict[Kind, ColumnElement[Any]] = {
    "customer": _customer.domain,
    "contact": _contact.email,
    "engineer": _technician.email,
}
_PHONES: dict[Kind, tuple[ColumnElement[Any], ...]] = {
    "customer": (_customer.phone,),
    "contact": (_contact.phone, _contact.mobile),
    "engineer": (),
}
_TICKET_COLUMNS: dict[Kind, ColumnElement[Any]] = {
    "customer": _t.customer_id,
    "contact": _t.contact_id,
    "engineer": _t.technician_id,
}
_IDS = bindparam("ids", type_=ARRAY(BigInteger))
_CUSTOMERS = select(*(_customer[field.name] for field in fields(Customer))).where(_customer.id == any_(_IDS))
_CONTACTS = select(*_CONTACT).where(_contact.id == any_(_IDS))
_ENGINEERS = select(_technician.id, _technician.name, _technician.email).where(_technician.id == any_(_IDS))
_MAIN_CONTACTS = (
    select(*_CONTACT)
    .where(_contact.customer_id == any_(_IDS), _contact.is_main_contact, _contact.deleted_at.is_(None))
    .order_by(_contact.id.desc())
)


async def ids_by_reach(db: ReadSession, kind: Kind, part: str, limit: int) -> list[int]:
    """Return who has `part` in the mail address or domain, or its digits in a phone number."""
    digits = "".join(char for char in part if char.isdecimal())[-_MOST_DIGITS:]
    mail = part.rpartition("@")[2] if kind == "customer" else part
    statement = _by_reach(kind, has_digits=len(digits) >= _FEWEST_DIGITS)
    rows = await db.rows(statement, {"mail": f"%{_escaped(mail)}%", "digits": digits, "limit": limit})
    return [row.id for row in rows]


@cache
def _by_reach(kind: Kind, *, has_digits: bool) -> Executable:
    table = _TABLES[kind]
    alive = [table.c.deleted_at.is_(None)] if "deleted_at" in table.c else []
    by_mail = _MAILS[kind].ilike(bindparam("mail", type_=Text), escape="\\")
    by_phone = [_digits(one).contains(bindparam("digits", type_=Text)) for one in _PHONES[kind] if has_digits]
    statement = select(table.c.id).where(*alive, or_(by_mail, *by_phone))
    return statement.order_by(table.c.id).limit(bindparam("limit"))


def _escaped(said: str) -> str:
    """Return a text without meaning for LIKE."""
    return said.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _digits(phone: ColumnElement[Any]) -> ColumnElement[str]:
    return func.regexp_replace(phone, r"\D", "", "g")


async def customers(db: ReadSession, ids: Sequence[int]) -> dict[int, Customer]:
    """Return customers by id."""
    return {row.id: Customer(*row) for row in await db.rows(_CUSTOMERS, {"ids": ids})}


async def contacts(db: ReadSession, ids: Sequence[int]) -> dict[int, Contact]:
    """Return contacts by id."""
    return {row.id: Contact(*row) for row in await db.rows(_CONTACTS, {"ids": ids})}


async def engineers(db: ReadSession, ids: Sequence[int]) -> dict[int, Engineer]:
    """Return engineers by id."""
    return {row.id: Engineer(*row) for row in await db.rows(_ENGINEERS, {"ids": ids})}


async def loads(db: ReadSession, kind: Kind, ids: Sequence[int], now: datetime) -> dict[int, Load]:
    """Return the open tickets of each; those without any are not in the result."""
    rows = await db.rows(_loads(kind), {"ids": ids, "now": now})
    return {row.id: Load(row.open, row.overdue) for row in rows}


@cache
def _loads(kind: Kind) -> Executable:
    whose = _TICKET_COLUMNS[kind]
    late = func.count().filter(overdue(bindparam("now")))
    return (
        select(whose.label("id"), func.count().label("open"), late.label("overdue"))
        .where(_t.is_open, _t.deleted_at.is_(None), whose == any_(_IDS))
        .group_by(whose)
    )


async def main_contacts(db: ReadSession, customer_ids: Sequence[int]) -> dict[int, Contact]:
    """Return the main contact of each of these customers, where there is one."""
    rows = await db.rows(_MAIN_CONTACTS, {"ids": customer_ids})
    return {row.customer_id: Contact(*row) for row in rows}
