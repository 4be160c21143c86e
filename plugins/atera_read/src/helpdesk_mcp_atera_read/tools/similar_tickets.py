"""`similar_tickets`: whether this was seen before, and what helped."""

from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from helpdesk_mcp.sdk import Advanced, Answer, BadInput, Call, fold, names
from helpdesk_mcp.sdk.words import inert, joined, quoted
from helpdesk_mcp_atera_read import completeness, likeness, lines, messages, ticket_text
from helpdesk_mcp_atera_read.likeness import Likeness
from helpdesk_mcp_atera_read.queries import similar
from helpdesk_mcp_atera_read.queries.similar import Article, Holders
from helpdesk_mcp_atera_read.queries.ticket import LastMessage, last_messages
from helpdesk_mcp_atera_read.queries.tickets import TicketRow

_NOTE = 500
"""Characters of the note that solved a ticket."""
_EXCERPT = 300
_ARTICLES = 3
_LAST = 2
_TELLING = 4
"""With fewer words that are rare enough, pairs of common ones are looked at too."""
_DESCRIPTION = 1_500
"""Characters of a description that are compared: what follows is mostly signature and disclaimer."""
_WORDS_TOLD = 6


@dataclass(frozen=True, slots=True)
class _Subject:
    """What is compared: its telling words, those of the title apart."""

    heading: str
    words: Sequence[str]
    first: frozenset[str]
    ticket_id: int | None


async def similar_tickets(
    call: Call,
    *,
    ticket: Annotated[
        str | None, Field(coerce_numbers_to_str=True, description="number, to compare with")
    ] = None,
    text: Annotated[str | None, Field(description="or the problem in words")] = None,
    customer: Annotated[str | None, Advanced(), Field(description="only this customer's")] = None,
    limit: Annotated[int, Advanced(), Field(ge=1, le=10)] = 5,
) -> Answer:
    """Find closed tickets like this one, with what solved each, and knowledge base articles."""
    notes: list[str] = []
    if ticket is not None:
        subject = await _of_ticket(call, ticket, text, notes)
    elif text is not None:
        subject = await _of_text(call, text)
    else:
        raise BadInput("Say what to compare with: ticket (its number) or text (the problem in words).")
    named = None if customer is None else await names.customer(call, customer)
    alike = await _closed(call, subject, named.id if named else None, limit)
    heading = subject.heading + (f", for {inert(named.name)}" if named else "")
    blocks = [await _tickets(call, heading, alike), await _articles(call, subject)]
    notes += await completeness.unread(call)
    return Answer(text="\n\n".join(block for block in blocks if block), notes=tuple(notes))


async def _closed(call: Call, subject: _Subject, customer_id: int | None, limit: int) -> list[Likeness]:
    def holding(terms: Sequence[str]) -> Awaitable[Holders]:
        return similar.closed_tickets_with(call.db, terms, but_not=subject.ticket_id, customer_id=customer_id)

    found = await holding(subject.words)
    ids = found.ids
    if len(ids) < _TELLING and len(found.common) > 1:
        paired = likeness.pairs(
            found.common, [*sorted(subject.first, key=subject.words.index), *subject.words]
        )
        ids = {**ids, **(await holding(paired)).ids}
    return likeness.rank(ids, subject.first, limit)


async def _of_ticket(call: Call, said: str, text: str | None, notes: list[str]) -> _Subject:
    ticket, found_notes = await ticket_text.look_up(call, said)
    notes.extend(found_notes)
    people = (ticket.contact_name, ticket.customer_name, ticket.technician_name)
    title = likeness.telling(await similar.words_of(call.db, f"{ticket.title} {text or ''}"), people)
    body = fold(ticket.description, ticket.contact_name or "").body[:_DESCRIPTION]
    both = [*title, *likeness.telling(await similar.words_of(call.db, body), people)]
    words = list(dict.fromkeys(both))[: likeness.MOST_WORDS]
    heading = f"Closed tickets like #{inert(ticket.number, 20)} {quoted(ticket.title)}"
    return _Subject(heading, words, frozenset(title), ticket.id)


async def _of_text(call: Call, text: str) -> _Subject:
    words = likeness.telling(await similar.words_of(call.db, text), ())
    if not words:
        raise BadInput("The text has no word to compare: use words of three letters or more.")
    return _Subject(f"Closed tickets like {quoted(text)}", words, frozenset(), None)


async def _tickets(call: Call, heading: str, alike: Sequence[Likeness]) -> str:
    if not alike:
        return f"{heading}: none shares enough words."
    ids = [one.id for one in alike]
    rows = await similar.tickets(call.db, ids)
    notes = await last_messages(call.db, ids, _LAST, ["technician"])
    told = [
        _told(call, rows[one.id], one, [note for note in notes if note.ticket_id == one.id]) for one in alike
    ]
    return "\n".join([f"{heading}, most alike first:", *told])


def _told(call: Call, row: TicketRow, alike: Likeness, notes: Sequence[LastMessage]) -> str:
    hidden = frozenset({"contact", "priority", "status"})
    words = ", ".join(map(inert, alike.words[:_WORDS_TOLD]))
    line = joined([lines.ticket(row, call, hidden=hidden), f"same words: {words}"])
    # The very last words are often "closing this", so of the last two messages the longer one is taken for the solution.
    solved = max(notes, key=lambda note: len(fold(note.body, note.author_name or "").body), default=None)
    return f"{line}\n{_solution(call, solved)}" if solved else f"{line}\n(no message of a technician)"


def _solution(call: Call, note: LastMessage) -> str:
    message = messages.folded(note.body, note.author_name)
    body, is_cut = messages.shortened(message.body, _NOTE)
    label = f"solved by · {messages.signed(note, call)}"
    return call.untrusted(messages.with_hidden(body + ("…" if is_cut else ""), note.hidden), label)


async def _articles(call: Call, subject: _Subject) -> str:
    holders = await similar.articles_with(call.db, subject.words)
    alike = likeness.rank(holders.ids, subject.first, _ARTICLES)
    if not alike:
        return ""
    found = await similar.articles(call.db, [one.id for one in alike])
    return "\n".join(["Knowledge base:", *(_article(call, found[one.id]) for one in alike)])


def _article(call: Call, article: Article) -> str:
    line = joined([inert(article.title), inert(article.section), inert(article.url, 200)])
    body, is_cut = messages.shortened(article.body.strip(), _EXCERPT)
    return f"- {line}\n{call.untrusted(body + ('…' if is_cut else ''), 'article')}"
