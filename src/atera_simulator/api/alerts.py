"""Alerts: list by derived status, raise, resolve, delete."""

from collections.abc import Iterable, Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from atera_simulator import changes
from atera_simulator.api import bodies
from atera_simulator.api.listing import ALL
from atera_simulator.api.listings import ACTIVE, ARCHIVED
from atera_simulator.api.query import Query, page, path_id
from atera_simulator.api.replies import done, nothing, reply
from atera_simulator.api.service import Service, service
from atera_simulator.api.zones import parse_moment

_STATUSES = ("Open", "Resolved", "Snoozed")
_ALERT: bodies.Model = {
    "DeviceGuid": bodies.guid,
    "Title": bodies.text,
    "CustomerID": bodies.integer,
    "Code": bodies.integer,
    "Severity": bodies.one_of("Information", "Warning", "Critical"),
    **{f"ThresholdValue{place}": bodies.text for place in range(1, 6)},
    "SnoozedEndDate": bodies.date,
    "AdditionalInfo": bodies.text,
    "AlertCategoryID": bodies.one_of(
        "Hardware", "Disk", "Availability", "Performance", "Exchange", "General"
    ),
    "TicketID": bodies.integer,
    "MessageTemplate": bodies.text,
    "FolderID": bodies.integer,
}


async def list_alerts(request: Request) -> Response:
    """All alerts with the archived ones, or those of one status."""
    account = service(request)
    status = Query(request).choice("alertStatus", _STATUSES)
    return page(request, _ids(account, status), account.world.alerts.__getitem__)


async def read_alert(request: Request) -> Response:
    """One alert."""
    return reply(changes.find(service(request).world, "alerts", path_id(request, "alertId")))


async def create_alert(request: Request) -> Response:
    """Raise an alert; 409 when the device has the same one open."""
    account = service(request)
    fields = await bodies.read_body(request, _ALERT, ("DeviceGuid", "Title", "CustomerID"))
    return done(changes.create_alert(account.world, fields, now=account.clock()), 201)


async def resolve_alert(request: Request) -> Response:
    """Archive an alert."""
    account = service(request)
    changes.resolve_alert(account.world, path_id(request, "alertId"), now=account.clock())
    return nothing()


async def delete_alert(request: Request) -> Response:
    """Remove an alert."""
    changes.delete_alert(service(request).world, path_id(request, "alertId"))
    return nothing()


def _ids(account: Service, status: str | None) -> Sequence[int]:
    # Status is no field: archived means resolved, a snooze that is not over means snoozed, else open (assumed).
    if status is None:
        return account.listings.alerts.ids(ALL)
    if status == "Resolved":
        return account.listings.alerts.ids(ARCHIVED)
    wants_snoozed = status == "Snoozed"
    return [
        alert_id
        for alert_id in account.listings.alerts.ids(ACTIVE)
        if _is_snoozed(account, alert_id) == wants_snoozed
    ]


def _is_snoozed(account: Service, alert_id: int) -> bool:
    until = account.world.alerts[alert_id]["SnoozedEndDate"]
    return until is not None and parse_moment(until) > account.clock()


def routes() -> Iterable[Route]:
    """Return this area's routes."""
    return (
        Route("/alerts", list_alerts, methods=["GET"]),
        Route("/alerts", create_alert, methods=["POST"]),
        Route("/alerts/{alertId}", read_alert, methods=["GET"]),
        Route("/alerts/{alertId}", resolve_alert, methods=["PUT"]),
        Route("/alerts/{alertId}", delete_alert, methods=["DELETE"]),
    )
