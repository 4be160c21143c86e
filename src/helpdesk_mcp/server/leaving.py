"""The end of a server: calls in flight get a few seconds, new ones are refused, and everybody is told in a sentence.

Docker and service managers kill after ten seconds, so all of it together takes less.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager, contextmanager

CALLS_S = 5.5
"""Seconds that calls get to end by themselves; those that have not are answered with a sentence."""
ALL_S = 7.0
"""Seconds for answers to be sent and for changes under way, counted from the same moment."""
LEAST_S = 0.5
"""What each part of the end gets at least, when the parts before it were slow."""
_LOOK_S = 0.05
BACK_S = 10
"""When a client may try again: about as long as a restart takes."""


class Leaving(Exception):
    """A call cannot be served, or not be finished, because the server stops; the message is fit for the caller."""


class Departure:
    """Whether a server is about to end, and what it still waits for. One for a server; used on its event loop only."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._began: float | None = None
        self._limits: set[asyncio.Timeout] = set()
        self._exchanges = 0

    @property
    def has_begun(self) -> bool:
        """Whether new calls are refused."""
        return self._began is not None

    @property
    def is_due(self) -> bool:
        """Whether it has begun and nothing is left to wait for: every call is answered, or time is up."""
        return self.has_begun and (not (self._limits or self._exchanges) or self._elapsed_s >= ALL_S)

    @property
    def left_s(self) -> float:
        """Seconds for what comes after the calls."""
        return max(LEAST_S, ALL_S - self._elapsed_s)

    def begin(self) -> None:
        """Stop taking calls, and limit those in flight. A second time changes nothing."""
        if self._began is not None:
            return
        self._began = self._clock()
        until = asyncio.get_running_loop().time() + CALLS_S
        for limit in self._limits:
            limit.reschedule(until)

    @asynccontextmanager
    async def call(self) -> AsyncGenerator[None]:
        """Carry a call out.

        Raises:
            Leaving: the server stops, and the call was not begun or not finished.
        """
        if self.has_begun:
            raise Leaving(f"The server is stopping: nothing was done. Try again in {BACK_S} seconds.")
        limit = asyncio.timeout(None)
        self._limits.add(limit)
        try:
            async with limit:
                yield
        except TimeoutError as late:
            if not limit.expired():
                raise
            raise Leaving(
                "The server is stopping, and this call took too long to be finished before. What was only read can be asked again in "
                f"{BACK_S} seconds; of a change, recent_changes then tells how far it came."
            ) from late
        finally:
            self._limits.discard(limit)

    def arrived(self) -> None:
        """Count a request that has to be answered before the end; `answered` is called for each."""
        self._exchanges += 1

    def answered(self) -> None:
        """Count a request whose answer has left, or that nobody waits for any more."""
        self._exchanges -= 1

    @contextmanager
    def exchange(self) -> Generator[None]:
        """Count what happens inside: a request from its arrival to the last byte of its answer."""
        self.arrived()
        try:
            yield
        finally:
            self.answered()

    async def wait(self) -> None:
        """Return when it is due."""
        while not self.is_due:  # noqa: ASYNC110 - what it waits for ends in several places, or by the clock
            await asyncio.sleep(_LOOK_S)

    @property
    def _elapsed_s(self) -> float:
        return 0.0 if self._began is None else self._clock() - self._began
