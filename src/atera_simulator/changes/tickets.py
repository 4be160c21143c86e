"""Tickets: create, update, soft delete, and the hidden clock behind tickets/lastmodified."""

from datetime import datetime, timedelta

from atera_simulator.changes.comments import add_comment
from atera_simulator.changes.journal import Refused, find, next_id, note, stamp
from atera_simulator.changes.people import contact, technician
from atera_simulator.world import Record, World

BUILT_IN_STATUSES = ("Open", "Pending", "Resolved", "Closed", "Deleted")
FINISHED = ("Resolved", "Closed")
_RESPONSE_HOURS = {"Critical": 1, "High": 4, "Medium": 8, "Low": 24}
_DURATIONS = ("OnSite", "OffSite", "OnSLA", "OffSLA", "Total")


def create_ticket(world: World, fields: Record, *, now: datetime, source: str = "API") -> int:
    """Add a ticket with its description as the first comment. Returns the TicketID."""
    status = _status(world, fields.get("TicketStatus") or "Open")
    person = contact(world, fields, now=now)
    assignee = technician(world, fields)
    ticket_id = next_id(world, "tickets")
    ticket = _blank(ticket_id, _next_number(world), now)
    ticket |= {
        "TicketTitle": fields["TicketTitle"],
        "TicketPriority": fields.get("TicketPriority") or "Low",
        "TicketImpact": fields.get("TicketImpact") or "Minor",
        "TicketType": fields.get("TicketType") or "Problem",
        "TicketStatus": status,
        "TicketSource": source,
        "TicketResolvedDate": stamp(now) if status in FINISHED else None,
        "FirstComment": fields["Description"],
        **_requester(world, person),
        **_assignee(assignee),
    }
    hours = _RESPONSE_HOURS[ticket["TicketPriority"]]
    ticket["FirstResponseDueDate"] = stamp(now + timedelta(hours=hours))
    ticket["ClosedTicketDueDate"] = stamp(now + timedelta(hours=6 * hours))
    world.tickets[ticket_id] = ticket
    world.ticket_modified[ticket_id] = now
    add_comment(world, ticket_id, fields["Description"], end_user_id=person["EndUserID"], now=now)
    return ticket_id


def update_ticket(world: World, ticket_id: int, fields: Record, *, now: datetime) -> None:
    """Change what UpdateTicketModel allows; fields that are absent or null stay as they are.

    The key `TechnicianContactID` with the value 0 unassigns, for those who are allowed to send it.
    """
    ticket = find(world, "tickets", ticket_id)
    changed = {
        key: fields[key]
        for key in ("TicketTitle", "TicketType", "TicketPriority", "TicketImpact")
        if fields.get(key) is not None
    }
    if fields.get("TechnicianContactID") == 0:
        changed |= _assignee(None)
    elif assignee := technician(world, fields):
        changed |= _assignee(assignee)
    if fields.get("TicketStatus") is not None:
        changed |= _move(world, ticket, fields["TicketStatus"], now)
    ticket.update(changed)
    touch_ticket(world, ticket_id, now=now)


def delete_ticket(world: World, ticket_id: int, *, now: datetime) -> None:
    """Set the status Deleted: the ticket stays readable and listed."""
    find(world, "tickets", ticket_id)["TicketStatus"] = "Deleted"
    touch_ticket(world, ticket_id, now=now)


def touch_ticket(world: World, ticket_id: int, *, now: datetime) -> None:
    """Set the hidden modified clock of a ticket."""
    find(world, "tickets", ticket_id)
    world.ticket_modified[ticket_id] = now
    note(world, "tickets", ticket_id)


def _move(world: World, ticket: Record, wanted: str, now: datetime) -> Record:
    status = _status(world, wanted)
    if status not in FINISHED:
        return {"TicketStatus": status, "TicketResolvedDate": None}
    return {"TicketStatus": status, "TicketResolvedDate": ticket["TicketResolvedDate"] or stamp(now)}


def _status(world: World, wanted: str) -> str:
    """Return the account's own spelling of a status; custom ones are those that some ticket carries."""
    known = {name.casefold(): name for name in BUILT_IN_STATUSES}
    if wanted.casefold() not in known:
        known |= {
            ticket["TicketStatus"].casefold(): ticket["TicketStatus"] for ticket in world.tickets.values()
        }
    if wanted.casefold() not in known:
        raise Refused(f"TicketStatus '{wanted}' does not exist in this account")
    return known[wanted.casefold()]


def _requester(world: World, person: Record) -> Record:
    customer = find(world, "customers", person["CustomerID"])
    contracts = [
        contract["ContractID"]
        for contract in world.contracts.values()
        if contract["CustomerID"] == person["CustomerID"] and contract["Active"] and contract["Default"]
    ]
    return {
        "EndUserID": person["EndUserID"],
        "EndUserEmail": person["Email"],
        "EndUserFirstName": person["Firstname"],
        "EndUserLastName": person["Lastname"],
        "EndUserPhone": person["Phone"],
        "CustomerID": customer["CustomerID"],
        "CustomerName": customer["CustomerName"],
        "CustomerBusinessNumber": customer["BusinessNumber"],
        "ContractID": contracts[0] if contracts else None,
    }


def _assignee(assignee: Record | None) -> Record:
    keys = ("TechnicianContactID", "TechnicianFullName", "TechnicianEmail")
    return {key: assignee[key] if assignee else None for key in keys}


def _next_number(world: World) -> str:
    if "ticket_numbers" not in world.last_ids:
        numbers = (ticket["TicketNumber"] or "" for ticket in world.tickets.values())
        world.last_ids["ticket_numbers"] = max((int(n) for n in numbers if n.isdecimal()), default=0)
    return str(next_id(world, "ticket_numbers"))


def _blank(ticket_id: int, number: str, now: datetime) -> Record:
    durations = {f"{kind}Duration{unit}": 0 for kind in _DURATIONS for unit in ("Seconds", "Minutes")}
    return {
        "TicketID": ticket_id,
        "TicketNumber": number,
        "TicketCreatedDate": stamp(now),
        "TechnicianFirstCommentDate": None,
        "FirstResponseFinalDueDate": None,
        "ClosedTicketFinalDueDate": None,
        "LastEndUserComment": None,
        "LastEndUserCommentTimestamp": None,
        "LastTechnicianComment": None,
        "LastTechnicianCommentTimestamp": None,
        **durations,
        "RelationType": "None",
        "RelatedTicketId": None,
    }
