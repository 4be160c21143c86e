"""Contracts."""

from collections.abc import Iterable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from atera_simulator import changes
from atera_simulator.api import bodies
from atera_simulator.api.listings import customer_group
from atera_simulator.api.query import page, path_id
from atera_simulator.api.replies import done, nothing, reply
from atera_simulator.api.service import service
from atera_simulator.changes.contracts import KINDS

_TERMS: bodies.Model = {f"{kind}Contract": bodies.structure for kind in KINDS}
_UPDATE: bodies.Model = _TERMS | {
    "ContractName": bodies.text,
    "Default": bodies.boolean,
    "StartDate": bodies.date,
    "EndDate": bodies.date,
    "Active": bodies.boolean,
    "Taxable": bodies.boolean,
    "TaxId": bodies.integer,
    "Notes": bodies.text,
}
_CREATE: bodies.Model = _UPDATE | {
    "SLAId": bodies.required_integer,
    "CustomerID": bodies.required_integer,
    "Default": bodies.required_boolean,
    "Active": bodies.required_boolean,
    "Taxable": bodies.required_boolean,
    "ContractType": bodies.one_of(*KINDS),
}


async def list_contracts(request: Request) -> Response:
    """All contracts."""
    account = service(request)
    return page(request, account.listings.contracts.ids(), account.world.contracts.__getitem__)


async def list_of_customer(request: Request) -> Response:
    """Contracts of one customer."""
    account = service(request)
    ids = account.listings.contracts.ids(customer_group(path_id(request, "customerId")))
    return page(request, ids, account.world.contracts.__getitem__)


async def read_contract(request: Request) -> Response:
    """One contract."""
    account = service(request)
    contract_id = path_id(request, "contractId")
    if contract_id not in account.world.contracts and account.faults.missing_is_null:
        return reply(None)
    return reply(changes.find(account.world, "contracts", contract_id))


async def create_contract(request: Request) -> Response:
    """Add a contract."""
    fields = await bodies.read_body(request, _CREATE, ("ContractName", "CustomerID", "ContractType"))
    return done(changes.create_contract(service(request).world, fields), 201)


async def update_contract(request: Request) -> Response:
    """Change a contract."""
    contract_id = path_id(request, "contractId")
    fields = await bodies.read_body(request, _UPDATE)
    changes.update_contract(service(request).world, contract_id, fields)
    return nothing()


def routes() -> Iterable[Route]:
    """Return this area's routes."""
    return (
        Route("/contracts", list_contracts, methods=["GET"]),
        Route("/contracts", create_contract, methods=["POST"]),
        Route("/contracts/customer/{customerId}", list_of_customer, methods=["GET"]),
        Route("/contracts/{contractId}", read_contract, methods=["GET"]),
        Route("/contracts/{contractId}", update_contract, methods=["PUT", "POST"]),
    )
