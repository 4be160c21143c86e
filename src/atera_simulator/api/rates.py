"""Rates: products and expenses, the same five operations each."""

from collections.abc import Iterable, Iterator
from typing import Literal

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from atera_simulator import changes
from atera_simulator.api import bodies
from atera_simulator.api.query import page, path_id
from atera_simulator.api.replies import done, nothing, reply
from atera_simulator.api.service import service

RateTable = Literal["products", "expenses"]
_UPDATE: bodies.Model = {
    "Description": bodies.text,
    "Amount": bodies.number,
    "SKU": bodies.text,
    "Archived": bodies.boolean,
    "Category": bodies.text,
}
_CREATE: bodies.Model = {name: check for name, check in _UPDATE.items() if name != "Archived"}


def _of_table(table: RateTable, id_name: str) -> Iterator[Route]:
    async def list_rates(request: Request) -> Response:
        account = service(request)
        records = account.world.products if table == "products" else account.world.expenses
        listing = account.listings.products if table == "products" else account.listings.expenses
        return page(request, listing.ids(), records.__getitem__)

    async def read_rate(request: Request) -> Response:
        return reply(changes.find(service(request).world, table, path_id(request, id_name)))

    async def create_rate(request: Request) -> Response:
        fields = await bodies.read_body(request, _CREATE, ("Description",))
        return done(changes.create_rate(service(request).world, table, fields), 201)

    async def update_rate(request: Request) -> Response:
        rate_id = path_id(request, id_name)
        changes.update_rate(service(request).world, table, rate_id, await bodies.read_body(request, _UPDATE))
        return done(rate_id)

    async def delete_rate(request: Request) -> Response:
        changes.delete_rate(service(request).world, table, path_id(request, id_name))
        return nothing()

    one = f"/rates/{table}/{{{id_name}}}"
    yield Route(f"/rates/{table}", list_rates, methods=["GET"])
    yield Route(f"/rates/{table}", create_rate, methods=["POST"])
    yield Route(one, read_rate, methods=["GET"])
    yield Route(one, update_rate, methods=["PUT"])
    yield Route(one, delete_rate, methods=["DELETE"])


def routes() -> Iterable[Route]:
    """Return this area's routes."""
    yield from _of_table("products", "productId")
    yield from _of_table("expenses", "expenseId")
