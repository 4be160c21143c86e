"""Names for ids: wherever a tool takes a customer, contact, engineer or machine, people say a name.

A name becomes exactly one thing or a question. Exact beats prefix beats part beats similar spelling; a lone best match is
taken, and the caller gets its real name to repeat in the answer; several equally good ones raise `Ambiguous` with all of them.
"""

import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    Executable,
    Numeric,
    Table,
    Text,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    literal_column,
    or_,
    select,
)

from helpdesk_mcp.store import tables

from .call import Call
from .errors import Ambiguous, BadInput, NotFound
from .session import ReadSession

_CANDIDATES = 8
_DIGITS = 19
"""More are no 64-bit integer."""
_How = Literal["part", "similar", "bare"]
_SIMILAR = 0.35
"""Below this trigram similarity two spellings are different names (pg_trgm's own default for `%` is 0.3)."""


@dataclass(frozen=True, slots=True)
class Named:
    """One thing that was meant: its id, its real name, what tells it apart from others, and whether the name was exact."""

    id: int
    name: str
    detail: str
    is_exact: bool


@dataclass(frozen=True, slots=True, eq=False)
class _Kind:
    noun: str
    table: Table
    name: ColumnElement[Any]
    """What people say."""
    also: tuple[ColumnElement[Any], ...]
    """What they may say instead, compared as a whole: a mail address, a user name."""
    detail: ColumnElement[Any]
    alive: ColumnElement[bool]
    is_trigram_indexed: bool = False
    """Whether `also` has an index by trigrams; else it has one of its lower case, or few rows."""


_KINDS = {
    "customer": _Kind(
        "customer",
        tables.customer,
        tables.customer.c.name,
        (tables.customer.c.domain,),
        func.coalesce(tables.customer.c.city, ""),
        tables.customer.c.deleted_at.is_(None),
    ),
    "contact": _Kind(
        "contact",
        tables.contact,
        tables.contact.c.full_name,
        (tables.contact.c.email,),
        func.concat_ws(", ", tables.contact.c.customer_name, tables.contact.c.email),
        tables.contact.c.deleted_at.is_(None),
        is_trigram_indexed=True,
    ),
    "engineer": _Kind(
        "engineer",
        tables.technician,
        tables.technician.c.name,
        (tables.technician.c.email,),
        func.coalesce(tables.technician.c.email, ""),
        literal(value=True),
    ),
    "machine": _Kind(
        "machine",
        tables.machine,
        tables.machine.c.name,
        (tables.machine.c.serial,),
        func.coalesce(tables.machine.c.customer_name, ""),
        tables.machine.c.deleted_at.is_(None),
    ),
}


async def customer(call: Call, said: str) -> Named:
    """Return the customer that `said` names (name, domain or id)."""
    return await _one(call.db, _KINDS["customer"], said)


async def contact(call: Call, said: str, customer_id: int | None = None) -> Named:
    """Return the contact that `said` names (name, mail address or id), of one customer if given."""
    return await _one(call.db, _KINDS["contact"], said, customer_id)


async def customer_of(call: Call, contact_id: int) -> Named | None:
    """Return the customer that a contact belongs to; None where Atera tells none."""
    contact, company = tables.contact.c, tables.customer.c
    statement = (
        select(company.id, company.name)
        .join(tables.contact, contact.customer_id == company.id)
        .where(contact.id == contact_id)
    )
    found = await call.db.first(statement)
    return None if found is None else Named(found.id, found.name, "", is_exact=True)


async def machine(call: Call, said: str, customer_id: int | None = None) -> Named:
    """Return the machine that `said` names (name, serial or id), of one customer if given."""
    return await _one(call.db, _KINDS["machine"], said, customer_id)


async def engineer(call: Call, said: str) -> Named:
    """Return the engineer that `said` names (name, mail address, id), `me` being the person who asks."""
    if said.strip().lower() in {"me", "my", "mine", "myself"}:
        if call.engineer is None:
            raise BadInput(
                "Who is asking is not known: name the engineer, or have HELPDESK_ENGINEER set to your name or mail."
            )
        said = call.engineer
    return await _one(call.db, _KINDS["engineer"], said)


async def ticket_id(call: Call, said: str) -> int:
    """Return the id of the ticket with this number (`24117`, `#24117`), else with this id."""
    number, as_id = ticket_number(said)
    table = tables.ticket
    statement = (
        select(table.c.id)
        .where(or_(table.c.number == number, table.c.id == as_id), table.c.deleted_at.is_(None))
        .order_by((table.c.number == number).desc())
        .limit(1)
    )
    found = await call.db.scalar(statement)
    if found is None:
        raise NotFound(
            f"There is no ticket with the number or id {said.strip()!r} in the local copy. Find it with search_tickets; "
            "one that was made minutes ago may not be here yet."
        )
    return found


async def statuses(call: Call) -> list[str]:
    """Return every status that a ticket has, in alphabetical order: Atera lists none of the account's own.

    Steps through the index from one status to the next: a plain DISTINCT reads every ticket.
    """
    status = tables.ticket.c.status
    first = select(func.min(status).label("status")).cte("found", recursive=True)
    following = select(func.min(status)).where(status > first.c.status).scalar_subquery()
    steps = first.union_all(select(following).where(first.c.status.is_not(None)))
    rows = await call.db.rows(select(steps.c.status).where(steps.c.status.is_not(None)))
    return sorted({row.status for row in rows}, key=str.lower)


