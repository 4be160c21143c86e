"""Records that share rare words with a text: for each word the records that hold it, so that the caller can weigh them.

Ranking in the database would read every hit of every word; here a word that is in too many records is left out, which also
spares us lists of stop words for each language, and the lists of the others are short.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Select,
    SmallInteger,
    Text,
    bindparam,
    column,
    func,
    literal_column,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from helpdesk_mcp.sdk import ReadSession, tables

from .tickets import COLUMNS, TicketRow

COMMON_SHARE = 0.2
"""A word in a larger share of the records says nothing about any of them."""
MOST_COMMON = 2_000
"""Nor does one in more records than this."""
_t, _a = tables.ticket.c, tables.article.c
_DONE = ("Resolved", "Closed")
_RARE = 5
"""A word in no more records than this is never common, however few records there are."""
_SIMPLE: ColumnElement[Any] = literal_column("'simple'::regconfig")


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
    db: ReadSession, words: Sequence[str], *, but_not: int | None, customer_id: int | None
) -> dict[str, list[int]]:
    """Return for each word that says something the closed tickets that hold it."""
    conditions: list[ColumnElement[bool]] = [_t.status.in_(_DONE), _t.deleted_at.is_(None)]
    if but_not is not None:
        conditions.append(_t.id != but_not)
    if customer_id is not None:
        conditions.append(_t.customer_id == customer_id)
    return await _holders(db, words, select(_t.id).where(*conditions), _t.search)


async def articles_with(db: ReadSession, words: Sequence[str]) -> dict[str, list[int]]:
    """Return for each word that says something the articles that hold it."""
    return await _holders(db, words, select(_a.id).where(_a.deleted_at.is_(None)), _a.search)


async def tickets(db: ReadSession, ids: Sequence[int]) -> dict[int, TicketRow]:
    """Return tickets by id."""
    rows = await db.rows(select(*COLUMNS).where(_t.id.in_(ids)))
    return {row.id: TicketRow(*row) for row in rows}


async def articles(db: ReadSession, ids: Sequence[int]) -> dict[int, Article]:
    """Return articles by id."""
    rows = await db.rows(select(_a.id, _a.title, _a.body, _a.section, _a.url).where(_a.id.in_(ids)))
    return {row.id: Article(*row) for row in rows}


async def _holders(
    db: ReadSession, words: Sequence[str], among: Select[Any], search: ColumnElement[Any]
) -> dict[str, list[int]]:
    size = await db.scalar(select(func.count()).select_from(among.limit(MOST_COMMON * 5).subquery()))
    most = max(_RARE, min(MOST_COMMON, round(size * COMMON_SHARE)))
    word = (
        func.unnest(bindparam("words", list(words), ARRAY(Text))).table_valued("word").render_derived("said")
    )
    query = func.plainto_tsquery(_SIMPLE, word.c.word, type_=TSQUERY)
    some = among.where(search.bool_op("@@")(query)).limit(most + 1).lateral()
    ids = func.array_agg(some.columns[0])
    statement = (
        select(word.c.word, ids.label("ids"))
        .select_from(word.join(some, true()))
        .group_by(word.c.word)
        .having(func.count() <= most)
    )
    return {row.word: row.ids for row in await db.rows(statement)}
