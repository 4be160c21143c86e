"""What a server says to whoever watches it: whether it can answer questions, and what to doubt. Counts and ages, no names."""

import asyncio
from dataclasses import dataclass

from helpdesk_mcp.sdk import ReadSession, ToolFailure
from helpdesk_mcp.sdk.freshness import freshness

from .desk import Desk
from .rendering import doubts

PATIENCE_S = 5.0
"""Longer than any look at the sync's records takes; a watcher's own patience should be longer still."""


@dataclass(frozen=True, slots=True)
class Health:
    """The state of one server."""

    serves: bool
    """Whether questions are answered. While the worker or Atera is down they are, from older data."""
    line: str
    """The state in one line: ready, degraded or not ready, and why."""


async def health(desk: Desk) -> Health:
    """Ask the database what every answer asks it: how old the tickets are."""
    session = ReadSession(desk.engine)
    try:
        async with asyncio.timeout(PATIENCE_S):
            reasons = doubts(await freshness(session, ["tickets"]), desk.clock())
    except ToolFailure as failure:
        return Health(serves=False, line=f"not ready: {failure}")
    except TimeoutError:
        return Health(serves=False, line=f"not ready: Postgres did not answer within {PATIENCE_S:g} s.")
    finally:
        await session.close()
    reasons += [f"Plugin {broken.name} is not available." for broken in desk.plugins.broken]
    return Health(serves=True, line=f"degraded: {' '.join(reasons)}" if reasons else "ready")
