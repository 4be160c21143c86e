"""Tickets: the four lists, reading, writing, attachments and relations."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from atera_simulator import changes
from atera_simulator.api import bodies
from atera_simulator.api.listing import ALL
from atera_simulator.api.listings import FINISHED, SILENT, customer_group, status_group
from atera_simulator.api.query import Query, blanked, page, path_id
from atera_simulator.api.replies import Invalid, done, nothing, reply
from atera_simulator.api.service import Service, service
from atera_simulator.world import Record

PRIORITIES = ("Low", "Medium", "High", "Critical")
IMPACTS = ("NoImpact", "SiteDown", "ServerIssue", "Minor", "Major", "Crisis")
TYPES = ("Incident", "Problem", "Request", "Change")
_LAST_COMMENTS = (
    "FirstComment",
    "LastEndUserComment",
    "LastEndUserCommentTimestamp",
    "LastTechnicianComment",
    "LastTechnicianCommentTimestamp",
)
_NO_RELATION = {"RelationType": "None", "RelatedTicketId": None}
_UPDATE: bodies.Model = {
    "TicketTitle": bodies.text,
    "TicketStatus": bodies.text,
    "TicketType": bodies.one_of(*TYPES),
    "TicketPriority": bodies.one_of(*PRIORITIES),
    "TicketImpact": bodies.one_of(*IMPACTS),
    "TechnicianContactID": bodies.integer,
    "TechnicianEmail": bodies.text,
}
_CREATE: bodies.Model = _UPDATE | {
    "Description": bodies.text,
    "EndUserID": bodies.integer,
    "EndUserFirstName": bodies.text,
    "EndUserLastName": bodies.text,
    "EndUserEmail": bodies.text,
    "EndUserPhone": bodies.text,
}
_RELATION: bodies.Model = {
    "RelatedTicketId": bodies.required_integer,
    "RelationType": bodies.one_of("None", "Parent", "Child"),
}


async def list_tickets(request: Request) -> Response:
    """All tickets, or those of one status and one customer."""
    query, tickets = Query(request), service(request).listings.tickets
    status, customer_id = query.text("ticketStatus"), query.integer("customerId")
    if customer_id is not None:
        return _narrowed(request, tickets.ids(customer_group(customer_id)))
    return _tickets_page(request, tickets.ids(status_group(status) if status else ALL), comments=True)


async def list_without_comments(request: Request) -> Response:
    """Tickets that have no comments, or those of one status and one customer among them."""
    return _narrowed(request, service(request).listings.tickets.ids(SILENT))


async def list_finished(request: Request) -> Response:
    """List resolved and closed tickets, with their last comments unless includeComments=false."""
    return _tickets_page(request, service(request).listings.tickets.ids(FINISHED), comments=True)


async def list_modified(request: Request) -> Response:
    """Tickets modified on or after `date` (UTC; default the start of today), in the order of the hidden clock."""
    account = service(request)
    midnight = account.clock().replace(hour=0, minute=0, second=0, microsecond=0)
    since = Query(request).moment("date") or midnight
    ids = account.listings.tickets_by_change.ids(start=since.timestamp(), reverse=account.faults.newest_first)
    return _tickets_page(request, ids, comments=False)


async def read_ticket(request: Request) -> Response:
    """One ticket."""
    ticket = find_ticket(request)
    return reply(ticket if _asks_relations(request) else ticket | _NO_RELATION)


async def create_ticket(request: Request) -> Response:
    """Create a ticket; ActionID is its TicketID."""
    account = service(request)
    fields = await bodies.read_body(request, _CREATE, ("TicketTitle", "Description"))
    _settle_assignee(account, fields)
    now = account.clock()
    ticket_id = changes.create_ticket(account.world, fields, now=now)
    if account.faults.read_after_write_lag_s:
        account.visible_from[ticket_id] = now + timedelta(seconds=account.faults.read_after_write_lag_s)
    return done(ticket_id, 201)


async def update_ticket(request: Request) -> Response:
    """Change a ticket; fields left out stay."""
    account = service(request)
    ticket_id = path_id(request, "ticketId")
    fields = await bodies.read_body(request, _UPDATE)
    if fields.get("TicketTitle") == "":
        raise Invalid({"TicketTitle": "The TicketTitle field must not be empty."})
    _settle_assignee(account, fields)
    changes.update_ticket(account.world, ticket_id, fields, now=account.clock())
    return done(ticket_id)


async def delete_ticket(request: Request) -> Response:
    """Set the status Deleted."""
    account = service(request)
    changes.delete_ticket(account.world, path_id(request, "ticketId"), now=account.clock())
    return nothing()


async def list_attachments(request: Request) -> Response:
    """URLs of a ticket's attachments."""
    ticket = find_ticket(request)
    return reply(service(request).world.attachments.get(ticket["TicketID"], []))


