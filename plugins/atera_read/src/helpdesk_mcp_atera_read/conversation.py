"""The conversation of a ticket: which messages are shown, how much of each, and how to get the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from helpdesk_mcp.sdk import Call, NotFound

from . import messages
from .queries import ticket as queries
from .queries.ticket import Comment, Ticket

Comments = Literal["all", "public", "none"]

BUDGET = 6_500
"""Characters of all messages together: with header and frames a ticket stays below 2,500 tokens."""
FULL = 20_000
"""Characters of one message that is asked for alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Which part of a conversation is wanted."""

    comments: Comments = "all"
    last: int = 10
    before: int | None = None
    """Only messages with a smaller number: the page before."""
    message: int | None = None
    """Only this message, whole."""

    @property
    def is_first_page(self) -> bool:
        """Whether the whole ticket is wanted and not only more of its messages."""
        return self.before is None and self.message is None


@dataclass(frozen=True, slots=True)
class _Page:
    opening: Comment | None
    """What opened the ticket, where it is not among the messages below."""
    messages: Sequence[Comment]
    older: int
    """Messages before these that are not shown."""


async def write(call: Call, ticket: Ticket, view: View) -> str:
    """Return the description and the wanted messages, oldest first.

    Raises:
        NotFound: the conversation has no message of the wanted number.
    """
    thread = await queries.comments(call.db, ticket.id)
    if view.message is not None:
        return _whole(call, thread, view.message)
    visible = [one for one in thread if not (view.comments == "public" and one.is_internal)]
    page = _page(ticket, visible if view.comments != "none" else [], view)
    wanted = [*([page.opening] if page.opening else []), *page.messages]
    return "\n".join([_heading(ticket, view, thread, page), *_fenced(call, wanted)])


def _page(ticket: Ticket, visible: Sequence[Comment], view: View) -> _Page:
    before = [one for one in visible if view.before is None or one.number < view.before]
    wanted = before[-view.last :]
    older = before[: -view.last]
    opening = _opening(ticket, visible) if view.is_first_page else None
    if opening in wanted:
        opening = None
    return _Page(opening, wanted, len(older) - (opening in older))


def _opening(ticket: Ticket, visible: Sequence[Comment]) -> Comment | None:
    """Return what opened the ticket: its first message, or the description where that is not in the conversation."""
    first = visible[0] if visible else None
    if not ticket.description.strip() or (first and first.body.split() == ticket.description.split()):
        return first
    return Comment(
        number=0,
        at=ticket.created_at,
        author_kind="contact",
        author_name=ticket.contact_name,
        is_internal=False,
        body=ticket.description,
        hidden=ticket.hidden,
    )


def _heading(ticket: Ticket, view: View, thread: Sequence[Comment], page: _Page) -> str:
    if ticket.thread_read_at is None and not thread:
        return "Conversation: not read from Atera yet; only the description is known."
    internal = sum(one.is_internal for one in thread)
    if view.comments == "none":
        return f"Conversation: {_messages(len(thread))}, not shown."
    if view.comments == "public":
        told = f"Conversation: {_messages(len(thread) - internal, 'public ')}; {internal} internal not shown."
    else:
        told = f"Conversation: {_messages(len(thread))}, {internal} internal."
    if page.older:
        told += f" {page.older} older left out: before={page.messages[0].number} shows them."
    return told


def _messages(count: int, kind: str = "") -> str:
    return f"{count} {kind}message{'s'[: count != 1]}"


def _fenced(call: Call, shown: Sequence[Comment]) -> list[str]:
    folded = [messages.folded(one.body, one.author_name) for one in shown]
    longest = messages.shares([len(one.body) for one in folded], BUDGET)
    return [
        messages.fenced(comment, message, most, call)
        for comment, message, most in zip(shown, folded, longest, strict=True)
    ]


def _whole(call: Call, thread: Sequence[Comment], number: int) -> str:
    found = next((one for one in thread if one.number == number), None)
    if found is None:
        raise NotFound(f"The ticket has no message {number}: its conversation has {_messages(len(thread))}.")
    return messages.fenced(found, messages.Message(found.body, ""), FULL, call)
