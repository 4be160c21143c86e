"""Time entries: per ticket, across tickets, and the durations derived from them.

A PUT of a time entry does not exist, and the two bulk reads are POSTs.
"""

from collections.abc import Iterable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from atera_simulator import changes
from atera_simulator.api import bodies
from atera_simulator.api.query import Query, blanked, page
from atera_simulator.api.replies import done, reply
from atera_simulator.api.service import Service, service
from atera_simulator.api.tickets import find_ticket
from atera_simulator.api.zones import parse_moment
from atera_simulator.world import Record

BULK_LIMIT = 50
_ENTRY: bodies.Model = {
    "StartWorkHour": bodies.required_date,
    "EndWorkHour": bodies.required_date,
    "TechnicianContactID": bodies.integer,
    "TechnicianEmail": bodies.text,
    "Billiable": bodies.required_boolean,
    "OnCustomerSite": bodies.required_boolean,
    "Description": bodies.text,
    "RateID": bodies.integer,
}
_RATES = ("RateID", "RateAmount")
_NOT_PER_TICKET = ("CustomerID", "EndUserID")


async def list_all(request: Request) -> Response:
    """Time entries of all tickets whose work lies within startWorkhour and endWorkhour (account zone)."""
    account, query = service(request), Query(request)
    entries = account.world.work_hours
    start, end = query.local("startWorkhour"), query.local("endWorkhour")
    ids = account.listings.work_hours.ids(start=changes.stamp(start) if start else None)
    if end:
        last = changes.stamp(end)
        ids = [entry_id for entry_id in ids if entries[entry_id]["EndWorkHour"] <= last]
    hidden = () if query.boolean("includeRates", default=False) else _RATES
    return page(request, ids, lambda entry_id: blanked(entries[entry_id], *hidden), may_be_big=False)


async def list_of_ticket(request: Request) -> Response:
    """Time entries of one ticket."""
    account = service(request)
    ids = account.listings.work_hours_of_ticket.ids(find_ticket(request)["TicketID"])
    return page(
        request, ids, lambda entry_id: _per_ticket(account.world.work_hours[entry_id]), may_be_big=False
    )


async def log_time(request: Request) -> Response:
    """Add a time entry; ActionID is its WorkHoursID. A date without an offset is read in the account's zone (assumed)."""
    account = service(request)
    ticket_id: int = find_ticket(request)["TicketID"]
    fields = await bodies.read_body(request, _ENTRY, ("StartWorkHour", "EndWorkHour"))
    entry_id = changes.log_time(
        account.world,
        ticket_id,
        fields,
        start=parse_moment(fields["StartWorkHour"], account.zone),
        end=parse_moment(fields["EndWorkHour"], account.zone),
        now=account.clock(),
        bump=not account.faults.time_does_not_bump,
    )
    return done(entry_id, 201)


async def read_summary(request: Request) -> Response:
    """Billable and non-billable durations of one ticket."""
    ticket_id: int = find_ticket(request)["TicketID"]
    account = service(request)
    return reply(
        {
            "TicketID": ticket_id,
            "Billable": _durations(account, ticket_id, billable=True),
            "NonBillable": _durations(account, ticket_id, billable=False),
        },
    )


async def read_duration(request: Request) -> Response:
    """Billable or non-billable durations of one ticket, by the last part of the path."""
    billable = request.url.path.endswith("/billableduration")
    return reply(_durations(service(request), find_ticket(request)["TicketID"], billable=billable))


async def read_durations(request: Request) -> Response:
    """Billable durations of up to 50 tickets; ids that are no tickets are left out."""
    account = service(request)
    wanted = await bodies.read_ids(request, limit=BULK_LIMIT)
    known = [ticket_id for ticket_id in wanted if ticket_id in account.world.tickets]
    return reply([_durations(account, ticket_id, billable=True) for ticket_id in known])


async def read_site_durations(request: Request) -> Response:
    """Billable on-site and off-site seconds of up to 50 tickets; ids that are no tickets are left out."""
    account = service(request)
    wanted = await bodies.read_ids(request, limit=BULK_LIMIT)
    known = [ticket_id for ticket_id in wanted if ticket_id in account.world.tickets]
    rows = [_site_seconds(account, ticket_id) for ticket_id in known]
    return reply({"TicketsWorkHoursSiteDurationSummaries": rows})


def _per_ticket(entry: Record) -> Record:
    return {key: value for key, value in entry.items() if key not in _NOT_PER_TICKET}


def _seconds(account: Service, ticket_id: int, *, billable: bool) -> tuple[int, int]:
    """Return (on-site, off-site) seconds."""
    sums = {True: 0, False: 0}
    for entry_id in account.listings.work_hours_of_ticket.ids(ticket_id):
        entry = account.world.work_hours[entry_id]
        if bool(entry["Billiable"]) == billable:
            worked = parse_moment(entry["EndWorkHour"]) - parse_moment(entry["StartWorkHour"])
            sums[bool(entry["OnCustomerSite"])] += int(worked.total_seconds())
    return sums[True], sums[False]


def _durations(account: Service, ticket_id: int, *, billable: bool) -> Record:
    on_site, off_site = (
        round(seconds / 3600, 4) for seconds in _seconds(account, ticket_id, billable=billable)
    )
    total = round(on_site + off_site, 4)
    return {
        "OffSLADurationHours": 0.0,
        "OffSiteDurationHours": off_site,
        "OnSLADurationHours": total,
        "OnSiteDurationHours": on_site,
        "TotalDurationHours": total,
        "ticketId": ticket_id,
    }


def _site_seconds(account: Service, ticket_id: int) -> Record:
    on_site, off_site = _seconds(account, ticket_id, billable=True)
    return {
        "TicketID": ticket_id,
        "TotalDurationSeconds": on_site + off_site,
        "OnSiteDurationSeconds": on_site,
        "OffSiteDurationSeconds": off_site,
    }


def routes() -> Iterable[Route]:
    """Return this area's routes; the bulk reads must stand before `POST /tickets/{ticketId}`."""
    one = "/tickets/{ticketId}"
    return (
        Route("/workhours", list_all, methods=["GET"]),
        Route("/tickets/billableduration", read_durations, methods=["POST"]),
        Route("/tickets/billableworkhourssiteduration", read_site_durations, methods=["POST"]),
        Route(one + "/billableduration", read_duration, methods=["GET"]),
        Route(one + "/nonbillableduration", read_duration, methods=["GET"]),
        Route(one + "/workhours", read_summary, methods=["GET"]),
        Route(one + "/workhours", log_time, methods=["POST"]),
        Route(one + "/workhoursrecords", list_of_ticket, methods=["GET"]),
    )
