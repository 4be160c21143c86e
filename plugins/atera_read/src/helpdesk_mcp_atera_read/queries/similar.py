"""Records that share rare words with a text: for each word the records that hold it, so that the caller can weigh them.

Ranking in the database would read every hit of every word; here a word that is in too many records is left out, which also
spares us lists of stop words for each language, and the lists of the others are short.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
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


async def words_of(db: ReadSession, text: str) -> list[str]:
    """Return the words of a text as the search knows them, in the order in which they first occur."""
    found = func.unnest(func.to_tsvector(_SIMPLE, text)).table_valued(
        column("lexeme", Text), column("positions", ARRAY(SmallInteger)), column("weights", ARRAY(Text))
    )
    rows = await db.rows(select(found.c.lexeme).order_by(found.c.positions[1]))
    return [row.lexeme for row in rows]


async def closed_tickets_with(
    db: ReadSession, terms: Sequence[str], *, but_not: int | None, customer_id: int | None
) -> Holders:
    """Return the closed tickets that hold the terms in their title or description."""
    conditions: list[ColumnElement[bool]] = [_t.status.in_(_DONE), _t.deleted_at.is_(None)]
    if but_not is not None:
        conditions.append(_t.id != but_not)
    if customer_id is not None:
        conditions.append(_t.customer_id == customer_id)
    # What is in too many of all tickets may be in few of one customer's.
    common = await _surely_common(db, terms) if customer_id is None else set[str]()
    others = [term for term in terms if term not in common]
    found = await _holders(db, others, select(_t.id).where(*conditions), _t.search)
    return Holders(found.ids, (*common, *found.common))


async def articles_with(db: ReadSession, terms: Sequence[str]) -> Holders:
    """Return the articles that hold the terms."""
    return await _holders(db, terms, select(_a.id).where(_a.deleted_at.is_(None)), _a.search)


async def tickets(db: ReadSession, ids: Sequence[int]) -> dict[int, TicketRow]:
    """Return tickets by id."""
    rows = await db.rows(select(*COLUMNS).where(_t.id.in_(ids)))
    return {row.id: TicketRow(*row) for row in rows}


async def articles(db: ReadSession, ids: Sequence[int]) -> dict[int, Article]:
    """Return articles by id."""
    rows = await db.rows(select(_a.id, _a.title, _a.body, _a.section, _a.url).where(_a.id.in_(ids)))
    return {row.id: Article(*row) for row in rows}


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


async def _holders(
    db: ReadSession, terms: Sequence[str], among: Select[Any], search: ColumnElement[Any]
) -> Holders:
    if not terms:
        return Holders({}, ())
    size = await db.scalar(select(func.count()).select_from(among.limit(MOST_COMMON * 5).subquery()))
    most = max(_RARE, min(MOST_COMMON, round(size * COMMON_SHARE)))
    term = (
        func.unnest(bindparam("terms", list(terms), ARRAY(Text))).table_valued("term").render_derived("said")
    )
    query = func.plainto_tsquery(_SIMPLE, term.c.term, type_=TSQUERY)
    some = among.where(search.bool_op("@@")(query)).limit(most + 1).lateral()
    ids = case((func.count() <= most, func.array_agg(some.columns[0])))
    statement = (
        select(term.c.term, ids.label("ids")).select_from(term.join(some, true())).group_by(term.c.term)
    )
    rows = await db.rows(statement)
    return Holders(
        {row.term: row.ids for row in rows if row.ids is not None},
        tuple(row.term for row in rows if row.ids is None),
    )
