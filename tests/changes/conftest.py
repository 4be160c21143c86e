"""A plugin of the tests that changes things in every way the core knows."""

from typing import Annotated

import pytest
from pydantic import Field
from tests.changes.steps import booked, commented, updated
from tests.office import offering

from helpdesk_mcp.sdk import (
    BadInput,
    Call,
    Change,
    Choice,
    Form,
    FromStep,
    Needed,
    Plugin,
    Question,
    Step,
    Tool,
    names,
)


async def _me(call):
    return (await names.engineer(call, "me")).id


async def _customer(call, ticket):
    from sqlalchemy import select  # noqa: PLC0415 - only here

    from helpdesk_mcp.sdk import tables  # noqa: PLC0415 - only here

    return (await call.db.scalar(select(tables.ticket.c.customer_id).where(tables.ticket.c.id == ticket)),)


async def jot(call: Call, *, ticket: int, text: str) -> Change:
    """Add a note."""
    await call.changes.refresh([ticket])
    step = commented(ticket, await _me(call), text)
    return Change(title="Note it", steps=(step,), customer_ids=await _customer(call, ticket), details=(text,))


async def mail(call: Call, *, ticket: int, text: str) -> Change:
    """Send a reply."""
    step = commented(ticket, await _me(call), text, internal=False)
    return Change(title="Mail it", steps=(step,), customer_ids=await _customer(call, ticket))


async def finish(call: Call, *, ticket: int, text: str = "Solved.") -> Change:
    """Note, time, status: three steps."""
    await call.changes.refresh([ticket])
    me = await _me(call)
    steps = (commented(ticket, me, text), booked(ticket, me), updated(ticket, status="Resolved"))
    return Change(title="Finish it", steps=steps, customer_ids=await _customer(call, ticket))


async def rank(call: Call, *, tickets: list[int], priority: str) -> Change:
    """Set the priority of several tickets."""
    await call.changes.refresh(tickets)
    steps = tuple(updated(one, priority=priority) for one in tickets)
    return Change(title="Rank them", steps=steps, customer_ids=await _customer(call, tickets[0]))


async def free(call: Call, *, ticket: int) -> Change:
    """Take the engineer off."""
    return Change(
        title="Free it",
        steps=(updated(ticket, technician_id=0),),
        customer_ids=await _customer(call, ticket),
    )


async def open_for(
    call: Call, *, contact: int | None = None, customer: int | None = None, title: str = "New trouble"
) -> Change:
    """Create a ticket, for a contact or for a new one."""
    person = Step(
        operation="create_contact",
        arguments={
            "customer_id": customer,
            "first_name": "New",
            "last_name": "Person",
            "email": "new.person@example.org",
        },
        says="Create the contact",
    )
    ticket = Step(
        operation="create_ticket",
        arguments={
            "contact_id": FromStep(0) if contact is None else contact,
            "title": title,
            "description": "It does not work.",
            "priority": "High",
            "impact": "Minor",
            "type": "Incident",
            "technician_id": None,
        },
        says="Create the ticket",
    )
    steps = (person, ticket) if contact is None else (ticket,)
    return Change(title="Open a ticket", steps=steps, customer_ids=() if customer is None else (customer,))


async def ask_much(
    call: Call,
    *,
    ticket: int,
    color: str | None = None,
    size: Annotated[str | None, Field(max_length=8)] = None,
    loud: bool | None = None,
) -> Change | Needed:
    """Ask for what is missing, form by form."""
    if color == "mud":
        raise BadInput("Mud is no color.")
    colors = (Choice("r", "Red"), Choice("g", "Green"), Choice("mud", "Mud"))
    first = Form(title="Look", questions=(Question(argument="color", asks="Which color?", choices=colors),))
    second = Form(
        title="Rest",
        questions=(
            Question(argument="size", asks="Which size?"),
            Question(argument="loud", asks="Loud?", kind="yes_no", optional=True),
        ),
    )
    forms = tuple(form for form, known in ((first, color), (second, size)) if known is None)
    if forms:
        return Needed(about="A painted note", forms=forms)
    step = commented(ticket, await _me(call), f"{color}/{size}/{loud}")
    return Change(title="Paint it", steps=(step,), customer_ids=await _customer(call, ticket))


TOYS = Plugin(
    name="toys",
    summary="Toys that change things.",
    tools=(
        *(
            Tool(run=run, title=run.__name__, effect="write")
            for run in (jot, finish, rank, free, open_for, ask_much)
        ),
        Tool(run=mail, title="mail", effect="reach"),
    ),
    needs="write",
)


@pytest.fixture(scope="session")
def plugins():
    return offering(TOYS)


@pytest.fixture
def ticket(open_ticket):
    """The id of an open ticket."""
    return open_ticket["TicketID"]


@pytest.fixture
def notes(world, ticket):
    """Texts of the ticket's internal notes."""
    return lambda: [one["Comment"] for one in world.comments.get(ticket, []) if one["IsInternal"]]
