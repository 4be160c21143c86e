"""The Starlette app of one simulated account."""

from datetime import UTC, datetime

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Mount, Route

from atera_simulator.api import (
    agents,
    alerts,
    comments,
    contacts,
    contracts,
    control,
    custom_values,
    customers,
    departments,
    rates,
    reading,
    tickets,
    work_hours,
)
from atera_simulator.api.gate import PREFIX, Gate
from atera_simulator.api.listings import Listings
from atera_simulator.api.rate_limit import RateLimit
from atera_simulator.api.replies import ERRORS, on_error
from atera_simulator.api.service import Clock, Service
from atera_simulator.api.zones import account_zone
from atera_simulator.faults import Faults
from atera_simulator.world import World

DEFAULT_TOKEN = "simulated-token"  # noqa: S105 - opens nothing but this simulator
DEFAULT_RATE = 700
_AREAS = (
    reading,
    work_hours,  # before tickets: its bulk reads look like a ticket id
    tickets,
    comments,
    agents,
    alerts,
    customers,
    contacts,
    departments,
    contracts,
    custom_values,
    rates,
)


def utc_now() -> datetime:
    """Return the present moment, UTC."""
    return datetime.now(UTC)


def create_app(
    world: World,
    faults: Faults | None = None,
    *,
    token: str = DEFAULT_TOKEN,
    rate_per_minute: int | None = DEFAULT_RATE,
    clock: Clock = utc_now,
) -> Starlette:
    """Return the app that answers for this world under /api/v3, steered by `faults` (none: all off).

    `clock` decides what "now" is for new records, for the default of lastmodified and for the Date header; None as the rate
    lifts the limit. Raises ValueError when the account's time zone is unknown.
    """
    service = Service(
        world=world,
        faults=faults if faults is not None else Faults(),
        clock=clock,
        zone=account_zone(world.account["TimeZoneName"]),
        token=token,
        listings=Listings(world),
    )
    routes: list[Route] = [route for area in _AREAS for route in area.routes()]
    app = Starlette(
        routes=[Mount(PREFIX, routes=routes), Mount("/_simulator", routes=list(control.routes()))],
        middleware=[
            Middleware(GZipMiddleware),
            Middleware(Gate, service=service, rate_limit=RateLimit(rate_per_minute), routes=routes),
        ],
        exception_handlers=dict.fromkeys(ERRORS, on_error),
    )
    app.state.service = service
    return app
