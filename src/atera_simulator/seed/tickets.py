"""Tickets: who, when, which status, which dates; their threads and hours follow from that."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from random import Random

from atera_simulator.seed.chance import likely
from atera_simulator.seed.clock import arrivals, iso
from atera_simulator.seed.customers import Company
from atera_simulator.seed.issues import ISSUES, Issue
from atera_simulator.seed.labour import add_work
from atera_simulator.seed.mails import Envelope
from atera_simulator.seed.scale import Scale
from atera_simulator.seed.threads import Case, write
from atera_simulator.world import Record, World

AUTOPILOT = -1
_OPEN_STATUSES = ("Open", "Pending", "Waiting for vendor", "Scheduled on-site", "Send to Tech")
_OPEN_WEIGHTS = (58, 18, 10, 8, 6)
_SOURCES = ("Email", "Portal", "Phone", "Chat")
_SOURCE_WEIGHTS = (67, 15, 15, 3)
_WATCHED = {"Backup", "Servers", "Storage", "Power"}
_PRIORITIES = ("Low", "Medium", "High", "Critical")
_PRIORITY_WEIGHTS = (34, 44, 18, 4)
_IMPACTS = ("NoImpact", "Minor", "Major", "ServerIssue", "SiteDown", "Crisis")
_IMPACT_WEIGHTS = (18, 58, 14, 6, 3, 1)
_FIRST_RESPONSE_HOURS = {"Low": 8, "Medium": 4, "High": 2, "Critical": 1}
_CLOSE_HOURS = {"Low": 120, "Medium": 48, "High": 24, "Critical": 8}
_OWN_LANGUAGE_SHARE = 0.4
_CLOSED_AFTER = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Desk:
    """What every ticket draws on."""

    world: World
    rng: Random
    behind: dict[int, Company]
    contacts: list[Record]
    contact_weights: list[int]
    technicians: list[Record]
    contracts: dict[int, list[int]]
    issues: dict[str, tuple[list[Issue], list[int]]]


def add_tickets(world: World, rng: Random, scale: Scale, behind: dict[int, Company]) -> None:
    """Fill tickets, comments, work hours and the modified clock."""
    desk = _desk(world, rng, behind)
    moments = arrivals(rng, world.now, scale.tickets)
    still_open = _open_positions(rng, scale)
    ticket_id, number = scale.first_ticket_id, scale.first_ticket_number
    for position, created in enumerate(moments):
        ticket_id += rng.choice((1, 1, 2, 3))
        number += 1
        status = _status(rng, created, world.now, still_open=position in still_open)
        _add_ticket(desk, ticket_id, str(number), created, status)
    _delete_some(world, rng, scale)


def _desk(world: World, rng: Random, behind: dict[int, Company]) -> Desk:
    contacts = [contact for contact in world.contacts.values() if not contact["Archived"]]
    contracts: dict[int, list[int]] = {}
    for contract in world.contracts.values():
        contracts.setdefault(contract["CustomerID"], []).append(contract["ContractID"])
    issues: dict[str, tuple[list[Issue], list[int]]] = {}
    for language in {issue.language for issue in ISSUES}:
        spoken = [issue for issue in ISSUES if issue.language == language]
        issues[language] = (spoken, list(accumulate(issue.weight for issue in spoken)))
    return Desk(
        world=world,
        rng=rng,
        behind=behind,
        contacts=contacts,
        contact_weights=list(accumulate(rng.choice((1, 1, 2, 3, 8)) for _ in contacts)),
        technicians=list(world.technicians.values()),
        contracts=contracts,
        issues=issues,
    )


def _open_positions(rng: Random, scale: Scale) -> set[int]:
    """Return which tickets (by age, oldest 0) are not done: mostly new ones, and some that were forgotten."""
    last = scale.tickets - 1
    found = {last, last - 1, last - 2}
    while len(found) < scale.open_tickets:
        forgotten = likely(rng, 0.09)
        age = (
            rng.randrange(scale.tickets * 2 // 5)
            if forgotten
            else int(rng.expovariate(1 / (scale.open_tickets * 1.3)))
        )
        if age < last:
            found.add(last - age)
    return found


def _status(rng: Random, created: datetime, now: datetime, *, still_open: bool) -> str:
    if still_open:
        return rng.choices(_OPEN_STATUSES, _OPEN_WEIGHTS)[0]
    return "Closed" if likely(rng, 0.8 if now - created > _CLOSED_AFTER else 0.2) else "Resolved"


def _add_ticket(desk: Desk, ticket_id: int, number: str, created: datetime, status: str) -> None:
    rng, world = desk.rng, desk.world
    contact = rng.choices(desk.contacts, cum_weights=desk.contact_weights)[0]
    issue = _issue(desk, contact)
    title = _title(rng, issue, contact)
    technician = _technician(desk, status)
    case = Case(
        ticket_id=ticket_id,
        title=title,
        issue=issue,
        source=_source(rng, issue),
        status=status,
        contact=contact,
        technician=technician if technician and technician["TechnicianContactID"] != AUTOPILOT else None,
        colleague=rng.choice(desk.technicians),
        created=created,
        ends=_end(rng, created, world.now, status),
        latest=_latest(created, world.now),
    )
    thread = write(rng, case, _envelope(case))
    record = ticket(desk, case, number, technician)
    world.tickets[ticket_id] = record
    world.comments[ticket_id] = [] if case.source == "Alert" and len(thread) == 1 else thread
    settle(world, record, thread)
    add_work(world, rng, case, record)
    if likely(rng, 0.08):
        world.attachments[ticket_id] = [f"https://files.example/att/{ticket_id}/{rng.choice(_ATTACHMENTS)}"]


_ATTACHMENTS = ("screenshot.png", "image001.png", "error.jpg", "logs.zip", "scan.pdf")


def _issue(desk: Desk, contact: Record) -> Issue:
    language = desk.behind[contact["CustomerID"]].language
    own = language in desk.issues and likely(desk.rng, _OWN_LANGUAGE_SHARE)
    issues, weights = desk.issues[language if own else "en"]
    return desk.rng.choices(issues, cum_weights=weights)[0]


def _source(rng: Random, issue: Issue) -> str:
    return (
        "Alert" if issue.topic in _WATCHED and likely(rng, 0.5) else rng.choices(_SOURCES, _SOURCE_WEIGHTS)[0]
    )


def _title(rng: Random, issue: Issue, contact: Record) -> str:
    """Return one of the family's wordings, now and then with what people and mail programs put around it."""
    title = rng.choice(issue.titles)
    if likely(rng, 0.72):
        return title
    place = contact["DepartmentName"] or contact["CustomerName"]
    return rng.choice(_TITLE_SHAPES).format(title=title, place=place, last=contact["Lastname"])


