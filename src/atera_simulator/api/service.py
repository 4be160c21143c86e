"""What every handler works with: the world, its sorted lists, the switches and the clock."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from starlette.requests import Request

from atera_simulator.api.listings import Listings
from atera_simulator.faults import Faults
from atera_simulator.world import World

Clock = Callable[[], datetime]
"""Gives the present moment, UTC."""


@dataclass(slots=True)
class Service:
    """One running account."""

    world: World
    faults: Faults
    clock: Clock
    zone: ZoneInfo
    token: str
    listings: Listings
    requests: Counter[str] = field(default_factory=Counter[str])
    """Calls per method and route template, for example `GET /tickets/{ticketId}`."""
    statuses: Counter[str] = field(default_factory=Counter[str])
    """Answers per status."""
    visible_from: dict[int, datetime] = field(default_factory=dict[int, datetime])
    """By TicketID: when a ticket just created becomes readable, under the read-after-write lag."""

    def is_visible(self, ticket_id: int) -> bool:
        """Return whether the read-after-write lag of a ticket is over."""
        due = self.visible_from.get(ticket_id)
        return due is None or self.clock() >= due


def service(request: Request) -> Service:
    """Return the account behind a request."""
    found = request.app.state.service
    assert isinstance(found, Service)  # noqa: S101 - app.state is untyped; create_app puts it there
    return found
