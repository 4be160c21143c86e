"""Changes and their journal in Postgres: proposals, the one decision on each, and every event of carrying it out.

Rows are only ever added. That a change is decided once is a unique index and not a flag, so two servers that get the same
code at the same moment cannot both win; that it runs once at a time is an advisory lock, which ends with its process.
"""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import BigInteger, Row, bindparam, delete, func, insert, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from helpdesk_mcp.store.tables import change, draft, journal

Event = Literal[
    "confirmed",
    "declined",
    "resumed",
    "started",
    "done",
    "refused",
    "unknown",
    "absent",
    "finished",
    "stopped",
]
StoredChange = Row[Any]
"""A row of `change`, with `expired`: whether its code is refused by now."""

_TAKE = text("SELECT pg_try_advisory_lock(hashtextextended('helpdesk.change.' || :change_id, 0))")
_GIVE_BACK = text("SELECT pg_advisory_unlock(hashtextextended('helpdesk.change.' || :change_id, 0))")
# Looked up and not tried: whoever tries holds it for a moment, in which the change itself could not start.
_IS_TAKEN = text("""
    SELECT EXISTS (
        SELECT FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
        WHERE locktype = 'advisory' AND objsubid = 1 AND datname = current_database()
          AND ((classid::bigint << 32) | objid::bigint) = hashtextextended('helpdesk.change.' || :change_id, 0)
    )
""")
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended('helpdesk.payload.' || :payload, 0))")
_CHANGE = select(change, (change.c.expires_at <= func.clock_timestamp()).label("expired"))


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One event."""

    change_id: int
    at: datetime
    event: Event
    step: int | None
    details: dict[str, Any]


async def add_change(connection: AsyncConnection, values: dict[str, Any], *, keep: timedelta) -> int:
    """Store a proposal whose code expires after `keep`; return its number."""
    statement = (
        insert(change).values(**values, expires_at=func.clock_timestamp() + keep).returning(change.c.id)
    )
    return (await connection.execute(statement)).scalar_one()


async def by_id(connection: AsyncConnection, change_id: int) -> StoredChange | None:
    """Return a change by the number that people see."""
    return (await connection.execute(_CHANGE.where(change.c.id == change_id))).one_or_none()


async def by_code(connection: AsyncConnection, code_hash: str) -> StoredChange | None:
    """Return the change that a code stands for."""
    return (await connection.execute(_CHANGE.where(change.c.code_hash == code_hash))).one_or_none()


async def newest(
    connection: AsyncConnection, *, person: str | None, ticket_id: int | None, limit: int
) -> Sequence[StoredChange]:
    """Return the newest changes, of one person or of all, of one ticket or of all."""
    statement = _CHANGE.order_by(change.c.id.desc()).limit(limit)
    if person is not None:
        statement = statement.where(change.c.person == person)
    if ticket_id is not None:
        statement = statement.where(
            change.c.ticket_ids.contains(bindparam("ids", [ticket_id], ARRAY(BigInteger)))
        )
    return (await connection.execute(statement)).all()


async def decide(
    connection: AsyncConnection, change_id: int, event: Literal["confirmed", "declined"]
) -> bool:
    """Record the decision on a change; False when there is one already."""
    statement = (
        pg_insert(journal)
        .values(change_id=change_id, event=event)
        .on_conflict_do_nothing()
        .returning(journal.c.id)
    )
    return (await connection.execute(statement)).scalar() is not None


async def twin(
    connection: AsyncConnection, payload_hash: str, change_id: int | None, *, within: timedelta
) -> int | None:
    """Return another change that would send the same and was confirmed within the last `within`, if there is one.

    Until the transaction ends, nobody else gets an answer for the same payload: of two equal changes that are confirmed in the
    same moment, the second one sees the first.
    """
    await connection.execute(_ONE_AT_A_TIME, {"payload": payload_hash})
    statement = (
        select(change.c.id)
        .join(journal, journal.c.change_id == change.c.id)
        .where(
            change.c.payload_hash == payload_hash,
            change.c.id.is_distinct_from(change_id),
            journal.c.event == "confirmed",
            journal.c.at > func.clock_timestamp() - within,
        )
        .order_by(change.c.id.desc())
        .limit(1)
    )
    return (await connection.execute(statement)).scalar()


async def note(
    connection: AsyncConnection, change_id: int, event: Event, step: int | None = None, **details: Any
) -> None:
    """Add an event."""
    await connection.execute(
        insert(journal).values(change_id=change_id, event=event, step=step, details=details)
    )


async def events(connection: AsyncConnection, change_ids: Sequence[int]) -> list[JournalEntry]:
    """Return the events of some changes, oldest first."""
    ids = bindparam("ids", list(change_ids), ARRAY(BigInteger))
    columns = (journal.c.change_id, journal.c.at, journal.c.event, journal.c.step, journal.c.details)
    statement = select(*columns).where(journal.c.change_id == func.any(ids)).order_by(journal.c.id)
    return [JournalEntry(*row) for row in await connection.execute(statement)]


async def undone_by(connection: AsyncConnection, change_id: int) -> int | None:
    """Return the confirmed change that took this one back, if there is one."""
    statement = (
        select(change.c.id)
        .join(journal, journal.c.change_id == change.c.id)
        .where(change.c.undoes == change_id, journal.c.event == "confirmed")
        .limit(1)
    )
    return (await connection.execute(statement)).scalar()


@asynccontextmanager
async def running(engine: AsyncEngine, change_id: int) -> AsyncGenerator[bool]:
    """Yield whether this process may carry the change out now; False: another one does.

    The lock holds on a connection of its own, so it ends with this process however that ends.
    """
    async with engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        ours = bool((await connection.execute(_TAKE, {"change_id": str(change_id)})).scalar())
        try:
            yield ours
        finally:
            if ours:
                await connection.execute(_GIVE_BACK, {"change_id": str(change_id)})


async def is_running(connection: AsyncConnection, change_id: int) -> bool:
    """Return whether some process carries the change out at this moment."""
    return bool((await connection.execute(_IS_TAKEN, {"change_id": str(change_id)})).scalar())


async def save_draft(connection: AsyncConnection, values: dict[str, Any], *, keep: timedelta) -> None:
    """Keep a half-filled form, and forget those that are too old."""
    await connection.execute(delete(draft).where(draft.c.expires_at < func.clock_timestamp()))
    await connection.execute(insert(draft).values(**values, expires_at=func.clock_timestamp() + keep))


async def find_draft(connection: AsyncConnection, token_hash: str) -> Row[Any] | None:
    """Return a half-filled form that is not too old."""
    statement = select(draft).where(draft.c.token == token_hash, draft.c.expires_at > func.clock_timestamp())
    return (await connection.execute(statement)).one_or_none()