_TITLE_SHAPES = (
    "FW: {title}",
    "WG: {title}",
    "URGENT: {title}",
    "{title} ({place})",
    "{title} - {last}",
    "{title}!!!",
    "Re: {title}",
    "{place}: {title}",
)


def _technician(desk: Desk, status: str) -> Record | None:
    rng = desk.rng
    if status == "Open" and likely(rng, 0.27):
        return None
    if status in {"Open", "Pending"} and likely(rng, 0.04):
        return {"TechnicianContactID": AUTOPILOT, "TechnicianFullName": "Autopilot", "TechnicianEmail": None}
    return rng.choice(desk.technicians)


def _end(rng: Random, created: datetime, now: datetime, status: str) -> datetime:
    """Return when the last message is due: hours to days for most, weeks for some; open tickets are mostly active still."""
    if status in _OPEN_STATUSES and likely(rng, 0.68):
        recent = now - timedelta(hours=rng.expovariate(1 / 50))
        return min(max(recent, created + timedelta(hours=1)), _latest(created, now))
    hours = rng.choices((4, 24, 72, 240, 700), (30, 34, 22, 10, 4))[0] * rng.uniform(0.4, 1.3)
    return min(created + timedelta(hours=hours), _latest(created, now))


def _latest(created: datetime, now: datetime) -> datetime:
    return now - min((now - created) * 0.08, timedelta(minutes=20))


def _envelope(case: Case) -> Envelope:
    contact = case.contact
    return Envelope(
        subject=f"RE: {case.title}",
        language=case.issue.language,
        job=contact["JobTitle"] or "",
        company=contact["CustomerName"],
        phone=contact["Phone"] or contact["MobilePhone"] or "",
    )


