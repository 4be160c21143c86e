"""Time entries, and the durations of a ticket that follow from them."""

from datetime import datetime, timedelta
from random import Random

from atera_simulator.seed.chance import likely
from atera_simulator.seed.clock import iso
from atera_simulator.seed.threads import Case
from atera_simulator.world import Record, World

_FIRST_WORK_ID = 33000
_QUARTERS = (1, 1, 1, 2, 2, 3, 4, 6, 8, 12)
_OFF_SITE = (
    "Remote session",
    "Analysis and fix",
    "Phone call with the requester",
    "Vendor case",
    "Configuration",
    None,
)
_ON_SITE = ("On-site visit", "Part replaced on site", "Cabling and test on site")


def add_work(world: World, rng: Random, case: Case, ticket: Record) -> None:
    """Add the hours worked on a ticket to `world.work_hours`, and sum them up in the ticket."""
    if case.technician is None or ticket["TechnicianFirstCommentDate"] is None:
        return
    start = datetime.fromisoformat(ticket["TechnicianFirstCommentDate"])
    for _ in range(rng.choices((0, 1, 2, 3), (18, 56, 20, 6))[0]):
        end = start + timedelta(minutes=15 * rng.choice(_QUARTERS))
        if end > world.now - timedelta(minutes=2):
            break
        record = _entry(world, rng, case, start, end)
        world.work_hours[record["WorkHoursID"]] = record
        count(ticket, record)
        world.ticket_modified[case.ticket_id] = max(world.ticket_modified[case.ticket_id], end)
        start = end + timedelta(minutes=rng.randrange(20, 1500))


def _entry(world: World, rng: Random, case: Case, start: datetime, end: datetime) -> Record:
    rate = rng.choice([None, *world.products.values()]) if likely(rng, 0.7) else None
    technician = case.technician or case.colleague
    on_site = likely(rng, case.issue.on_site)
    return {
        "WorkHoursID": _FIRST_WORK_ID + len(world.work_hours),
        "TicketID": case.ticket_id,
        "CustomerID": case.contact["CustomerID"],
        "EndUserID": case.contact["EndUserID"],
        "StartWorkHour": iso(start),
        "EndWorkHour": iso(end),
        "TechnicianContactID": technician["TechnicianContactID"],
        "Billiable": likely(rng, 0.72),
        "OnCustomerSite": on_site,
        "Description": rng.choice(_ON_SITE if on_site else _OFF_SITE),
        "TechnicianFullName": technician["TechnicianFullName"],
        "TechnicianEmail": technician["TechnicianEmail"],
        "RateID": rate["RateID"] if rate else None,
        "RateAmount": rate["Amount"] if rate else None,
    }


def count(ticket: Record, entry: Record) -> None:
    """Add one time entry to the duration fields of its ticket. All work counts as within SLA hours."""
    worked = datetime.fromisoformat(entry["EndWorkHour"]) - datetime.fromisoformat(entry["StartWorkHour"])
    seconds = int(worked.total_seconds())
    place = "OnSite" if entry["OnCustomerSite"] else "OffSite"
    for part in (place, "OnSLA", "Total"):
        ticket[f"{part}DurationSeconds"] += seconds
        ticket[f"{part}DurationMinutes"] += seconds // 60
