"""Where words occur: in titles and descriptions, in comments, and, for misspelt ones, in titles that look alike.

Matches are listed without an order and up to a number: "newest first" over a rare word would walk every ticket by date until
enough are found, which takes seconds on a million tickets. The caller sorts the tickets that were found.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Executable, Select, Text, bindparam, cast, func, select

from helpdesk_mcp.sdk import ReadSession, tables

from .tickets import SHAPES, Shape, TicketFilter, condition, matches, values

MOST_HITS = 10_000
"""Tickets, and comments, in which a word is looked up; a word in more of them says nothing about a ticket."""
TITLES_COMPARED = 8_000
"""Each costs some 10 µs: more of them would be waited for."""
_ALIKE = 0.5
_MOST_ALIKE = 50
_t, _c = tables.ticket.c, tables.ticket_comment.c

# There is no stemming in the configuration `simple`, so a word of three letters or more also finds longer ones (print,
# printer). Not within quotation marks (<-> in the query), and not after a minus (!), where more would be taken away.
_WORD = r"(^|[&|] )('[^'\\ ]{3,}')(?=$| [&|])"
_QUERY = select(
    func.regexp_replace(
        cast(func.websearch_to_tsquery("simple", bindparam("text", type_=Text)), Text),
        _WORD,
        r"\1\2:*",
        "g",
    )
)


@dataclass(frozen=True, slots=True)
class Hits:
    """Tickets that a text was found in."""

    ids: tuple[int, ...]
    is_common: bool = False
    """More than `MOST_HITS` tickets hold the text in title and description: `ids` are any of them."""
    is_cut: bool = False
    """There are more than `MOST_HITS` comments that hold it: only some of them were looked at."""


async def query_of(db: ReadSession, text: str) -> str:
    """Return a text as people type it (words, "a phrase", -without, or) as a tsquery; "" when there is no word in it."""
    return await db.scalar(_QUERY, {"text": text})


async def holding(db: ReadSession, query: str, wanted: TicketFilter) -> Hits:
    """Return the tickets, of those that are wanted, that hold the words themselves or in one of their comments."""
    said = {**values(wanted), "query": query, "most": MOST_HITS + 1}
    shape = frozenset(said)
    in_titles: list[int] = await db.scalar(_in_titles(shape), said) or []
    if len(in_titles) > MOST_HITS:
        # Whoever lists them looks the words up again and needs no ids: comments would be read for nothing.
        return Hits(tuple(in_titles), is_common=True)
    in_comments: list[int] = await db.scalar(_in_comments(shape), said) or []
    return Hits(tuple({*in_titles, *in_comments}), is_cut=len(in_comments) > MOST_HITS)


@lru_cache(SHAPES)
def _in_titles(shape: Shape) -> Executable:
    return _all_of(select(_t.id.label("id")).where(matches(_t.search, "query"), condition(shape)))


@lru_cache(SHAPES)
def _in_comments(shape: Shape) -> Executable:
    return _all_of(
        select(_c.ticket_id.label("id"))
        .join(tables.ticket, _t.id == _c.ticket_id)
        .where(matches(_c.search, "query"), _c.deleted_at.is_(None), condition(shape))
    )


def _all_of(statement: Select[Any]) -> Executable:
    some = statement.limit(bindparam("most")).subquery()
    return select(select(func.array_agg(some.c.id)).scalar_subquery())


async def titled_like(db: ReadSession, text: str, wanted: TicketFilter) -> tuple[int, ...]:
    """Return tickets whose title has words spelled like `text`, among the newest that are wanted."""
    said = {**values(wanted), "text": text, "most": TITLES_COMPARED}
    return tuple(row.id for row in await db.rows(_titled_like(frozenset(said)), said))


@lru_cache(SHAPES)
def _titled_like(shape: Shape) -> Executable:
    newest = (
        select(_t.id, _t.title)
        .where(condition(shape))
        .order_by(_t.created_at.desc(), _t.id)
        .limit(bindparam("most"))
        .subquery()
    )
    likeness = func.word_similarity(bindparam("text", type_=Text), newest.c.title)
    return select(newest.c.id).where(likeness >= _ALIKE).order_by(likeness.desc()).limit(_MOST_ALIKE)
