"""Agents (machines) and their patches."""

from collections.abc import Iterable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from atera_simulator import changes
from atera_simulator.api import bodies
from atera_simulator.api.listings import customer_group
from atera_simulator.api.query import page, path_id
from atera_simulator.api.replies import nothing, reply
from atera_simulator.api.service import service
from atera_simulator.world import Record

_RELATIONS: bodies.Model = {"CustomerId": bodies.required_integer, "FolderId": bodies.integer}


async def list_agents(request: Request) -> Response:
    """All agents; there are no filters."""
    account = service(request)
    return page(request, account.listings.agents.ids(), account.world.agents.__getitem__)


async def list_of_customer(request: Request) -> Response:
    """Agents of one customer."""
    account = service(request)
    ids = account.listings.agents.ids(customer_group(path_id(request, "customerId")))
    return page(request, ids, account.world.agents.__getitem__)


async def list_by_machine(request: Request) -> Response:
    """Agents with this machine name, in any case; there may be several."""
    account = service(request)
    wanted = request.path_params["machineName"].casefold()
    agents = account.world.agents
    ids = [
        agent_id for agent_id, agent in agents.items() if (agent["MachineName"] or "").casefold() == wanted
    ]
    return page(request, ids, agents.__getitem__)


async def read_agent(request: Request) -> Response:
    """One agent."""
    account = service(request)
    agent_id = path_id(request, "agentId")
    if agent_id not in account.world.agents and account.faults.missing_is_null:
        return reply(None)
    return reply(changes.find(account.world, "agents", agent_id))


async def delete_agent(request: Request) -> Response:
    """Remove an agent."""
    changes.delete_agent(service(request).world, path_id(request, "agentId"))
    return nothing()


async def move_agent(request: Request) -> Response:
    """Put an agent under another customer or folder."""
    account = service(request)
    agent_id = path_id(request, "agentId")
    fields = await bodies.read_body(request, _RELATIONS, ("CustomerId",))
    changes.move_agent(
        account.world,
        agent_id,
        customer_id=fields["CustomerId"],
        folder_id=fields.get("FolderId"),
        now=account.clock(),
    )
    return Response(status_code=200)


async def list_installed(request: Request) -> Response:
    """Patches installed on the machine with this DeviceGuid."""
    return _patches(request, "installedUpdates")


async def list_available(request: Request) -> Response:
    """Patches the machine with this DeviceGuid lacks."""
    return _patches(request, "availableUpdates")


def _patches(request: Request, kind: str) -> Response:
    account = service(request)
    guid = request.path_params["deviceGuid"].lower()
    found: Record | None = account.world.patches.get(guid)
    if found is None:
        if all(agent["DeviceGuid"] != guid for agent in account.world.agents.values()):
            raise changes.Missing(f"Device {guid} was not found")
        found = {"timestamp": None}
    return reply({"deviceGuid": guid, "timestamp": found["timestamp"], kind: found.get(kind, [])})


def routes() -> Iterable[Route]:
    """Return this area's routes."""
    return (
        Route("/agents", list_agents, methods=["GET"]),
        Route("/agents/customer/{customerId}", list_of_customer, methods=["GET"]),
        Route("/agents/machine/{machineName}", list_by_machine, methods=["GET"]),
        Route("/agents/{agentId}", read_agent, methods=["GET"]),
        Route("/agents/{agentId}", delete_agent, methods=["DELETE"]),
        Route("/agents/{agentId}/relations", move_agent, methods=["PUT"]),
        Route("/agents/{deviceGuid}/installed-patches", list_installed, methods=["GET"]),
        Route("/agents/{deviceGuid}/available-patches", list_available, methods=["GET"]),
    )
