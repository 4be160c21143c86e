"""Departments."""

from collections.abc import Iterable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from atera_simulator import changes
from atera_simulator.api import bodies
from atera_simulator.api.query import page, path_id
from atera_simulator.api.replies import done, nothing, reply
from atera_simulator.api.service import service

_DEPARTMENT: bodies.Model = {"Name": bodies.text, "Description": bodies.text}


async def list_departments(request: Request) -> Response:
    """All departments."""
    account = service(request)
    return page(request, account.listings.departments.ids(), account.world.departments.__getitem__)


async def read_department(request: Request) -> Response:
    """One department."""
    return reply(changes.find(service(request).world, "departments", path_id(request, "departmentId")))


async def create_department(request: Request) -> Response:
    """Add a department."""
    fields = await bodies.read_body(request, _DEPARTMENT, ("Name",))
    return done(changes.create_department(service(request).world, fields), 201)


async def update_department(request: Request) -> Response:
    """Change a department."""
    department_id = path_id(request, "departmentId")
    fields = await bodies.read_body(request, _DEPARTMENT, ("Name",))
    changes.update_department(service(request).world, department_id, fields)
    return done(department_id)


async def delete_department(request: Request) -> Response:
    """Remove a department."""
    changes.delete_department(service(request).world, path_id(request, "departmentId"))
    return nothing()


def routes() -> Iterable[Route]:
    """Return this area's routes."""
    one = "/departments/{departmentId}"
    return (
        Route("/departments", list_departments, methods=["GET"]),
        Route("/departments", create_department, methods=["POST"]),
        Route(one, read_department, methods=["GET"]),
        Route(one, update_department, methods=["PUT", "POST"]),
        Route(one, delete_department, methods=["DELETE"]),
    )
