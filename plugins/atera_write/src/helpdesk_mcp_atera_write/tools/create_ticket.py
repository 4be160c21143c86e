"""`create_ticket`: by wizard or directly."""

from datetime import timedelta
from typing import Annotated, get_args

from pydantic import Field

from helpdesk_mcp.sdk import Call, Change, Choice, Form, Needed, Question, Step, names
from helpdesk_mcp.sdk.names import Named
from helpdesk_mcp.sdk.times import span
from helpdesk_mcp.sdk.words import inert, joined
from helpdesk_mcp_atera_write import requester, tickets, values, writing
from helpdesk_mcp_atera_write.queries import tickets as queries
from helpdesk_mcp_atera_write.requester import NewContact, Requester
from helpdesk_mcp_atera_write.values import Impact, Priority, TicketType

_DOUBLES_SINCE = timedelta(days=7)
_DOUBLES = 3


async def create_ticket(
    call: Call,
    *,
    customer: str | None = None,
    contact: str | None = None,
    contact_email: Annotated[str | None, Field(description="only for a new contact")] = None,
    title: str | None = None,
    description: str | None = None,
    priority: Priority | None = None,
    impact: Impact | None = None,
    type: TicketType | None = None,  # noqa: A002 - the field's name
    engineer: str | None = None,
) -> Change | Needed:
    """Create a ticket. Give only what the user said: what is missing is asked for."""
    who = await requester.find(call, customer, contact, contact_email)
    forms = [
        who if isinstance(who, Form) else None,
        _what(title, description),
        _how_bad(priority, impact, type, engineer),
    ]
    missing = tuple(form for form in forms if form is not None)
    if missing or isinstance(who, Form) or title is None or description is None:
        return Needed(about=_about(who, title), forms=missing)
    assignee = await names.engineer(call, engineer) if engineer else None
    name, text = values.title(title), writing.sendable(description)
    contact_first = isinstance(who.contact, NewContact)
    step = Step(
        operation="create_ticket",
        arguments={
            "contact_id": who.contact_id,
            "title": name,
            "description": text,
            "priority": priority,
            "impact": impact,
            "type": type,
            "technician_id": assignee.id if assignee else None,
        },
        says=f'Create the ticket "{inert(name, 200)}"',
    )
    return Change(
        title=f'Create the ticket "{inert(name)}" for {inert(who.customer.name, 60)}',
        steps=(requester.creation(who.contact, who.customer), step)
        if isinstance(who.contact, NewContact)
        else (step,),
        customer_ids=(who.customer.id,),
        details=(
            f"- Company: {inert(who.customer.name, 60)} (follows from the contact; CAN NEVER BE CHANGED LATER)",
            f"- Contact: {_contact(who, is_new=contact_first)}",
            f"- Title: {inert(name, 200)}",
            f"- {joined([f'Priority: {priority}', f'Impact: {impact}', f'Type: {type}'])}",
            f"- Engineer: {inert(assignee.name) if assignee else 'nobody yet'}",
            "- Description:",
            *writing.shown(text),
        ),
        warnings=(*requester.guesses(who, customer, contact), *await _doubles(call, who, name)),
    )


def _about(who: Requester | Form, title: str | None) -> str:
    told = " ".join(
        part
        for part in (
            f'"{inert(title)}"' if title else "",
            f"for {who.name} at {inert(who.customer.name, 60)}" if isinstance(who, Requester) else "",
        )
        if part
    )
    return f"New ticket {told}".strip()


def _what(title: str | None, description: str | None) -> Form | None:
    questions = [
        *([] if title else [Question(argument="title", asks="Title: what is wrong, in a few words?")]),
        *(
            []
            if description
            else [Question(argument="description", asks="What happened, since when, what was tried?")]
        ),
    ]
    return Form(title="What is it about", questions=tuple(questions)) if questions else None


def _how_bad(priority: str | None, impact: str | None, kind: str | None, engineer: str | None) -> Form | None:
    asked = (
        ("priority", "Priority?", priority, Priority),
        ("impact", "Impact?", impact, Impact),
        ("type", "Type?", kind, TicketType),
    )
    questions = [
        Question(argument=name, asks=asks, choices=tuple(Choice(value) for value in get_args(values_of)))
        for name, asks, value, values_of in asked
        if value is None
    ]
    if not questions:
        return None
    if engineer is None:
        questions.append(
            Question(argument="engineer", asks="Engineer: a name or me; empty for nobody yet", optional=True)
        )
    return Form(title="How bad is it", questions=tuple(questions))


def _contact(who: Requester, *, is_new: bool) -> str:
    if isinstance(who.contact, Named):
        return joined([who.name, inert(who.contact.detail.rsplit(", ", 1)[-1], 80)])
    return joined([who.name, inert(who.contact.email, 80), "NEW: is created first" if is_new else ""])


async def _doubles(call: Call, who: Requester, title: str) -> list[str]:
    contact_id = who.contact.id if isinstance(who.contact, Named) else None
    found = await queries.like(
        call.db, who.customer.id, contact_id, title, since=call.now - _DOUBLES_SINCE, limit=_DOUBLES
    )
    return [
        f"{'possibly a double of' if one.is_alike else 'the same contact has an open ticket,'} {tickets.name(one.ticket)} "
        f"({inert(one.ticket.status, 40)}, {span(call.now - one.ticket.created_at)} old)"
        for one in found
    ]
