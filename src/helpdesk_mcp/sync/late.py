"""Time logged late: entries for work of long ago, which no window of the recent days shows.

A ticket's own minutes tell that something was logged for it. Where the entries that the windows brought do not explain them,
that ticket's are read.
"""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

from helpdesk_mcp.atera import AteraClient, Page, join_path
from helpdesk_mcp.atera.errors import NotFound
from helpdesk_mcp.store import time_entries
from helpdesk_mcp.store.sweep import mark_deleted, missing
from helpdesk_mcp.store.tables import time_entry
from helpdesk_mcp.sync.conversations import is_gone
from helpdesk_mcp.sync.lane import Lane
from helpdesk_mcp.sync.passes import Seen
from helpdesk_mcp.sync.reading import Asked, Reading

MOST = 50
"""Tickets in one run; others wait for the next."""


async def late_time(reading: Reading) -> None:
    """Do one run."""
    lane = Lane(reading, read_time, "tickets' time entries")
    await reading.now()
    async with reading.transaction() as connection:
        await time_entries.settle(connection)
        tickets = await time_entries.due(connection, MOST)
    await lane.read(tickets, len(tickets))
    lane.end()


async def read_time(reading: Reading, ticket_id: int) -> None:
    """Read and store the time entries of one ticket."""
    at = await reading.now()
    async with reading.engine.connect() as connection:
        customer_id, contact_id, minutes = await time_entries.whose(connection, ticket_id)
    seen = Seen()
    try:
        async for page in entries_of(reading.client, ticket_id, customer_id, contact_id):
            seen.add(Asked(page, at), await reading.store(page.items, at))
    except NotFound:
        if await is_gone(reading, ticket_id, at):
            return
        raise
    among = time_entry.c.ticket_id == ticket_id
    async with reading.transaction() as connection:
        # That there are none is believed of a ticket without minutes.
        if seen.is_sure and (seen.keys or not minutes):
            gone = await missing(connection, time_entry, seen.keys, before=at, among=among)
            reading.counts.deleted += await mark_deleted(connection, time_entry, gone, at=at)
        await time_entries.done(connection, ticket_id, read_at=at)


async def entries_of(
    client: AteraClient,
    ticket_id: int,
    customer_id: int | None,
    contact_id: int | None,
    *,
    urgent: bool = False,
) -> AsyncIterator[Page]:
    """Yield the time entries of a ticket as the list of all entries has them: there they name customer and contact."""
    added = {"CustomerID": customer_id, "EndUserID": contact_id}
    path = join_path("tickets", ticket_id, "workhoursrecords")
    async for page in client.pages(path, urgent=urgent):
        # Unchecked, in spite of its type.
        items: list[Any] = page.items
        yield replace(page, items=[{**item, **added} if isinstance(item, dict) else item for item in items])
