"""What is so in Atera at this moment: read before a preview, and compared with the preview before anything is sent."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from helpdesk_mcp.atera import wire
from helpdesk_mcp.sdk import NotFound, Refused, Unavailable
from helpdesk_mcp.store import runs
from helpdesk_mcp.store.engines import reachable
from helpdesk_mcp.store.journal import StoredChange
from helpdesk_mcp.sync.ticket import read_ticket, refresh_ticket, store_tickets

from . import stored
from .operations import Outside

FEW = 3
"""So many tickets are read one by one; for more, Atera is asked what changed lately, which is one call for all of them."""
_LATELY = timedelta(minutes=15)
"""Three cycles of the sync: what is older is in the local copy."""
_CLOCKS_DIFFER = timedelta(minutes=2)


class Present:
    """Reads tickets from Atera at once."""

    def __init__(self, outside: Outside) -> None:
        self._outside = outside

    async def refresh(self, ticket_ids: Sequence[int]) -> None:
        """Bring some tickets in the local copy up to date."""
        client, engine = self._outside.client, self._outside.engine
        if len(ticket_ids) > FEW:
            await self._changed(_LATELY)
            return
        try:
            await asyncio.gather(*(refresh_ticket(client, engine, one) for one in ticket_ids))
        except ValueError as unreadable:
            raise Unavailable(f"{unreadable}. Nothing was changed.") from unreadable

    async def compare(self, change: StoredChange) -> None:
        """Let pass what is still as the person saw it; raise Refused, with what is another now."""
        shown = {int(key): version for key, version in change.versions.items()}
        for ticket_id, ticket in (await self._now(change, shown)).items():
            if ticket is None:
                raise NotFound(f"Atera does not have ticket {ticket_id} any more. Nothing was changed.")
            different = stored.differences(shown[ticket_id], stored.version(ticket))
            if different:
                raise Refused(
                    f"Ticket #{ticket.TicketNumber} has changed since the preview ({', '.join(different)}). Nothing was "
                    "changed: look at it, and ask for the change again."
                )

    async def _now(self, change: StoredChange, shown: dict[int, object]) -> dict[int, wire.Ticket | None]:
        client, engine = self._outside.client, self._outside.engine
        if len(shown) <= FEW:
            found = await asyncio.gather(*(read_ticket(client, engine, one) for one in shown))
            return dict(zip(shown, found, strict=True))
        async with reachable(), engine.connect() as connection:
            age = await runs.clock(connection) - change.created_at
        changed = await self._changed(age + _CLOCKS_DIFFER)
        return {one.TicketID: one for one in changed if one.TicketID in shown}

    async def _changed(self, span: timedelta) -> list[wire.Ticket]:
        """Return the tickets that Atera says were touched within the last `span`, and store them."""
        client, engine = self._outside.client, self._outside.engine
        async with reachable(), engine.connect() as connection:
            at = await runs.clock(connection)
        asked = {"date": at - span, "includeComments": True}
        found: list[wire.Ticket] = []
        async for page in client.pages("tickets/lastmodified", asked, urgent=True):
            found += await store_tickets(engine, page.items, at)
        return found
