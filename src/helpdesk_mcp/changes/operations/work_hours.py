"""Booking time: Atera's work hours. They can be neither changed nor deleted through the API."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from helpdesk_mcp.atera import join_path, wire
from helpdesk_mcp.sync.ticket import read_entries, read_ticket

from .operation import Arguments, Before, Found, Outside, as_id


class LogTime:
    """Arguments: ticket_id, technician_id, started_at and ended_at (ISO, UTC), on_site, billable, description, rate_id."""

    shows_at_once = False

    async def before(self, outside: Outside, arguments: Arguments) -> dict[str, Any]:
        """Return the ids of the entries that are there already."""
        return {"entries": sorted(one.WorkHoursID for one in await _entries(outside, arguments))}

    async def send(self, outside: Outside, arguments: Arguments) -> int | None:
        """Book it."""
        body = {
            "StartWorkHour": arguments["started_at"],
            "EndWorkHour": arguments["ended_at"],
            "TechnicianContactID": arguments["technician_id"],
            "Billiable": arguments["billable"],
            "OnCustomerSite": arguments["on_site"],
            "Description": arguments["description"],
            **({"RateID": arguments["rate_id"]} if arguments.get("rate_id") is not None else {}),
        }
        result = await outside.client.post(join_path("tickets", arguments["ticket_id"], "workhours"), body)
        return as_id(result.action_id)

    async def find(self, outside: Outside, arguments: Arguments, before: Before) -> Found | None:
        """Look for an entry that was not there, of this engineer and of this length."""
        start, end = (datetime.fromisoformat(arguments[name]) for name in ("started_at", "ended_at"))
        for one in await _entries(outside, arguments):
            if one.WorkHoursID in before["entries"] or one.TechnicianContactID != arguments["technician_id"]:
                continue
            if one.StartWorkHour is None or one.EndWorkHour is None:
                continue
            if (
                one.EndWorkHour - one.StartWorkHour == end - start
                and one.OnCustomerSite == arguments["on_site"]
            ):
                return Found(one.WorkHoursID, _difference(one.StartWorkHour, start))
        return None


async def _entries(outside: Outside, arguments: Arguments) -> Sequence[wire.WorkHour]:
    ticket = await read_ticket(outside.client, outside.engine, arguments["ticket_id"])
    return [] if ticket is None else await read_entries(outside.client, outside.engine, ticket)


def _difference(stored: datetime, sent: datetime) -> str:
    """Say where Atera understood the time in another zone, which its documentation leaves open."""
    if stored == sent:
        return ""
    return (
        f"Atera shows its start as {stored.astimezone(UTC):%Y-%m-%d %H:%M} UTC, and it was sent as "
        f"{sent.astimezone(UTC):%H:%M} UTC: correct the entry in Atera, and report this difference."
    )
