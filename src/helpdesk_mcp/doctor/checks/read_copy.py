"""The read-only copy that answers questions, where there is one: reachable, of this version, and not far behind."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from helpdesk_mcp.doctor.connecting import connected
from helpdesk_mcp.doctor.finding import Finding, ok, problem, warning
from helpdesk_mcp.sdk.times import span
from helpdesk_mcp.settings import Settings
from helpdesk_mcp.store.engines import StoreNotSetUp, StoreUnavailable
from helpdesk_mcp.store.tables import sync_run

NAME = "read copy"
SETTING = "HELPDESK_READ_DATABASE_URL"
FAR_BEHIND = timedelta(seconds=60)
"""Whoever changes something reads on the database itself for so long; behind by more, a copy would hide the change again."""
_NEWEST = select(func.max(sync_run.c.started_at))
_LACKED = select(func.clock_timestamp() - func.min(sync_run.c.started_at))
"""For how long there has been a run: of those that a copy lacks, so long is it behind."""


async def findings(database: AsyncConnection, settings: Settings) -> Sequence[Finding]:
    """Return on the copy, compared with the database; nothing where none is set."""
    if settings.read_database_url is None:
        return []
    try:
        async with connected(settings.read_database_url.get_secret_value(), SETTING) as copy:
            copied = (await copy.execute(_NEWEST)).scalar_one()
    except StoreNotSetUp:
        return [
            problem(NAME, "It lacks our tables.", f"Make it a replica of the database, or unset {SETTING}.")
        ]
    except (StoreUnavailable, ValueError) as away:
        return [problem(NAME, str(away))]
    return [await _behind(database, copied)]


async def _behind(database: AsyncConnection, copied: datetime | None) -> Finding:
    """Return on a copy, by the newest run of the sync that it has."""
    # Not by the newest on each side: between two cycles lie minutes, and a copy may be a second late for the second one.
    lacked = _LACKED if copied is None else _LACKED.where(sync_run.c.started_at > copied)
    behind: timedelta | None = (await database.execute(lacked)).scalar_one()
    if behind is None or (copied is not None and behind < FAR_BEHIND):
        return ok(NAME, "It answers, and is not behind.")
    if copied is None:
        return problem(
            NAME, "It has nothing of what was synced.", f"Is {SETTING} a replica of this database?"
        )
    return warning(
        NAME,
        f"It is {span(behind)} behind the database, so answers are older than they need be.",
        "Look into the replication, and into the log of the copy.",
    )
