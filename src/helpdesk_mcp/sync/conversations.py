"""Conversations: one call for each ticket, so the ones that people will ask for come first and the past fills up behind.

A thread is due when its ticket is new, somebody spoke or the status moved. Open tickets are also read again after an hour,
because nobody knows whether an internal note shows in the ticket. Closed ones are, too, a few in each run: for a comment that is
dated into the past, or a note that nothing tells of.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from helpdesk_mcp.atera import AteraClient, Page, join_path, wire
from helpdesk_mcp.atera.errors import NotFound
from helpdesk_mcp.store import quarantine, threads
from helpdesk_mcp.store.sweep import mark_deleted
from helpdesk_mcp.store.tables import ticket
from helpdesk_mcp.store.technicians import sighted
from helpdesk_mcp.sync.batch import refuse
from helpdesk_mcp.sync.lane import Lane
from helpdesk_mcp.sync.reading import Reading
from helpdesk_mcp.sync.rows import comment_rows, comment_sightings

BATCH = 12
"""Threads read before others are asked whether they want their turn."""
REREAD_AFTER = timedelta(hours=1)
REREAD_MOST = 50
"""Open threads that are read again in one run though nothing says that they changed."""
CLOSED_AFTER = timedelta(days=30)
CLOSED_LATELY_AFTER = timedelta(days=1)
"""The same for closed tickets in which something happened lately."""
CLOSED_MOST = 10
"""Closed threads that are read again in one run, which is once between two cycles: 60,000 in three weeks."""


@dataclass(frozen=True, slots=True)
class Threads:
    """Reads the conversations that are due, batch by batch; `history` those of old closed tickets."""

    history: bool

    async def __call__(self, reading: Reading) -> None:
        """Do one run."""
        lane = Lane(reading, read_thread, "conversations")
        async with reading.engine.connect() as connection:
            # Once: at 60,000 tickets it takes as long as reading five threads.
            waiting = await threads.count_due(connection, history=self.history)
        while True:
            await reading.now()
            async with reading.engine.connect() as connection:
                tickets = await threads.due(connection, BATCH, history=self.history, but_not=lane.failed)
            if not tickets:
                break
            await lane.read(tickets, max(waiting, lane.done + len(tickets)))
            reading.pause_if_time_is_up()
        again = await self._again(reading)
        await lane.read(again, lane.done + len(again))
        lane.end()

    async def _again(self, reading: Reading) -> list[int]:
        """Return threads that are read though nothing says that they changed."""
        async with reading.engine.connect() as connection:
            if self.history:
                return await threads.stale_closed(
                    connection, CLOSED_MOST, older_than=CLOSED_AFTER, lately=CLOSED_LATELY_AFTER
                )
            tickets = await threads.stale(connection, REREAD_MOST, older_than=REREAD_AFTER)
        return tickets + [one for one in reading.some_aside() if one not in tickets]


@dataclass(frozen=True, slots=True)
class Thread:
    """A conversation as Atera gave it."""

    ticket_id: int
    read_at: datetime
    """Our clock, before Atera was asked."""
    parsed: wire.Parsed[wire.Comment]
    size: int
    """Records received."""


async def fetch_thread(
    client: AteraClient, ticket_id: int, read_at: datetime, *, urgent: bool = False
) -> Thread:
    """Return all comments of a ticket."""
    items: list[Any] = []
    total = 0
    async for page in client.pages(join_path("tickets", ticket_id, "comments"), urgent=urgent):
        items += page.items[_shown_before(items, page, page.total_count - total) :]
        total = page.total_count
    return Thread(ticket_id, read_at, wire.parse(wire.Comment, items), len(items))


def _shown_before(items: list[Any], page: Page, newer: int) -> int:
    """Return how many records of a page were pushed there from the page before, by newer ones that came in between."""
    # Only then: a comment that was really made twice is shown twice as well.
    return newer if items and newer > 0 and items[-newer:] == page.items[:newer] else 0


async def read_thread(reading: Reading, ticket_id: int) -> None:
    """Read and store the conversation of one ticket; a ticket that Atera no longer has is marked deleted."""
    at = await reading.now()
    try:
        thread = await fetch_thread(reading.client, ticket_id, at)
    except NotFound:
        if await is_gone(reading, ticket_id, at):
            return
        raise
    parsed = thread.parsed
    refused = [refuse(reading.stream.kind, bad.raw, bad.reason, of=ticket_id) for bad in parsed.bad]
    async with reading.transaction() as connection:
        outcome, gone = await threads.replace_thread(
            connection,
            ticket_id,
            comment_rows(ticket_id, parsed.rows),
            read_at=thread.read_at,
            is_complete=not parsed.bad,
        )
        await quarantine.put_aside(connection, reading.stream.base, refused)
        if not refused:
            await reading.release(connection, {str(ticket_id)})
        await reading.note_drift(connection, parsed)
        if outcome.written:
            await sighted(connection, [row for record, _ in parsed.rows for row in comment_sightings(record)])
    reading.count(outcome, read=thread.size, refused=len(refused), deleted=gone)


async def is_gone(reading: Reading, ticket_id: int, at: datetime) -> bool:
    """Return whether Atera no longer has a ticket, which is then marked deleted."""
    if await reading.client.get(join_path("tickets", ticket_id)) is not None:
        return False
    async with reading.transaction() as connection:
        reading.counts.deleted += await mark_deleted(connection, ticket, [(ticket_id,)], at=at)
    return True
