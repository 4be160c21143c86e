"""`/_simulator`: watch and steer the simulator from outside. Needs no token and counts nothing.

`GET /_simulator/state`: how many records there are, the calls per route and the switches.
`POST /_simulator/faults`: set switches by name; `DELETE` turns all of them off.
`POST /_simulator/reset-counters`: forget the calls counted so far.
"""

from collections.abc import Iterable
from dataclasses import asdict

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from atera_simulator.api.replies import nothing, problem, reply
from atera_simulator.api.service import service

_COUNTED = (
    "technicians",
    "customers",
    "contacts",
    "departments",
    "contracts",
    "products",
    "expenses",
    "agents",
    "alerts",
    "tickets",
    "work_hours",
    "knowledge_base",
    "custom_fields",
    "invoices",
)


async def read_state(request: Request) -> Response:
    """Return counts, calls and switches."""
    account = service(request)
    records = {name: len(getattr(account.world, name)) for name in _COUNTED}
    records["comments"] = sum(map(len, account.world.comments.values()))
    return reply(
        {
            "now": account.clock().isoformat(),
            "records": records,
            "requests": account.requests,
            "statuses": account.statuses,
            "faults": asdict(account.faults),
        },
    )


async def set_faults(request: Request) -> Response:
    """Set the switches the body names; 400 with a sentence when one does not exist."""
    account = service(request)
    try:
        account.faults.configure(orjson.loads(await request.body()))
    except (ValueError, TypeError) as error:
        return problem(400, str(error))
    return reply(asdict(account.faults))


async def clear_faults(request: Request) -> Response:
    """Turn all switches off."""
    service(request).faults.clear()
    return nothing()


async def reset_counters(request: Request) -> Response:
    """Forget the calls counted so far."""
    account = service(request)
    account.requests.clear()
    account.statuses.clear()
    return nothing()


def routes() -> Iterable[Route]:
    """Return the routes below /_simulator."""
    return (
        Route("/state", read_state, methods=["GET"]),
        Route("/faults", set_faults, methods=["POST"]),
        Route("/faults", clear_faults, methods=["DELETE"]),
        Route("/reset-counters", reset_counters, methods=["POST"]),
    )