async def add_relation(request: Request) -> Response:
    """Link a ticket to its parent or child."""
    account = service(request)
    ticket_id = path_id(request, "ticketId")
    fields = await bodies.read_body(request, _RELATION, _RELATION)
    related, relation = fields["RelatedTicketId"], fields["RelationType"]
    changes.relate_tickets(account.world, ticket_id, related, relation, now=account.clock())
    return done(ticket_id, 201)


async def remove_relation(request: Request) -> Response:
    """Take the link to the parent or child away."""
    account = service(request)
    relation = request.path_params["relationType"]
    changes.unrelate_ticket(account.world, path_id(request, "ticketId"), relation, now=account.clock())
    return nothing()


def find_ticket(request: Request) -> Record:
    """Return the ticket of the path; Missing (404) also while the read-after-write lag lasts."""
    account = service(request)
    ticket_id = path_id(request, "ticketId")
    if ticket_id not in account.world.tickets or not account.is_visible(ticket_id):
        raise changes.Missing(f"Ticket {ticket_id} was not found")
    return account.world.tickets[ticket_id]


def _narrowed(request: Request, ids: Sequence[int]) -> Response:
    query, tickets = Query(request), service(request).world.tickets
    status, customer_id = query.text("ticketStatus"), query.integer("customerId")
    if customer_id is not None:
        ids = [ticket_id for ticket_id in ids if tickets[ticket_id]["CustomerID"] == customer_id]
    if status:
        wanted = status.casefold()
        ids = [ticket_id for ticket_id in ids if tickets[ticket_id]["TicketStatus"].casefold() == wanted]
    return _tickets_page(request, ids, comments=True)


def _tickets_page(request: Request, ids: Sequence[int], *, comments: bool) -> Response:
    account = service(request)
    with_comments = Query(request).boolean("includeComments", default=comments)
    with_relations = _asks_relations(request)

    def show(ticket_id: int) -> Record:
        ticket = account.world.tickets[ticket_id]
        if not with_comments:
            ticket = blanked(ticket, *_LAST_COMMENTS)
        return ticket if with_relations else ticket | _NO_RELATION

    return page(request, _visible(account, ids), show, may_be_big=False)


def _visible(account: Service, ids: Sequence[int]) -> Sequence[int]:
    hidden = {ticket_id for ticket_id in account.visible_from if not account.is_visible(ticket_id)}
    return [ticket_id for ticket_id in ids if ticket_id not in hidden] if hidden else ids


def _asks_relations(request: Request) -> bool:
    return Query(request).boolean("includeRelations", default=False)


def _settle_assignee(account: Service, fields: Record) -> None:
    """Apply what is not documented about TechnicianContactID: -1, 0 and an explicit null."""
    if "TechnicianContactID" not in fields:
        return
    wanted = fields["TechnicianContactID"]
    if wanted == changes.AUTOPILOT:
        if not account.faults.autopilot:
            raise Invalid({"TechnicianContactID": "Autopilot is not enabled for this account."})
        changes.employ_autopilot(account.world)
    elif wanted == 0 and not account.faults.can_unassign:
        raise Invalid({"TechnicianContactID": "TechnicianContactID 0 was not found."})
    elif wanted is None and account.faults.can_unassign and not fields.get("TechnicianEmail"):
        fields["TechnicianContactID"] = 0


def routes() -> Iterable[Route]:
    """Return this area's routes; fixed names stand before ids."""
    one = "/tickets/{ticketId}"
    return (
        Route("/tickets", list_tickets, methods=["GET"]),
        Route("/tickets", create_ticket, methods=["POST"]),
        Route("/tickets/noComments", list_without_comments, methods=["GET"]),
        Route("/tickets/statusmodified", list_finished, methods=["GET"]),
        Route("/tickets/lastmodified", list_modified, methods=["GET"]),
        Route(one, read_ticket, methods=["GET"]),
        Route(one, update_ticket, methods=["PUT", "POST"]),
        Route(one, delete_ticket, methods=["DELETE"]),
        Route(one + "/attachments", list_attachments, methods=["GET"]),
        Route(one + "/relations", add_relation, methods=["POST"]),
        Route(one + "/relations/{relationType}", remove_relation, methods=["DELETE"]),
    )
