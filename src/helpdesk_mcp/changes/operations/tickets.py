"""Creating a ticket, and changing the seven fields that Atera lets change."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

from helpdesk_mcp.atera import errors, join_path, wire
from helpdesk_mcp.store import runs
from helpdesk_mcp.store.engines import reachable
from helpdesk_mcp.sync.ticket import read_ticket, store_tickets

from .operation import Arguments, Before, Found, Outside, as_id

NOBODY = 0
"""As technician_id: take the engineer off."""
_CLOCKS_DIFFER = timedelta(minutes=2)
_FIELDS = {
    "title": "TicketTitle",
    "status": "TicketStatus",
    "type": "TicketType",
    "priority": "TicketPriority",
    "impact": "TicketImpact",
    "technician_id": "TechnicianContactID",
}


class CreateTicket:
    """Arguments: contact_id, title, description, priority, impact, type, technician_id (or None)."""

    shows_at_once = False

    async def before(self, outside: Outside, arguments: Arguments) -> dict[str, Any]:
        """Return the present, by the clock that all our processes share, and the tickets that already look like this one."""
        async with reachable(), outside.engine.connect() as connection:
            at = await runs.clock(connection)
        return {"at": at.isoformat(), "known": [one.TicketID async for one in _like(outside, arguments, at)]}

    async def send(self, outside: Outside, arguments: Arguments) -> int | None:
        """Create it: company and contract follow from the contact."""
        body = {"EndUserID": arguments["contact_id"], "Description": arguments["description"]}
        body |= _sent({name: value for name, value in arguments.items() if value is not None})
        return as_id((await outside.client.post("tickets", body)).action_id)

    async def find(self, outside: Outside, arguments: Arguments, before: Before) -> Found | None:
        """Look for it among the tickets that were touched since."""
        async for one in _like(outside, arguments, datetime.fromisoformat(before["at"])):
            if one.TicketID not in before["known"]:
                return Found(one.TicketID)
        return None


class UpdateTicket:
    """Arguments: ticket_id, and of title, status, type, priority, impact, technician_id those to set; 0 takes the engineer off."""

    shows_at_once = True

    async def before(self, outside: Outside, arguments: Arguments) -> dict[str, Any]:
        """Return the values that will be replaced, which is also what undoing needs."""
        ticket = await read_ticket(outside.client, outside.engine, arguments["ticket_id"])
        return {name: getattr(ticket, _FIELDS[name], None) for name in arguments if name in _FIELDS}

    async def send(self, outside: Outside, arguments: Arguments) -> int | None:
        """Set the fields; those that are left out stay."""
        path = join_path("tickets", arguments["ticket_id"])
        try:
            return as_id((await outside.client.put(path, _sent(arguments))).action_id)
        except errors.Rejected:
            if arguments.get("technician_id") != NOBODY:
                raise
        # How to take the engineer off is not documented: 0 was refused, so null is tried; reading back tells whether it did.
        return as_id(
            (await outside.client.put(path, {**_sent(arguments), "TechnicianContactID": None})).action_id
        )

    async def find(self, outside: Outside, arguments: Arguments, before: Before) -> Found | None:  # noqa: ARG002 - the protocol's
        """Compare the fields."""
        ticket = await read_ticket(outside.client, outside.engine, arguments["ticket_id"])
        if ticket is None:
            return None
        same = all(
            _equal(name, getattr(ticket, _FIELDS[name]), arguments[name])
            for name in arguments
            if name in _FIELDS
        )
        return Found(ticket.TicketID) if same else None


def _sent(arguments: Arguments) -> dict[str, Any]:
    return {_FIELDS[name]: value for name, value in arguments.items() if name in _FIELDS}


def _equal(name: str, stored: Any, wanted: Any) -> bool:
    if name == "technician_id" and wanted == NOBODY:
        return stored in (None, NOBODY)
    # A status may be spelled otherwise than the account spells it.
    return stored.casefold() == wanted.casefold() if isinstance(stored, str) else stored == wanted


async def _like(outside: Outside, arguments: Arguments, at: datetime) -> AsyncIterator[wire.Ticket]:
    """Yield tickets of this contact with this title that were made since `at`, and store them."""
    since = at - _CLOCKS_DIFFER
    asked = {"date": since, "includeComments": True}
    async for page in outside.client.pages("tickets/lastmodified", asked, urgent=True):
        found = [
            raw for one, raw in wire.parse(wire.Ticket, page.items).rows if _is_like(one, arguments, since)
        ]
        for one in await store_tickets(outside.engine, found, at):
            yield one


def _is_like(ticket: wire.Ticket, arguments: Arguments, since: datetime) -> bool:
    created = ticket.TicketCreatedDate
    return (
        ticket.EndUserID == arguments["contact_id"]
        and ticket.TicketTitle == arguments["title"]
        and created is not None
        and created >= since
    )
