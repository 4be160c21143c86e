"""The areas that are only read: the account, the knowledge base, invoices, and devices, of which there are none."""

from collections.abc import Iterable
from datetime import date

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from atera_simulator import changes
from atera_simulator.api.query import Query, page, path_id
from atera_simulator.api.replies import Invalid, reply
from atera_simulator.api.service import service
from atera_simulator.api.zones import parse_day

_DEVICE_KINDS = ("generic", "tcp", "http", "snmp")


async def read_account(request: Request) -> Response:
    """Whose account it is, with its time zone."""
    return reply(service(request).world.account)


async def list_articles(request: Request) -> Response:
    """All articles of the knowledge base."""
    account = service(request)
    return page(request, account.listings.knowledge_base.ids(), account.world.knowledge_base.__getitem__)


async def list_invoices(request: Request) -> Response:
    """Invoices, narrowed by the day in invoiceDateFrom and invoiceDateTo (yyyy-MM-dd)."""
    account, query = service(request), Query(request)
    invoices = account.world.invoices
    first, last = _day(query, "invoiceDateFrom", date.min), _day(query, "invoiceDateTo", date.max)
    # Invoice dates carry no zone: they are the account's days already.
    ids = [
        number
        for number in account.listings.invoices.ids()
        if first <= date.fromisoformat(invoices[number]["InvoiceDate"][:10]) <= last
    ]
    return page(request, ids, invoices.__getitem__)


async def read_invoice(request: Request) -> Response:
    """One invoice by its number."""
    account = service(request)
    number = path_id(request, "invoiceNumber")
    if number not in account.world.invoices and account.faults.missing_is_null:
        return reply(None)
    return reply(changes.find(account.world, "invoices", number))


async def list_devices(request: Request) -> Response:
    """Return an empty page: the simulated account monitors nothing without an agent."""
    return page(request, [], service(request).world.agents.__getitem__)


async def read_device(request: Request) -> Response:
    """Raise Missing: there are no devices."""
    raise changes.Missing(f"Device {request.path_params['deviceId']} was not found")


def _day(query: Query, name: str, default: date) -> date:
    text = query.text(name)
    if text is None:
        return default
    try:
        return parse_day(text)
    except ValueError as error:
        raise Invalid({name: str(error)}) from None


def routes() -> Iterable[Route]:
    """Return this area's routes."""
    yield Route("/account", read_account, methods=["GET"])
    yield Route("/knowledgebases", list_articles, methods=["GET"])
    yield Route("/billing/invoices", list_invoices, methods=["GET"])
    yield Route("/billing/invoice/{invoiceNumber}", read_invoice, methods=["GET"])
    for kind in _DEVICE_KINDS:
        yield Route(f"/devices/{kind}devices", list_devices, methods=["GET"])
        yield Route(f"/devices/{kind}device/{{deviceId}}", read_device, methods=["GET"])