def ticket(desk: Desk, case: Case, number: str, technician: Record | None) -> Record:
    """Return the TicketDto of a case, without what follows from its thread and its work hours."""
    rng, contact = desk.rng, case.contact
    priority = rng.choices(_PRIORITIES, _PRIORITY_WEIGHTS)[0]
    contracts = desk.contracts.get(contact["CustomerID"], [])
    response_due = case.created + timedelta(hours=_FIRST_RESPONSE_HOURS[priority])
    close_due = _close_due(rng, case, desk.world.now, priority)
    has_sla = likely(rng, 0.88)
    return {
        "TicketID": case.ticket_id,
        "TicketTitle": case.title,
        "TicketNumber": number,
        "TicketPriority": priority,
        "TicketImpact": rng.choices(_IMPACTS, _IMPACT_WEIGHTS)[0],
        "TicketStatus": case.status,
        "TicketSource": case.source,
        "TicketType": case.issue.kind,
        "EndUserID": contact["EndUserID"],
        "EndUserEmail": contact["Email"],
        "EndUserFirstName": contact["Firstname"],
        "EndUserLastName": contact["Lastname"],
        "EndUserPhone": contact["Phone"],
        "TicketResolvedDate": None,
        "TicketCreatedDate": iso(case.created),
        "TechnicianFirstCommentDate": None,
        "FirstResponseDueDate": iso(response_due) if has_sla else None,
        "ClosedTicketDueDate": iso(close_due) if has_sla else None,
        "FirstResponseFinalDueDate": iso(response_due) if has_sla and likely(rng, 0.5) else None,
        "ClosedTicketFinalDueDate": iso(close_due + timedelta(days=1))
        if has_sla and likely(rng, 0.5)
        else None,
        "FirstComment": None,
        "LastEndUserComment": None,
        "LastEndUserCommentTimestamp": None,
        "LastTechnicianComment": None,
        "LastTechnicianCommentTimestamp": None,
        **NO_WORK,
        "CustomerID": contact["CustomerID"],
        "CustomerName": contact["CustomerName"],
        "CustomerBusinessNumber": desk.world.customers[contact["CustomerID"]]["BusinessNumber"],
        "TechnicianContactID": technician["TechnicianContactID"] if technician else None,
        "TechnicianFullName": technician["TechnicianFullName"] if technician else rng.choice(("", "", ".")),
        "TechnicianEmail": technician["TechnicianEmail"] if technician else None,
        "ContractID": rng.choice(contracts) if contracts and likely(rng, 0.8) else None,
        "RelationType": "None",
        "RelatedTicketId": None,
    }


def _close_due(rng: Random, case: Case, now: datetime, priority: str) -> datetime:
    """Return when the ticket must be closed; the clock of many old open ones was stopped while they waited."""
    due = case.created + timedelta(hours=_CLOSE_HOURS[priority])
    if case.is_done or due > now or likely(rng, 0.5):
        return due
    return now.replace(minute=0, second=0) + timedelta(hours=rng.randrange(2, 140))


NO_WORK: Record = {
    f"{part}Duration{unit}": 0
    for part in ("OnSite", "OffSite", "OnSLA", "OffSLA", "Total")
    for unit in ("Seconds", "Minutes")
}


def settle(world: World, record: Record, thread: list[Record]) -> None:
    """Write into the ticket what its thread says: description, last words of both sides, first public response, resolution.

    A technician's internal note counts as his last word, but not as a response.
    """
    record["FirstComment"] = thread[0]["CommentHtml"]
    for comment in thread:
        if comment["EndUserID"] is not None:
            record["LastEndUserComment"] = comment["Comment"]
            record["LastEndUserCommentTimestamp"] = comment["Date"]
        else:
            if not comment["IsInternal"] and record["TechnicianFirstCommentDate"] is None:
                record["TechnicianFirstCommentDate"] = comment["Date"]
            record["LastTechnicianComment"] = comment["Comment"]
            record["LastTechnicianCommentTimestamp"] = comment["Date"]
    latest = datetime.fromisoformat(thread[-1]["Date"])
    if record["TicketStatus"] in {"Resolved", "Closed"}:
        record["TicketResolvedDate"] = record["LastTechnicianCommentTimestamp"] or thread[-1]["Date"]
    world.ticket_modified[record["TicketID"]] = latest


def _delete_some(world: World, rng: Random, scale: Scale) -> None:
    done = [ticket for ticket in world.tickets.values() if ticket["TicketStatus"] == "Closed"]
    for record in rng.sample(done, scale.deleted_tickets):
        record["TicketStatus"] = "Deleted"
