"""A worker that is started before its database: it waits, and says so, instead of being started over and over."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from helpdesk_mcp.store.engines import StoreUnavailable

T = TypeVar("T")

AGAIN_S = 5.0

_log = logging.getLogger(__name__)


class Patience:
    """Waits for one database until it can be used, or until the worker is told to stop."""

    def __init__(self, stop: asyncio.Event, again_s: float = AGAIN_S) -> None:
        self._stop = stop
        self._again_s = again_s
        self.trouble: str | None = None
        """Why it still waits, in a sentence."""

    async def until_done(self, work: Callable[[], Awaitable[T]]) -> T | None:
        """Do what needs the database as soon as it answers, and return what that gave; None after a stop."""
        while not self._stop.is_set():
            try:
                done = await work()
            except StoreUnavailable as error:
                self._tell(str(error))
            else:
                self.trouble = None
                return done
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), self._again_s)
        return None

    def _tell(self, trouble: str) -> None:
        if trouble != self.trouble:
            _log.warning("waiting_for_database reason=%r", trouble)
        self.trouble = trouble
