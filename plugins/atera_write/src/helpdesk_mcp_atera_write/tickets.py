"""The tickets that somebody means to change, as they are at this moment."""

import re
from collections.abc import Sequence

from helpdesk_mcp.sdk import BadInput, Call, names
from helpdesk_mcp.sdk.words import inert, joined, quoted

from .queries import tickets as queries
from .queries.tickets import Ticket

MOST = 50
"""Tickets in one change: what one person can still oversee."""
_BETWEEN = re.compile(r"[,;\s]+(?:and\s+)?")
_LISTED = 10


async def find(call: Call, said: str) -> list[Ticket]:
    """Return the tickets that `said` names, one or several with commas, as Atera has them now.

    Raises:
        BadInput, NotFound: none or too many are named, or one of them does not exist.
        Unavailable: Atera does not answer; without it nothing can be changed anyway.
    """
    told = [
        part
        for part in _BETWEEN.split(said.strip())
        if part and part.lower() not in {"and", "ticket", "tickets"}
    ]
    if not told:
        raise BadInput("No ticket is named: give its number.")
    if len(told) > MOST:
        raise BadInput(f"{len(told)} tickets are named, and one change takes at most {MOST}: make several.")
    ids = list(dict.fromkeys([await names.ticket_id(call, part) for part in told]))
    await call.changes.refresh(ids)
    return await queries.by_ids(call.db, ids)


async def find_one(call: Call, said: str, why: str) -> Ticket:
    """Return the one ticket that `said` names; `why` says why it must be one."""
    found = await find(call, said)
    if len(found) > 1:
        raise BadInput(f"{len(found)} tickets are named: {why}.")
    return found[0]


def name(ticket: Ticket) -> str:
    """Return a ticket's number and title, in quotation marks: people check by the title that it is the right one."""
    return f"#{inert(ticket.number, 20)} {quoted(ticket.title)}"


def named(tickets: Sequence[Ticket]) -> str:
    """Return one ticket by number and title, several by their count."""
    return name(tickets[0]) if len(tickets) == 1 else f"{len(tickets)} tickets"


def line(ticket: Ticket) -> str:
    """Return a ticket as a line of a preview."""
    engineer = inert(ticket.technician_name) or "unassigned"
    return "- " + joined([name(ticket), inert(ticket.customer_name, 40), inert(ticket.status, 40), engineer])


def lines(tickets: Sequence[Ticket]) -> list[str]:
    """Return the tickets as lines of a preview; all of them, for the person says yes to all."""
    return [line(ticket) for ticket in tickets]


def customers(tickets: Sequence[Ticket]) -> tuple[int, ...]:
    """Return whose tickets they are."""
    return tuple(sorted({ticket.customer_id for ticket in tickets if ticket.customer_id is not None}))


def closed(tickets: Sequence[Ticket]) -> list[str]:
    """Return a warning where some of the tickets are closed."""
    done = [ticket for ticket in tickets if not ticket.is_open]
    if not done:
        return []
    numbers = ", ".join(
        f"#{inert(ticket.number, 20)} is {inert(ticket.status, 40)}" for ticket in done[:_LISTED]
    )
    more = f", and {len(done) - _LISTED} more are closed" if len(done) > _LISTED else ""
    return [f"{numbers}{more}; this does not open it again"]
