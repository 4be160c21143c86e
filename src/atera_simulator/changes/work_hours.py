"""Time entries, and the duration fields a ticket derives from them."""

from datetime import datetime

from atera_simulator.changes.journal import Refused, find, next_id, note, remove, stamp
from atera_simulator.changes.people import technician
from atera_simulator.world import Record, World


def log_time(
    world: World,
    ticket_id: int,
    fields: Record,
    *,
    start: datetime,
    end: datetime,
    now: datetime,
    bump: bool = True,
) -> int:
    """Add a time entry from start to end (UTC). Returns the WorkHoursID."""
    ticket = find(world, "tickets", ticket_id)
    if start >= end:
        raise Refused("StartWorkHour must be before EndWorkHour")
    worker = technician(world, fields)
    if worker is None:
        raise Refused("TechnicianContactID or TechnicianEmail is required")
    rate = _rate(world, fields.get("RateID"))
    entry_id = next_id(world, "work_hours")
    world.work_hours[entry_id] = {
        "WorkHoursID": entry_id,
        "TicketID": ticket_id,
        "CustomerID": ticket["CustomerID"],
        "EndUserID": ticket["EndUserID"],
        "StartWorkHour": stamp(start),
        "EndWorkHour": stamp(end),
        "TechnicianContactID": worker["TechnicianContactID"],
        "Billiable": bool(fields.get("Billiable", False)),
        "OnCustomerSite": bool(fields.get("OnCustomerSite", False)),
        "Description": fields.get("Description"),
        "TechnicianFullName": worker["TechnicianFullName"],
        "TechnicianEmail": worker["TechnicianEmail"],
        "RateID": rate["RateID"] if rate else None,
        "RateAmount": rate["Amount"] if rate else None,
    }
    note(world, "work_hours", entry_id)
    _add_durations(ticket, world.work_hours[entry_id], int((end - start).total_seconds()))
    if bump:
        world.ticket_modified[ticket_id] = now
    note(world, "tickets", ticket_id)
    return entry_id


def withdraw_time(world: World, entry_id: int, *, now: datetime, bump: bool = True) -> None:
    """Take a time entry back, as a technician can in Atera's own pages; its API cannot."""
    entry = find(world, "work_hours", entry_id)
    start, end = (datetime.fromisoformat(entry[name]) for name in ("StartWorkHour", "EndWorkHour"))
    remove(world, "work_hours", entry_id)
    if (ticket := world.tickets.get(entry["TicketID"])) is None:
        return
    _add_durations(ticket, entry, -int((end - start).total_seconds()))
    if bump:
        world.ticket_modified[ticket["TicketID"]] = now
    note(world, "tickets", ticket["TicketID"])


def _rate(world: World, rate_id: int | None) -> Record | None:
    if rate_id is None:
        return None
    if rate_id not in world.products:
        raise Refused(f"RateID {rate_id} was not found")
    return world.products[rate_id]


def _add_durations(ticket: Record, entry: Record, seconds: int) -> None:
    # All work counts as within SLA hours: how Atera splits on the account's business hours is not documented.
    for kind in ("OnSite" if entry["OnCustomerSite"] else "OffSite", "OnSLA", "Total"):
        total = (ticket[f"{kind}DurationSeconds"] or 0) + seconds
        ticket[f"{kind}DurationSeconds"] = total
        ticket[f"{kind}DurationMinutes"] = total // 60
