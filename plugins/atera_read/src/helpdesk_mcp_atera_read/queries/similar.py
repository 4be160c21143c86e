"""Records that share rare words with a text: for each word the records that hold it, so that the caller can weigh them.

Ranking in the database would read every hit of every word; here a word that is in too many records is left out, which also
spares us lists of stop words for each language, and the lists of the others are short.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from typing import Any, Literal

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Executable,
    Select,
    SmallInteger,
    Text,
    any_,
    bindparam,
    case,
    cast,
    column,
    func,
    literal_column,
    select,
    table,
    true,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from helpdesk_mcp.sdk import ReadSession, tables

from .tickets import COLUMNS, TicketRow

COMMON_SHARE = 0.2
"""A word in a larger share of the records says nothing about any of them."""
MOST_COMMON = 1_000
"""Nor does one in more records than this."""
_t, _a = tables.ticket.c, tables.article.c
_DONE = ("Resolved", "Closed")
_RARE = 5
"""A word in no more records than this is never common, however few records there are."""
_SURELY = 4
"""Times `MOST_COMMON`: statistics come from a sample, and may be of last week."""
_SIMPLE: ColumnElement[Any] = literal_column("'simple'::regconfig")

_stats = table(
    "pg_stats",
    *map(column, ("schemaname", "tablename", "attname", "most_common_elems", "most_common_elem_freqs")),
    schema="pg_catalog",
)
_class = table("pg_class", column("oid"), column("reltuples"), schema="pg_catalog")
_sampled = (
    select(
        func.unnest(cast(cast(_stats.c.most_common_elems, Text), ARRAY(Text))).label("word"),
        func.unnest(_stats.c.most_common_elem_freqs).label("share"),
        select(_class.c.reltuples)
        .where(_class.c.oid == func.to_regclass(f"{tables.ticket.schema}.{tables.ticket.name}"))
        .scalar_subquery()
        .label("records"),
    )
    .where(
        _stats.c.schemaname == tables.ticket.schema,
        _stats.c.tablename == tables.ticket.name,
        _stats.c.attname == _t.search.name,
    )
    .subquery()
)
_SHARES = select(_sampled).where(_sampled.c.word == any_(bindparam("words", type_=ARRAY(Text))))


@dataclass(frozen=True, slots=True)
class Holders:
    """Where terms occur; a term is a word, or several that a record holds all."""

    ids: dict[str, list[int]]
    """The records that hold a term, for terms in few enough of them."""
    common: tuple[str, ...]
    """The terms in too many."""


@dataclass(frozen=True, slots=True)
class Article:
    """One article of the knowledge base."""

    id: int
    title: str
    body: str
    section: str | None
    url: str | None


_lexeme = func.unnest(func.to_tsvector(_SIMPLE, bindparam("text", type_=Text))).table_valued(
    column("lexeme", Text), column("positions", ARRAY(SmallInteger)), column("weights", ARRAY(Text))
)
_WORDS = select(_lexeme.c.lexeme).order_by(_lexeme.c.positions[1])
_IDS = bindparam("ids", type_=ARRAY(BigInteger))
_TICKETS = select(*COLUMNS).where(_t.id == any_(_IDS))
_ARTICLES = select(*(_a[field.name] for field in fields(Article))).where(_a.id == any_(_IDS))


async def words_of(db: ReadSession, text: str) -> list[str]:
    """Return the words of a text as the search knows them, in the order in which they first occur."""
    return [row.lexeme for row in await db.rows(_WORDS, {"text": text})]


async def closed_tickets_with(
    db: ReadSession, terms: Sequence[str], *, but_not: int | None, customer_id: int | None
) -> Holders:
    """Return the closed tickets that hold the terms in their title or description."""
    # What is in too many of all tickets may be in few of one customer's.
    common = await _surely_common(db, terms) if customer_id is None else set[str]()
    others = [term for term in terms if term not in common]
    among = _Among(
        "closed tickets", has_exception=but_not is not None, is_of_customer=customer_id is not None
    )
    found = await _holders(db, others, among, {"but_not": but_not, "customer_id": customer_id})
    return Holders(found.ids, (*common, *found.common))


async def articles_with(db: ReadSession, terms: Sequence[str]) -> Holders:
    """Return the articles that hold the terms."""
    return await _holders(db, terms, _Among("articles"), {})


async def tickets(db: ReadSession, ids: Sequence[int]) -> dict[int, TicketRow]:
    """Return tickets by id."""
    return {row.id: TicketRow(*row) for row in await db.rows(_TICKETS, {"ids": ids})}


async def articles(db: ReadSession, ids: Sequence[int]) -> dict[int, Article]:
    """Return articles by id."""
    return {row.id: Article(*row) for row in await db.rows(_ARTICLES, {"ids": ids})}


async def _surely_common(db: ReadSession, terms: Sequence[str]) -> set[str]:
    """Return the terms that are in far too many tickets by the statistics of Postgres: their lists need not be read.

    Words of one text keep company, so that tickets with all of them are rather more than by chance.
    """
    words = sorted({word for term in terms for word in term.split()})
    rows = await db.rows(_SHARES, {"words": words})
    shares = {row.word: row.share for row in rows}
    tickets = rows[0].records if rows else 0
    enough = MOST_COMMON * _SURELY
    return {
        term for term in terms if tickets * math.prod(shares.get(word, 0) for word in term.split()) > enough
    }


@dataclass(frozen=True, slots=True)
class _Among:
    """Which records are looked through."""

    kind: Literal["closed tickets", "articles"]
    has_exception: bool = False
    """All but the ticket `but_not`."""
    is_of_customer: bool = False
    """Those of `customer_id` only."""

    @property
    def ids(self) -> Select[Any]:
        """Return the statement that lists them."""
        if self.kind == "articles":
            return select(_a.id).where(_a.deleted_at.is_(None))
        statement = select(_t.id).where(_t.status.in_(_DONE), _t.deleted_at.is_(None))
        if self.has_exception:
            statement = statement.where(_t.id != bindparam("but_not"))
        if self.is_of_customer:
            statement = statement.where(_t.customer_id == bindparam("customer_id"))
        return statement


async def _holders(
    db: ReadSession, terms: Sequence[str], among: _Among, values: Mapping[str, Any]
) -> Holders:
    if not terms:
        return Holders({}, ())
    size = await db.scalar(_size(among), values)
    most = max(_RARE, min(MOST_COMMON, round(size * COMMON_SHARE)))
    rows = await db.rows(_held(among), {**values, "terms": terms, "most": most, "enough": most + 1})
    return Holders(
        {row.term: row.ids for row in rows if row.ids is not None},
        tuple(row.term for row in rows if row.ids is None),
    )


@cache
def _size(among: _Among) -> Executable:
    return select(func.count()).select_from(among.ids.limit(MOST_COMMON * 5).subquery())


@cache
def _held(among: _Among) -> Executable:
    search = _a.search if among.kind == "articles" else _t.search
    term = func.unnest(bindparam("terms", type_=ARRAY(Text))).table_valued("term").render_derived("said")
    query = func.plainto_tsquery(_SIMPLE, term.c.term, type_=TSQUERY)
    some = among.ids.where(search.bool_op("@@")(query)).limit(bindparam("enough")).lateral()
    ids = case((func.count() <= bindparam("most"), func.array_agg(some.columns[0])))
    return select(term.c.term, ids.label("ids")).select_from(term.join(some, true())).group_by(term.c.term)
