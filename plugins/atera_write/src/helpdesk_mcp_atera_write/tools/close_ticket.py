"""`close_ticket`: the resolution, the time and the status, with one yes for all three."""

from typing import Annotated, Literal

from pydantic import Field

from helpdesk_mcp.sdk import Advanced, BadInput, Call, Change, Form, Needed, Question, Refused, Step
from helpdesk_mcp.sdk.names import Named
from helpdesk_mcp.sdk.words import inert, joined
from helpdesk_mcp_atera_write import tickets, work, writing
from helpdesk_mcp_atera_write.queries.tickets import Ticket
from helpdesk_mcp_atera_write.work import Said, Site, Work


async def close_ticket(
    call: Call,
    *,
    ticket: Annotated[str, Field(coerce_numbers_to_str=True)],
    resolution: str | None = None,
    duration: Annotated[str | None, Field(coerce_numbers_to_str=True, description="1h, 45m")] = None,
    start: Annotated[str | None, Advanced()] = None,
    site: Site | None = None,
    billable: bool | None = None,
    no_time: Annotated[bool, Field(description="user has none to log")] = False,
    status: Annotated[Literal["Resolved", "Closed"], Advanced()] = "Resolved",
    tell_requester: Annotated[bool, Advanced(), Field(description="resolution as PUBLIC reply")] = False,
) -> Change | Needed:
    """Close a ticket: resolution as internal note, time, status."""
    said = Said(duration=duration, start=start, end=None, site=site, billable=billable)
    if no_time and not said.is_silent:
        raise BadInput("no_time is set and a time is given: which one is meant?")
    if (forms := _missing(resolution, said, no_time=no_time)) or resolution is None:
        return Needed(about=f"Close ticket {inert(ticket, 60)}", forms=forms)
    worked = None if no_time else work.understood(said, call)
    author = await writing.author(call)
    found = await tickets.find(call, ticket)
    if worked is not None and len(found) > 1:
        raise BadInput("Time is booked on one ticket at a time: close them one by one, or with no_time.")
    closing = [one for one in found if one.status != status]
    if not closing:
        raise Refused(
            f"{tickets.named(found)} is {status} already. Notes and time can still be added by their own tools."
        )
    sent = writing.sendable(resolution)
    steps = [
        step
        for one in closing
        for step in _steps(one, sent, author, worked, status, tell_requester=tell_requester)
    ]
    return Change(
        title=f"{'Resolve' if status == 'Resolved' else 'Close'} {tickets.named(closing)}",
        steps=tuple(steps),
        customer_ids=tickets.customers(closing),
        details=(
            *tickets.lines(closing),
            f"- Resolution, {'as PUBLIC reply' if tell_requester else 'as internal note'} by {inert(author.name)}:",
            *writing.shown(sent),
            work.line(worked, author, call) if worked else "- Time: none",
            f"- Status: {status}",
        ),
        warnings=(
            *(await work.warnings(worked, author, call) if worked else ()),
            *_doubts(closing),
            "Atera may itself mail the requester about the new status, by its own settings, which are not visible here",
        ),
    )


def _missing(resolution: str | None, said: Said, *, no_time: bool) -> tuple[Form, ...]:
    """Return the forms for what was not said: first what solved it, then the time."""
    solved = Form(title="Resolution", questions=(Question(argument="resolution", asks="What solved it?"),))
    time = None if no_time else work.missing(said)
    if time is not None and said.is_silent:
        skip = Question(
            argument="no_time", asks="No time to log for this ticket?", kind="yes_no", optional=True
        )
        # Whoever has no time to log leaves the others empty, so none of them can be required.
        others = tuple(
            Question(argument=one.argument, asks=one.asks, choices=one.choices, kind=one.kind, optional=True)
            for one in time.questions
        )
        time = Form(title="Time worked, or no time", questions=(*others, skip))
    return tuple(form for form in (None if resolution else solved, time) if form is not None)


def _steps(
    ticket: Ticket, text: str, author: Named, worked: Work | None, status: str, *, tell_requester: bool
) -> list[Step]:
    number = inert(ticket.number, 20)
    recipient = joined([inert(ticket.contact_name, 60), inert(ticket.contact_email, 80)]) or "the requester"
    kind = "PUBLIC reply" if tell_requester else "internal note"
    says = f"Add the resolution to #{number} as {kind}"
    note = writing.comment(ticket.id, author, text, says, to=recipient if tell_requester else None)
    last = Step(
        operation="update_ticket",
        arguments={"ticket_id": ticket.id, "status": status},
        says=f"Set the status of #{number} to {status}",
        ticket_id=ticket.id,
    )
    booked = [work.step(worked, ticket.id, ticket.number, author, text[:200], None)] if worked else []
    return [note, *booked, last]


def _doubts(closing: list[Ticket]) -> list[str]:
    unassigned = ", ".join(f"#{inert(one.number, 20)}" for one in closing if one.technician_id is None)
    return [f"nobody is assigned to {unassigned}"] if unassigned else []
