"""The database's clock, when it is set back: what it has stamped is then in the future, and would be newer than all that comes.

Without a remedy no stream would be due and no answer of Atera believed until that future is reached, for hours or for years.
"""

import logging
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from helpdesk_mcp.store import runs
from helpdesk_mcp.store.tables import metadata, sync_run
from helpdesk_mcp.store.tables.base import MIRROR

TOLERANCE = timedelta(seconds=30)
"""So much goes by itself: whatever is due may run earlier by more, and deltas overlap by more."""
_STAMPS = frozenset(
    {"fetched_at", "deleted_at", "seen_at", "field_changed_at", "thread_read_at", "facts_read_at"}
)
"""Columns of mirrored tables with our moments; all others are Atera's."""
_RECORDED = ("started_at", "finished_at", "data_as_of")
_LAST_RUNS = select(sync_run).order_by(sync_run.c.id.desc()).limit(50).subquery()
_NEWEST = select(func.greatest(*(func.max(_LAST_RUNS.c[name]) for name in _RECORDED)))

_log = logging.getLogger(__name__)


async def present(connection: AsyncConnection) -> datetime:
    """Return the database's present, after moments that were recorded beyond it have been taken back to it."""
    now = await runs.clock(connection)
    newest = (await connection.execute(_NEWEST)).scalar_one()
    if newest is not None and newest > now + TOLERANCE:
        _log.warning("clock_of_the_database_went_back seconds=%d", (newest - now).total_seconds())
        await _take_back(connection, now)
    return now


async def _take_back(connection: AsyncConnection, now: datetime) -> None:
    mirrored = [table for table in metadata.sorted_tables if table.schema == MIRROR]
    stamped = [(table, name) for table in mirrored for name in _STAMPS.intersection(table.c.keys())]
    for table, name in (*stamped, *((sync_run, name) for name in _RECORDED)):
        await connection.execute(update(table).where(table.c[name] > now).values({name: now}))
