"""Contacts (end users)."""

from collections.abc import Iterable, Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from atera_simulator import changes
from atera_simulator.api import bodies
from atera_simulator.api.changed_since import changed_since
from atera_simulator.api.query import Query, page, path_id
from atera_simulator.api.replies import done, nothing, reply
from atera_simulator.api.service import service

_SHARED: bodies.Model = {
    "Firstname": bodies.text,
    "Lastname": bodies.text,
    "JobTitle": bodies.text,
    "Phone": bodies.text,
    "MobilePhone": bodies.text,
    "IsContactPerson": bodies.boolean,
    "InIgnoreMode": bodies.boolean,
    "CustomerID": bodies.integer,
    "CustomerName": bodies.text,
    "DepartmentID": bodies.integer,
    "DepartmentName": bodies.text,
    "DefaultAgentId": bodies.integer,
}
_CREATE: bodies.Model = _SHARED | {"Email": bodies.text, "CreatedOn": bodies.date}
_UPDATE: bodies.Model = _SHARED | {"Archived": bodies.boolean}


async def list_contacts(request: Request) -> Response:
    """Contacts by falling id, narrowed by a part of the e-mail or phone and by the day of the last change."""
    account = service(request)
    listings, contacts = account.listings, account.world.contacts
    by_change = Query(request).choice("SortBy", ("Creation", "LastModified")) == "LastModified"
    ids = (listings.contacts_by_change if by_change else listings.contacts).ids()
    ids = _containing(request, changed_since(request, ids, contacts))
    return page(request, ids, contacts.__getitem__)


async def read_contact(request: Request) -> Response:
    """One contact."""
    account = service(request)
    contact_id = path_id(request, "contactId")
    if contact_id not in account.world.contacts and account.faults.missing_is_null:
        return reply(None)
    return reply(changes.find(account.world, "contacts", contact_id))


async def create_contact(request: Request) -> Response:
    """Add a contact under a customer."""
    account = service(request)
    fields = await bodies.read_body(request, _CREATE, ("Email",))
    return done(changes.create_contact(account.world, fields, now=account.clock()), 201)


async def update_contact(request: Request) -> Response:
    """Change a contact; the e-mail cannot be changed."""
    account = service(request)
    contact_id = path_id(request, "contactId")
    fields = await bodies.read_body(request, _UPDATE)
    changes.update_contact(account.world, contact_id, fields, now=account.clock())
    return done(contact_id)


async def delete_contact(request: Request) -> Response:
    """Remove a contact."""
    changes.delete_contact(service(request).world, path_id(request, "contactId"))
    return nothing()


def _containing(request: Request, ids: Sequence[int]) -> Sequence[int]:
    account, query = service(request), Query(request)
    for name, columns in (("Email", ("Email",)), ("Phone", ("Phone", "MobilePhone"))):
        wanted = query.text(name)
        if wanted is None and account.faults.legacy_search:
            wanted = query.text(f"searchOptions.{name}")
        if wanted is not None:
            part = wanted.casefold()
            contacts = account.world.contacts
            ids = [
                i for i in ids if any(part in (contacts[i][column] or "").casefold() for column in columns)
            ]
    return ids


def routes() -> Iterable[Route]:
    """Return this area's routes."""
    return (
        Route("/contacts", list_contacts, methods=["GET"]),
        Route("/contacts", create_contact, methods=["POST"]),
        Route("/contacts/{contactId}", read_contact, methods=["GET"]),
        Route("/contacts/{contactId}", update_contact, methods=["PUT", "POST"]),
        Route("/contacts/{contactId}", delete_contact, methods=["DELETE"]),
    )
