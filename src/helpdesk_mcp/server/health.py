"""What a server says to whoever watches it: whether it can answer questions, and what to doubt.

Anybody may ask, so it tells counts, ages and names of our own parts: no customer, no address, no text of an error.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from typing import Any, Literal

from sqlalchemy import select

from helpdesk_mcp import metrics
from helpdesk_mcp.sdk import Prompt, ReadSession, ToolFailure
from helpdesk_mcp.sdk.freshness import Freshness, freshness
from helpdesk_mcp.sdk.times import span
from helpdesk_mcp.store import revisions
from helpdesk_mcp.store.runs import newest_of_each
from helpdesk_mcp.store.tables import sync_run

from .checks import run_checks
from .desk import Desk
from .rendering import LATE, doubts

PATIENCE_S = 5.0
"""Longer than any look at the sync's records takes; a watcher's own patience should be longer still."""
KEPT_S = 1.0
"""So that a crowd of watchers takes no connections away from those who ask questions."""

_ESSENTIAL = "tickets"
_NEWEST = (
    select(sync_run.c.started_at, sync_run.c.outcome)
    .where(sync_run.c.outcome.is_not(None))
    .order_by(sync_run.c.id.desc())
    .limit(2)
)
"""One failed run may be the stream's own trouble; two in a row are what the worker itself calls a standstill."""
_NEWEST_OF_EACH = newest_of_each(finished=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """The state of one server."""

    serves: bool
    """Whether questions are answered. While the worker or Atera is down they are, from older data."""
    reasons: tuple[str, ...] = ()
    """Sentences: why not, or what to doubt."""
    parts: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """What was found, for programs."""
    runs: tuple[Any, ...] = ()
    """The newest finished run of each stream, for Prometheus."""

    @property
    def status(self) -> Literal["ready", "degraded", "not ready"]:
        """Return the state in a word."""
        if not self.serves:
            return "not ready"
        return "degraded" if self.reasons else "ready"

    def told(self) -> dict[str, Any]:
        """Return it as watchers get it."""
        return {"status": self.status, "reasons": list(self.reasons), **self.parts}


class Watch:
    """Looks after one server."""

    def __init__(self, desk: Desk, clock: Callable[[], float] = time.monotonic) -> None:
        self._desk = desk
        self._clock = clock
        self._looking = asyncio.Lock()
        self._seen: Health | None = None
        self._seen_at = 0.0

    async def health(self) -> Health:
        """Return the state as of at most a second ago, and note it for Prometheus."""
        if self._desk.departure.has_begun:
            return Health(serves=False, reasons=("The server is stopping.",))
        async with self._looking:
            if self._seen is None or self._clock() - self._seen_at > KEPT_S:
                self._seen, self._seen_at = await health(self._desk), self._clock()
                metrics.READY.set(self._seen.serves)
                metrics.recorded(self._seen.runs, self._desk.clock)
        return self._seen


async def health(desk: Desk) -> Health:
    """Ask the database what answers stand on, and the plugins' checks. Atera is not asked: what the worker met there counts."""
    state, findings = await asyncio.gather(_of_the_database(desk), run_checks(desk))
    if not state.serves:
        return state
    # By name only: what a check says is for whoever runs the server.
    checks = {f"{found.plugin}.{found.check}": "ok" if found.ok else "fails" for found in findings}
    failing = [name for name, outcome in checks.items() if outcome == "fails"]
    reasons = [f"The check {name} fails: `helpdesk-mcp status` tells what it says." for name in failing]
    return replace(state, reasons=(*state.reasons, *reasons), parts={**state.parts, "checks": checks})


async def _of_the_database(desk: Desk) -> Health:
    session = ReadSession(desk.engine)
    try:
        async with asyncio.timeout(PATIENCE_S):
            return await _looked_at(session, desk)
    except ToolFailure as failure:
        return Health(serves=False, reasons=(str(failure),), parts={"database": "away"})
    except TimeoutError:
        sentence = f"Postgres did not answer within {PATIENCE_S:g} s."
        return Health(serves=False, reasons=(sentence,), parts={"database": "away"})
    finally:
        await session.close()


async def _looked_at(session: ReadSession, desk: Desk) -> Health:
    now = desk.clock()
    streams = sorted(_streams(desk) | {_ESSENTIAL})
    known = await freshness(session, streams)
    runs = await session.rows(_NEWEST)
    fails = bool(runs) and all(run.outcome == "failed" for run in runs)
    tried = runs[0].started_at if runs else None
    revision = (
        await session.scalar(revisions.CURRENT) if await session.scalar(revisions.CAN_BE_READ) else None
    )
    broken = [one.name for one in desk.plugins.broken]
    parts = {
        "database": "answers",
        "migrations": {"database": revision, "server": _newest_revision()},
        "sync_age_seconds": {
            stream: round((now - at).total_seconds()) for stream, at in known.as_of.items() if at is not None
        },
        "atera": ("fails" if fails else "answers") if runs else "unknown",
        "plugins": {"loaded": [one.plugin.name for one in desk.plugins.loaded], "broken": broken},
    }
    behind = _of_the_schema(revision)
    reasons = [
        *doubts(Freshness({_ESSENTIAL: known.as_of[_ESSENTIAL]}, None), now),
        *_of_the_sync(known.heartbeat, tried, now, fails=fails),
        *behind,
        *(f"Plugin {name} is not available." for name in broken),
    ]
    # Before its migration a database may lack columns of ours; most questions need none of them.
    newest = () if behind else tuple(await session.rows(_NEWEST_OF_EACH))
    return Health(serves=True, reasons=tuple(reasons), parts=parts, runs=newest)


def _of_the_sync(
    heartbeat: datetime | None, tried: datetime | None, now: datetime, *, fails: bool
) -> list[str]:
    """Tell a worker that is down from one that works in vain."""
    if tried is not None and now - tried > LATE:
        last = f"The last sync was {span(now - (heartbeat or tried))} ago"
        return [f"{last}: the worker seems to be down."]
    if fails:
        return ["The worker's newest readings from Atera failed: `helpdesk-mcp status` says why."]
    if heartbeat is not None and now - heartbeat > LATE:
        return [f"Tickets were last read completely {span(now - heartbeat)} ago, though the worker runs."]
    return []


def _of_the_schema(revision: str | None) -> list[str]:
    wanted = _newest_revision()
    # One that is newer is fine: each migration leaves the version before it working.
    if revision is None or revision >= wanted:
        return []
    return [
        f"The database is at revision {revision} and this version at {wanted}: run `helpdesk-mcp migrate`."
    ]


@cache
def _newest_revision() -> str:
    return revisions.newest()


def _streams(desk: Desk) -> set[str]:
    """Return the streams that any answer of this server stands on."""
    offered = (*desk.tools.values(), *desk.resources.values())
    return {stream for one in offered if not isinstance(one.item, Prompt) for stream in one.item.streams}
