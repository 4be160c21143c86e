"""The open tickets, status by status: guards against changes that `lastmodified` does not show."""

from typing import Any, cast

from sqlalchemy import select

from helpdesk_mcp.atera.errors import BadAnswer
from helpdesk_mcp.store.sweep import Key, mark_deleted, missing
from helpdesk_mcp.store.tables import ticket
from helpdesk_mcp.sync.passes import MOST_CHECKS, really_gone
from helpdesk_mcp.sync.reading import Asked, Reading

ALWAYS = ("Open", "Pending")
"""Statuses that every account has; others are known once a ticket was seen in one."""


async def live_tickets(reading: Reading) -> None:
    """Read every open ticket, and ask for those that we hold as open and Atera does not list."""
    async with reading.engine.connect() as connection:
        known = await connection.scalars(select(ticket.c.status).where(ticket.c.is_open).distinct())
        statuses = sorted({*ALWAYS, *known})
    seen: set[Key] = set()
    for status in statuses:
        async for asked in reading.pages({"ticketStatus": status}):
            _check_filter(asked, status)
            seen |= await reading.gather(asked.page.items, asked.at)
            reading.tell(len(seen), None)
    await reading.flush()
    await _look_up(reading, seen)


async def _look_up(reading: Reading, seen: set[Key]) -> None:
    at = reading.data_as_of or await reading.now()
    async with reading.engine.connect() as connection:
        left = await missing(connection, ticket, seen, before=at, among=ticket.c.is_open)
    gone = await really_gone(reading, left[:MOST_CHECKS])
    async with reading.transaction() as connection:
        reading.counts.deleted += await mark_deleted(connection, ticket, gone, at=at)


def _check_filter(asked: Asked, status: str) -> None:
    """Refuse an unfiltered list: Atera ignores parameters that it does not know."""
    items: list[Any] = asked.page.items  # unchecked, in spite of its type
    rows = (cast("dict[str, Any]", item) for item in items if isinstance(item, dict))
    found = {str(row.get("TicketStatus")).casefold() for row in rows}
    if found - {status.casefold()}:
        raise BadAnswer(
            "Atera did not filter tickets by their status, so the open ones could not be compared. Nothing of it was used."
        )