def ticket_number(said: str) -> tuple[str, int | None]:
    """Return how a ticket's number is stored, and the id that the same digits would be; None where they are none."""
    number = said.strip().lower().removeprefix("ticket").strip(" #")
    return number, int(number) if number.isdecimal() and len(number) < _DIGITS else None


async def find(call: Call, kind: str, said: str, limit: int = _CANDIDATES) -> list[Named]:
    """Return what `said` may mean, best first: kind is customer, contact, engineer or machine."""
    return [named for named, _ in await _ranked(call.db, _KINDS[kind], said, None, limit)]


async def _one(db: ReadSession, kind: _Kind, said: str, customer_id: int | None = None) -> Named:
    said = said.strip()
    if not said:
        raise BadInput(f"The {kind.noun}'s name is empty: give a name, or leave the argument out.")
    ranked = await _ranked(db, kind, said, customer_id, _CANDIDATES + 1)
    if not ranked:
        raise NotFound(
            f"No {kind.noun} is called {said!r}. Check the spelling, or search with a part of the name."
        )
    best = ranked[0][1]
    equal = [named for named, rank in ranked if rank == best]
    if len(equal) == 1:
        return equal[0]
    raise Ambiguous(
        f"{said!r} may be any of these {kind.noun}s; ask which one, then call again with its full name or id: "
        + "; ".join(
            f"{named.name} ({', '.join(filter(None, (named.detail, f'id {named.id}')))})"
            for named in equal[:_CANDIDATES]
        )
        + ("; and more: give more of the name." if len(equal) > _CANDIDATES else ""),
        candidates=tuple((named.id, named.name, named.detail) for named in equal[:_CANDIDATES]),
    )


async def _ranked(
    db: ReadSession, kind: _Kind, said: str, customer_id: int | None, limit: int
) -> list[tuple[Named, float]]:
    # Whole names and parts of them are found through indexes; only what is spelled otherwise is compared with every name.
    # Most people have no keyboard for most names: what is not found as written is looked for without accents.
    written = await _found(db, kind, said, customer_id, limit, "part")
    if written or not any(map(str.isalpha, said)):  # a number is no name that somebody misspelt
        return written
    return await _found(db, kind, said, customer_id, limit, "similar") or await _found(
        db, kind, _bare(said), customer_id, limit, "bare"
    )


async def _found(
    db: ReadSession, kind: _Kind, said: str, customer_id: int | None, limit: int, how: _How
) -> list[tuple[Named, float]]:
    values: dict[str, Any] = {
        "said": said,
        "whole": _escaped(said),
        "part": f"%{_escaped(said)}%",
        "start": f"{_escaped(said)}%",
        "word": f"% {_escaped(said)}%",
        "id": int(said) if said.isdecimal() and len(said) < _DIGITS else None,
        "customer_id": customer_id,
        "limit": limit,
    }
    rows = await db.rows(_statement(kind, narrowed=customer_id is not None, how=how), values)
    return [(Named(row.id, row.name, row.detail, is_exact=row.rank >= _EXACT), row.rank) for row in rows]


_EXACT = 4.0


@cache
def _statement(kind: _Kind, *, narrowed: bool, how: _How) -> Executable:
    said = bindparam("said", type_=Text)
    called = _bare_column(kind.name) if how == "bare" else kind.name
    likeness = func.greatest(func.similarity(called, said), func.word_similarity(said, called))
    exact = or_(
        kind.table.c.id == bindparam("id"),
        func.lower(called) == func.lower(said),
        *(func.lower(column) == func.lower(said) for column in kind.also),
    )
    # Similar spellings rank by how similar they are, in steps: a hair's breadth between two names decides nothing.
    rank = case(
        (exact, _EXACT),
        (called.ilike(bindparam("start"), escape="\\"), 3.0),
        (called.ilike(bindparam("word"), escape="\\"), 3.0),
        (called.ilike(bindparam("part"), escape="\\"), 2.0),
        else_=func.round(cast(likeness, Numeric), 1),
    )
    part = called.ilike(bindparam("part"), escape="\\")
    matches = _indexed(kind, said) if how == "part" else or_(exact, part, likeness >= _SIMILAR)
    statement = (
        select(kind.table.c.id, kind.name.label("name"), kind.detail.label("detail"), rank.label("rank"))
        .where(and_(kind.alive, matches))
        .order_by(rank.desc(), likeness.desc(), kind.name, kind.table.c.id)
        .limit(bindparam("limit"))
    )
    return statement.where(kind.table.c.customer_id == bindparam("customer_id")) if narrowed else statement


def _indexed(kind: _Kind, said: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return the condition for whole names and parts of them, each piece of which an index answers."""
    whole = [
        column.ilike(bindparam("whole"), escape="\\")
        if kind.is_trigram_indexed
        else func.lower(column) == func.lower(said)
        for column in kind.also
    ]
    return or_(kind.table.c.id == bindparam("id"), kind.name.ilike(bindparam("part"), escape="\\"), *whole)


_WHOLE_LETTERS = str.maketrans("øłđı", "oldi")
"""Letters that are not written as a plain one and an accent."""


def _bare(said: str) -> str:
    letters = unicodedata.normalize("NFKD", said.lower()).translate(_WHOLE_LETTERS)
    return "".join(letter for letter in letters if not "\u0300" <= letter <= "\u036f")


def _bare_column(name: ColumnElement[Any]) -> ColumnElement[Any]:
    letters = func.normalize(func.lower(name), literal_column("NFKD"))
    return func.translate(func.regexp_replace(letters, "[\u0300-\u036f]", "", "g"), "øłđı", "oldi")


def _escaped(said: str) -> str:
    return said.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
