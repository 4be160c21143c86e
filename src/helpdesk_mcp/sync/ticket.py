"""One ticket at once, with its conversation and time: for whoever has just changed it and reads it next.

Each part is read and stored by itself, and returned as it was read: a change is carried out by reading back what became of it.
Answers that Atera gave before, and that reach the store later, do not undo a part. All raise AteraError, StoreUnavailable, and
ValueError when Atera's record cannot be read.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Table
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from helpdesk_mcp.atera import AteraClient, join_path, wire
from helpdesk_mcp.store import runs, threads
from helpdesk_mcp.store.engines import reachable
from helpdesk_mcp.store.sweep import mark_deleted, missing
from helpdesk_mcp.store.tables import time_entry
from helpdesk_mcp.store.technicians import sighted
from helpdesk_mcp.store.upsert import upsert
from helpdesk_mcp.sync.batch import Batch, read_batch
from helpdesk_mcp.sync.conversations import Thread, fetch_thread
from helpdesk_mcp.sync.late import entries_of
from helpdesk_mcp.sync.rows import comment_rows, comment_sightings
from helpdesk_mcp.sync.stream import Kind
from helpdesk_mcp.sync.streams import CONTACT, TICKET, TIME_ENTRY


async def refresh_ticket(client: AteraClient, engine: AsyncEngine, ticket_id: int) -> bool:
    """Read a whole ticket; return whether Atera has it."""
    record = await read_ticket(client, engine, ticket_id)
    if record is None:
        return False
    await read_thread(client, engine, ticket_id)
    await read_entries(client, engine, record)
    return True


async def read_ticket(client: AteraClient, engine: AsyncEngine, ticket_id: int) -> wire.Ticket | None:
    """Return a ticket's own record; None, and marked deleted, when Atera does not have it."""
    return await _read_one(client, engine, TICKET, ticket_id)


async def read_contact(client: AteraClient, engine: AsyncEngine, contact_id: int) -> wire.Contact | None:
    """Return a contact; None, and marked deleted, when Atera does not have it."""
    return await _read_one(client, engine, CONTACT, contact_id)


async def read_thread(client: AteraClient, engine: AsyncEngine, ticket_id: int) -> Sequence[wire.Comment]:
    """Return a ticket's conversation, as far as it can be read."""
    thread = await fetch_thread(client, ticket_id, await _now(engine), urgent=True)
    async with reachable(), engine.begin() as connection:
        await _store_thread(connection, thread)
    return [record for record, _ in thread.parsed.rows]


async def read_entries(
    client: AteraClient, engine: AsyncEngine, whose: wire.Ticket
) -> Sequence[wire.WorkHour]:
    """Return the time entries of a ticket, as far as they can be read."""
    at = await _now(engine)
    pages = entries_of(client, whose.TicketID, whose.CustomerID, whose.EndUserID, urgent=True)
    items = [item async for page in pages for item in page.items]
    entries = read_batch(TIME_ENTRY, items, at)
    async with reachable(), engine.begin() as connection:
        await _store(connection, entries)
        among = time_entry.c.ticket_id == whose.TicketID
        seen = entries.rows.keys() | entries.refused_keys
        gone = await missing(connection, time_entry, seen, before=at, among=among)
        await mark_deleted(connection, time_entry, gone, at=at)
    return list(entries.records.values())


async def store_tickets(engine: AsyncEngine, items: Sequence[Any], at: datetime) -> Sequence[wire.Ticket]:
    """Store tickets that Atera has just listed, asked at `at` (the database's clock), and return those that can be read."""
    batch = read_batch(TICKET, items, at)
    if batch.rows:
        async with reachable(), engine.begin() as connection:
            await _store(connection, batch)
    return list(batch.records.values())


async def _read_one(client: AteraClient, engine: AsyncEngine, kind: Kind, key: int) -> Any:
    at = await _now(engine)
    table: Table = kind.table
    raw = await client.get(join_path(str(kind.by_id), key), urgent=True)
    if not isinstance(raw, dict):
        async with reachable(), engine.begin() as connection:
            await mark_deleted(connection, table, [(key,)], at=at)
        return None
    batch = read_batch(kind, [raw], at)
    if batch.refused:
        raise ValueError(f"Atera's record of {table.name} {key} cannot be read: {batch.refused[0].reason}")
    async with reachable(), engine.begin() as connection:
        await _store(connection, batch)
    return next(iter(batch.records.values()))


async def _now(engine: AsyncEngine) -> datetime:
    async with reachable(), engine.connect() as connection:
        return await runs.clock(connection)


async def _store(connection: AsyncConnection, batch: Batch) -> None:
    await upsert(connection, batch.kind.table, batch.rows.values(), renew=True)
    await sighted(connection, [row for one in batch.records.values() for row in batch.kind.sightings(one)])


async def _store_thread(connection: AsyncConnection, thread: Thread) -> None:
    comments = comment_rows(thread.ticket_id, thread.parsed.rows)
    complete = not thread.parsed.bad
    await threads.replace_thread(
        connection, thread.ticket_id, comments, read_at=thread.read_at, is_complete=complete
    )
    await sighted(connection, [row for one, _ in thread.parsed.rows for row in comment_sightings(one)])
