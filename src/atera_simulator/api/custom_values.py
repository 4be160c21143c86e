"""Custom fields and their values, per kind of object."""

from collections.abc import Iterable, Iterator

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from atera_simulator import changes
from atera_simulator.api import bodies
from atera_simulator.api.query import path_id
from atera_simulator.api.replies import done, reply
from atera_simulator.api.service import service
from atera_simulator.changes.custom_values import TARGETS, blank, definition, require_item
from atera_simulator.world import Record

_ID_NAMES = {
    "ticketfield": "ticketId",
    "customerfield": "customerId",
    "contactfield": "contactId",
    "contractfield": "contractId",
    "slafield": "slaId",
    "agentfield": "agentId",
    "snmpfield": "snmpDeviceId",
    "tcpfield": "tcpDeviceId",
    "httpfield": "httpDeviceId",
    "genericfield": "genericDeviceId",
}
_VALUE: bodies.Model = {"Value": bodies.text}


async def list_fields(request: Request) -> Response:
    """All definitions, not paged."""
    return reply(service(request).world.custom_fields)


async def find_value(request: Request) -> Response:
    """Return the value row with this id, in an array; an unknown id gives an empty one (assumed)."""
    wanted = request.path_params["customValueId"].lower()
    if not bodies.guid(wanted):
        raise changes.Refused(f"'{wanted}' is not a UUID")
    rows = (row for values in service(request).world.custom_values.values() for row in values.values())
    return reply([row for row in rows if row["Id"] == wanted])


async def read_value(request: Request) -> Response:
    """One field of one object, as an array of one row; the row of a field nobody set has the zero id."""
    kind, item_id = _item(request)
    world = service(request).world
    require_item(world, kind, item_id)
    name = definition(world, kind, request.path_params["fieldName"])["Name"]
    return reply([world.custom_values.get((kind, item_id), {}).get(name) or blank(item_id, name)])


async def read_values(request: Request) -> Response:
    """Every field of one object, in the order of the definitions."""
    kind, item_id = _item(request)
    world = service(request).world
    require_item(world, kind, item_id)
    names = [field["Name"] for field in world.custom_fields if field["Target"] == TARGETS[kind][0]]
    values: dict[str, Record] = world.custom_values.get((kind, item_id), {})
    return reply([values.get(name) or blank(item_id, name) for name in names])


async def set_value(request: Request) -> Response:
    """Set one field of one object, or clear it with an empty text; ActionID is the object's id (assumed)."""
    kind, item_id = _item(request)
    fields = await bodies.read_body(request, _VALUE)
    if "Value" not in fields:
        raise changes.Refused("The Value field is required")
    name = request.path_params["fieldName"]
    changes.set_custom_value(service(request).world, kind, item_id, name, fields["Value"] or "")
    return done(item_id)


def _item(request: Request) -> tuple[str, int]:
    """Return (kind, item id) of the path."""
    segment = request.url.path.split("/customvalues/")[1].split("/")[0]
    kind = segment if segment in TARGETS else segment.removesuffix("s")
    return kind, path_id(request, _ID_NAMES[kind])


def _of_kind(kind: str, id_name: str) -> Iterator[Route]:
    one = f"/customvalues/{kind}/{{{id_name}}}/{{fieldName}}"
    yield Route(one, read_value, methods=["GET"])
    yield Route(one, set_value, methods=["PUT", "POST"])
    yield Route(f"/customvalues/{kind}s/{{{id_name}}}", read_values, methods=["GET"])


def routes() -> Iterable[Route]:
    """Return this area's routes; the definitions stand before the value ids."""
    yield Route("/customvalues/customfields", list_fields, methods=["GET"])
    for kind, id_name in _ID_NAMES.items():
        yield from _of_kind(kind, id_name)
    yield Route("/customvalues/{customValueId}", find_value, methods=["GET"])
