"""Comments of a ticket: read a page, add one. They have no ids, so nothing can address one later."""

from collections.abc import Iterable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from atera_simulator import changes
from atera_simulator.api import bodies
from atera_simulator.api.query import page
from atera_simulator.api.replies import Invalid, done
from atera_simulator.api.service import Service, service
from atera_simulator.api.tickets import find_ticket
from atera_simulator.api.zones import parse_moment
from atera_simulator.changes.people import technician
from atera_simulator.world import Record

_COMMENT: bodies.Model = {
    "CommentText": bodies.text,
    "CommentTimestampUTC": bodies.date,
    "TechnicianCommentDetails": bodies.structure,
    "EnduserCommentDetails": bodies.structure,
}
_BY_TECHNICIAN: bodies.Model = {
    "TechnicianId": bodies.integer,
    "IsInternal": bodies.required_boolean,
    "TechnicianEmail": bodies.text,
}
_BY_END_USER: bodies.Model = {"EnduserId": bodies.required_integer}


async def list_comments(request: Request) -> Response:
    """Return a ticket's comments, oldest first (the order is assumed)."""
    thread = service(request).world.comments.get(find_ticket(request)["TicketID"], [])
    return page(request, range(len(thread)), lambda place: thread[place], may_be_big=False)


async def add_comment(request: Request) -> Response:
    """Add a public reply, an internal note or a contact's comment; ActionID is the ticket's id (assumed)."""
    account = service(request)
    ticket_id: int = find_ticket(request)["TicketID"]
    try:
        await _add(request, account, ticket_id)
    except (Invalid, changes.Refused):
        if account.faults.comment_errors_are_404:
            return Response("Invalid input", 404, media_type="text/plain")
        raise
    return done(ticket_id, 200 if account.faults.comment_created_is_200 else 201)


async def _add(request: Request, account: Service, ticket_id: int) -> None:
    fields = await bodies.read_body(request, _COMMENT, ("CommentText",))
    written = fields.get("CommentTimestampUTC")
    author = _author(account, fields)
    silent = author["is_internal"] and account.faults.notes_do_not_bump
    changes.add_comment(
        account.world,
        ticket_id,
        fields["CommentText"],
        **author,
        written_at=parse_moment(written) if written else None,
        bump=not silent,
        now=account.clock(),
    )


def _author(account: Service, fields: Record) -> Record:
    by_technician: Record | None = fields.get("TechnicianCommentDetails")
    by_end_user: Record | None = fields.get("EnduserCommentDetails")
    if (by_technician is None) == (by_end_user is None):
        raise Invalid({"$": "Give exactly one of TechnicianCommentDetails and EnduserCommentDetails."})
    if by_end_user is not None:
        details = bodies.checked(by_end_user, _BY_END_USER, ("EnduserId",))
        return {"end_user_id": details["EnduserId"], "is_internal": False}
    details = bodies.checked(by_technician or {}, _BY_TECHNICIAN)
    writer = technician(account.world, details, id_key="TechnicianId")
    if writer is None:
        raise Invalid({"TechnicianId": "The TechnicianId field is required."})
    return {"technician_id": writer["TechnicianContactID"], "is_internal": details.get("IsInternal", False)}


def routes() -> Iterable[Route]:
    """Return this area's routes."""
    return (
        Route("/tickets/{ticketId}/comments", list_comments, methods=["GET"]),
        Route("/tickets/{ticketId}/comments", add_comment, methods=["POST"]),
    )
