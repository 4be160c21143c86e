"""One ticket at once, with its conversation and time: for whoever has just changed it and reads it next."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from helpdesk_mcp.atera import AteraClient, join_path
from helpdesk_mcp.store import runs, threads
from helpdesk_mcp.store.engines import reachable
from helpdesk_mcp.store.sweep import mark_deleted, missing
from helpdesk_mcp.store.tables import ticket, time_entry
from helpdesk_mcp.store.technicians import sighted
from helpdesk_mcp.store.upsert import upsert
from helpdesk_mcp.sync.batch import Batch, read_batch
from helpdesk_mcp.sync.conversations import Thread, fetch_thread
from helpdesk_mcp.sync.rows import comment_rows, comment_sightings
from helpdesk_mcp.sync.streams import TICKET, TIME_ENTRY


async def refresh_ticket(client: AteraClient, engine: AsyncEngine, ticket_id: int) -> bool:
    """Read a ticket from Atera and store it in one transaction; return whether Atera has it.

    Answers that Atera gave before, and that reach the store later, do not undo it. Raises AteraError, StoreUnavailable, and
    ValueError when Atera's record cannot be read.
    """
    async with reachable(), engine.connect() as connection:
        at = await runs.clock(connection)
    raw = await client.get(join_path("tickets", ticket_id), urgent=True)
    if not isinstance(raw, dict):
        async with reachable(), engine.begin() as connection:
            await mark_deleted(connection, ticket, [(ticket_id,)], at=at)
        return False
    record = read_batch(TICKET, [raw], at)
    if record.refused:
        raise ValueError(f"Atera's record of ticket {ticket_id} cannot be read: {record.refused[0].reason}")
    thread = await fetch_thread(client, ticket_id, at, urgent=True)
    entries = read_batch(TIME_ENTRY, await _entries(client, raw), at)
    async with reachable(), engine.begin() as connection:
        await _store(connection, record, thread, entries)
    return True


async def _entries(client: AteraClient, raw: dict[str, Any]) -> list[Any]:
    """Return the ticket's time entries, completed to the form in which the list of all entries has them."""
    whose = {"CustomerID": raw.get("CustomerID"), "EndUserID": raw.get("EndUserID")}
    path = join_path("tickets", raw["TicketID"], "workhoursrecords")
    return [{**item, **whose} async for page in client.pages(path, urgent=True) for item in page.items]


async def _store(connection: AsyncConnection, record: Batch, thread: Thread, entries: Batch) -> None:
    await upsert(connection, ticket, record.rows.values(), renew=True)
    comments = comment_rows(thread.ticket_id, thread.parsed.rows)
    complete = not thread.parsed.bad
    await threads.replace_thread(
        connection, thread.ticket_id, comments, read_at=thread.read_at, is_complete=complete
    )
    await upsert(connection, time_entry, entries.rows.values(), renew=True)
    among = time_entry.c.ticket_id == thread.ticket_id
    seen = entries.rows.keys() | entries.refused_keys
    gone = await missing(connection, time_entry, seen, before=thread.read_at, among=among)
    await mark_deleted(connection, time_entry, gone, at=thread.read_at)
    named = [
        row
        for batch in (record, entries)
        for one in batch.records.values()
        for row in batch.kind.sightings(one)
    ]
    named += [row for one, _ in thread.parsed.rows for row in comment_sightings(one)]
    await sighted(connection, named)
