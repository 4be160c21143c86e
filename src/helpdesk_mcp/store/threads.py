"""Conversations: which tickets' must be read, and how a complete reading replaces the stored one.

Atera's comments have no id and cannot change, so a conversation is a set of keys: what is new is inserted, what is gone is
marked, what is there stays untouched.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, insert, or_, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from helpdesk_mcp.store.payloads import Row
from helpdesk_mcp.store.tables import ticket, ticket_comment
from helpdesk_mcp.store.upsert import Outcome

RECENT = timedelta(days=7)
"""Closed tickets in which something happened lately are read with the open ones, before the history."""


def _is_fresh() -> ColumnElement[bool]:
    """Return the condition for threads that people are likely to ask for now."""
    return or_(
        ticket.c.is_open,
        ticket.c.thread_read_at.is_not(None),  # read before, so it has changed since
        ticket.c.active_at > func.now() - RECENT,
    )


async def due(
    connection: AsyncConnection, limit: int, *, history: bool, but_not: Collection[int] = ()
) -> list[int]:
    """Return tickets whose conversation must be read, open and new ones first; `history` gives those that can wait."""
    wanted = ~_is_fresh() if history else _is_fresh()
    statement = (
        select(ticket.c.id)
        .where(ticket.c.thread_due, ticket.c.deleted_at.is_(None), wanted, ticket.c.id.not_in(but_not))
        .order_by(ticket.c.is_open.desc(), ticket.c.created_at.desc())
        .limit(limit)
    )
    return list(await connection.scalars(statement))


async def count_due(connection: AsyncConnection, *, history: bool) -> int:
    """Return how many conversations `due` has to offer."""
    wanted = ~_is_fresh() if history else _is_fresh()
    statement = select(func.count()).where(ticket.c.thread_due, ticket.c.deleted_at.is_(None), wanted)
    return (await connection.execute(statement)).scalar_one()


async def stale(connection: AsyncConnection, limit: int, *, older_than: timedelta) -> list[int]:
    """Return open tickets whose conversation was last read long ago, for the case that a change did not show in the ticket."""
    statement = (
        select(ticket.c.id)
        .where(
            ticket.c.is_open,
            ~ticket.c.thread_due,
            ticket.c.deleted_at.is_(None),
            ticket.c.thread_read_at < func.now() - older_than,
        )
        .order_by(ticket.c.thread_read_at)
        .limit(limit)
    )
    return list(await connection.scalars(statement))


async def stale_closed(
    connection: AsyncConnection, limit: int, *, older_than: timedelta, lately: timedelta
) -> list[int]:
    """As `stale`, for closed tickets; those in which something happened lately come first, after the shorter time `lately`."""
    closed = (~ticket.c.thread_due, ~ticket.c.is_open, ticket.c.deleted_at.is_(None))
    is_recent = ticket.c.active_at > func.now() - RECENT
    found: list[int] = []
    # Two questions, each with an index of its own.
    for which, age in ((is_recent, lately), (true(), older_than)):
        statement = (
            select(ticket.c.id)
            .where(*closed, which, ticket.c.thread_read_at < func.now() - age, ticket.c.id.not_in(found))
            .order_by(ticket.c.thread_read_at)
            .limit(limit - len(found))
        )
        found += await connection.scalars(statement)
    return found


async def replace_thread(
    connection: AsyncConnection,
    ticket_id: int,
    rows: Sequence[Row],
    *,
    read_at: datetime,
    is_complete: bool = True,
) -> tuple[Outcome, int]:
    """Make a ticket's conversation what a complete reading found; return what was written and how many were marked deleted.

    A reading older than the stored one changes nothing. `read_at` is the moment before Atera was asked; where some records
    could not be read the thread is not `is_complete`, and none is marked.
    """
    lock = select(ticket.c.thread_read_at).where(ticket.c.id == ticket_id).with_for_update()
    stored_at = (await connection.execute(lock)).scalar_one_or_none()
    if stored_at is not None and stored_at >= read_at:
        return Outcome(stale=len(rows)), 0
    given = {row["key"]: row for row in rows}
    mine = ticket_comment.c.ticket_id == ticket_id
    found = await connection.execute(select(ticket_comment.c.key, ticket_comment.c.deleted_at).where(mine))
    stored = {row.key: row.deleted_at for row in found}
    new = [row for key, row in given.items() if key not in stored]
    if new:
        await connection.execute(insert(ticket_comment), new)
    back = [key for key in given if stored.get(key) is not None]
    gone = [
        key for key, deleted_at in stored.items() if is_complete and key not in given and deleted_at is None
    ]
    for keys, deleted_at in ((back, None), (gone, read_at)):
        if keys:
            marked = (
                update(ticket_comment).where(ticket_comment.c.key.in_(keys)).values(deleted_at=deleted_at)
            )
            await connection.execute(marked)
    await _stamp(connection, ticket_id, read_at)
    written = frozenset((row["key"],) for row in new)
    return Outcome(len(new), len(back), len(given) - len(new) - len(back), written=written), len(gone)


async def _stamp(connection: AsyncConnection, ticket_id: int, read_at: datetime) -> None:
    # A version of the ticket that came after this reading may have made the thread due again: then it stays due.
    still_due = and_(ticket.c.thread_due, ticket.c.fetched_at > read_at)
    statement = update(ticket).where(ticket.c.id == ticket_id)
    await connection.execute(statement.values(thread_read_at=read_at, thread_due=still_due))
