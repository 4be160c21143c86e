"""Customers, with their folders and attachments, which can be written but never read."""

from collections.abc import Iterable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from atera_simulator import changes
from atera_simulator.api import bodies
from atera_simulator.api.changed_since import changed_since
from atera_simulator.api.query import Query, page, path_id
from atera_simulator.api.replies import done, nothing, reply
from atera_simulator.api.service import service

_TEXTS = (
    "CustomerName",
    "BusinessNumber",
    "Domain",
    "Address",
    "City",
    "State",
    "Country",
    "Phone",
    "Fax",
    "Notes",
    "Links",
    "ZipCodeStr",
)
_UPDATE: bodies.Model = {
    **dict.fromkeys(_TEXTS, bodies.text),
    "Longitude": bodies.number,
    "Latitude": bodies.number,
}
_CREATE: bodies.Model = _UPDATE | {"CreatedOn": bodies.date}
_FOLDER: bodies.Model = {
    "Name": bodies.text,
    "CustomerId": bodies.required_integer,
    "ThresholdId": bodies.integer,
}
_ATTACHMENT: bodies.Model = {
    "CustomerId": bodies.required_integer,
    "Name": bodies.text,
    "ContentBase64": bodies.text,
}


async def list_customers(request: Request) -> Response:
    """All customers, or those modified since FromLastModifiedDate (account zone)."""
    account = service(request)
    listings, customers = account.listings, account.world.customers
    by_change = Query(request).choice("SortBy", ("Creation", "LastModified")) == "LastModified"
    ids = (listings.customers_by_change if by_change else listings.customers).ids()
    return page(request, changed_since(request, ids, customers), customers.__getitem__)


async def read_customer(request: Request) -> Response:
    """One customer."""
    account = service(request)
    customer_id = path_id(request, "customerId")
    if customer_id not in account.world.customers and account.faults.missing_is_null:
        return reply(None)
    return reply(changes.find(account.world, "customers", customer_id))


async def create_customer(request: Request) -> Response:
    """Add a customer."""
    account = service(request)
    fields = await bodies.read_body(request, _CREATE, ("CustomerName",))
    return done(changes.create_customer(account.world, fields, now=account.clock()), 201)


async def update_customer(request: Request) -> Response:
    """Change a customer; fields left out stay."""
    account = service(request)
    customer_id = path_id(request, "customerId")
    fields = await bodies.read_body(request, _UPDATE)
    changes.update_customer(account.world, customer_id, fields, now=account.clock())
    return done(customer_id)


async def delete_customer(request: Request) -> Response:
    """Remove a customer."""
    changes.delete_customer(service(request).world, path_id(request, "customerId"))
    return nothing()


async def create_folder(request: Request) -> Response:
    """Add a folder; nothing can list it."""
    return await _add(request, _FOLDER, ("Name", "CustomerId"), "folders")


async def add_attachment(request: Request) -> Response:
    """Take a file for a customer; nothing can read it back."""
    return await _add(request, _ATTACHMENT, ("CustomerId", "Name", "ContentBase64"), "customer_attachments")


async def _add(request: Request, model: bodies.Model, required: tuple[str, ...], what: str) -> Response:
    world = service(request).world
    fields = await bodies.read_body(request, model, required)
    changes.find(world, "customers", fields["CustomerId"])
    return done(changes.next_id(world, what), 201)


def routes() -> Iterable[Route]:
    """Return this area's routes."""
    return (
        Route("/customers", list_customers, methods=["GET"]),
        Route("/customers", create_customer, methods=["POST"]),
        Route("/customers/folders", create_folder, methods=["POST"]),
        Route("/customers/attachments", add_attachment, methods=["POST"]),
        Route("/customers/{customerId}", read_customer, methods=["GET"]),
        Route("/customers/{customerId}", update_customer, methods=["PUT", "POST"]),
        Route("/customers/{customerId}", delete_customer, methods=["DELETE"]),
    )
