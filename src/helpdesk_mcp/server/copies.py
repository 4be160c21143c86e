"""Which database answers: the copy for questions, or the one in which changes are written.

A copy is behind by as much as it is behind. Whoever changes something prepares that on the database itself, and goes on reading
there for a while, so that a change is visible in the next answer. Each process remembers for itself whom it served.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncEngine

from helpdesk_mcp.sdk import Effect, ReadSession
from helpdesk_mcp.store.engines import READERS

OWN_WORDS = timedelta(seconds=60)
"""How long somebody who has changed something reads on the database itself: much longer than a copy is usually behind."""
OF_THE_COPY = "HELPDESK_READ_DATABASE_URL"
_Opened = Callable[[], Awaitable[AsyncEngine]]


@dataclass(frozen=True, slots=True)
class Copies:
    """The database, and the copy for questions, if there is one."""

    database: _Opened
    replica: _Opened | None
    _changed: dict[str, datetime] = field(default_factory=dict[str, datetime], init=False)
    """By person: when they last called a tool that changes something."""
    _turns: tuple[asyncio.Semaphore, asyncio.Semaphore] = field(
        default_factory=lambda: (asyncio.Semaphore(READERS), asyncio.Semaphore(READERS)), init=False
    )
    """At the database, and at the copy."""

    def session(self, person: str, effect: Effect, now: datetime) -> ReadSession:
        """Return where a call reads; one that changes something is remembered."""
        at_database = ReadSession(self.database, turns=self._turns[0])
        if self.replica is None:
            return at_database
        if effect != "read":
            recent = {who: at for who, at in self._changed.items() if now - at < OWN_WORDS}
            self._changed.clear()
            self._changed.update({**recent, person: now})
        at = self._changed.get(person)
        if at is not None and now - at < OWN_WORDS:
            return at_database
        return ReadSession(self.replica, OF_THE_COPY, self._turns[1])
