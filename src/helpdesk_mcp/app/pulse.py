"""Whether a process that nobody talks to still moves: its event loop says so every few seconds, and a thread can tell."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

BEAT_S = 5.0
STILL_S = 60.0
"""Without a beat for so long the loop hangs: no step of the sync keeps it busy for a tenth of that."""


class Pulse:
    """The beats of one event loop, and what else it has to say."""

    def __init__(
        self, trouble: Callable[[], str | None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._trouble = trouble
        self._clock = clock
        self._last = clock()

    @asynccontextmanager
    async def beating(self) -> AsyncGenerator[None]:
        """Beat while the block runs."""
        beats = asyncio.create_task(self._beat())
        try:
            yield
        finally:
            beats.cancel()
            await asyncio.gather(beats, return_exceptions=True)

    def alive(self) -> tuple[bool, str]:
        """Return whether the loop moves, and its state in one line. Safe to call from any thread."""
        still = self._clock() - self._last
        if still > STILL_S:
            return False, f"stuck: nothing has moved for {still:.0f} s; restart it."
        trouble = self._trouble()
        return True, f"degraded: {trouble}" if trouble else "alive"

    async def _beat(self) -> None:
        while True:
            self._last = self._clock()
            await asyncio.sleep(BEAT_S)
