"""The rate limit: one token bucket for all tasks of the process, with a fast lane for people who wait.

Atera throttles per account and publishes no number, so the rate is a setting, and each 429 teaches: the whole bucket stops
for as long as Atera asks, then runs at half speed for ten minutes.
Why a queue of our own: a lock serves in order of arrival, and a person's write would stand behind 1,000 calls of a back-fill.
"""

import asyncio
from heapq import heapify, heappop, heappush
from itertools import count

from helpdesk_mcp.atera.clock import Clock

SLOW_FOR_S = 600.0
"""Seconds at half speed after a 429."""


class TokenBucket:
    """Lets `requests_per_minute` requests through, `burst` of them at once after a rest."""

    def __init__(self, requests_per_minute: float, burst: int, clock: Clock) -> None:
        if requests_per_minute <= 0 or burst < 1:
            raise ValueError("The rate limit needs more than 0 requests a minute and a burst of 1 or more.")
        self._per_second = requests_per_minute / 60
        self._burst = float(burst)
        self._clock = clock
        self._tokens = self._burst
        self._filled_at = clock.monotonic()
        self._slow_until = self._filled_at
        self._queue: list[tuple[int, int, asyncio.Future[None]]] = []
        self._arrivals = count()
        self._server: asyncio.Task[None] | None = None

    async def take(self, *, urgent: bool = False) -> float:
        """Wait for permission to send one request; return the seconds waited. Urgent ones go before all others."""
        arrived = self._clock.monotonic()
        if not self._queue and self._try_take():
            return 0.0
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heappush(self._queue, (0 if urgent else 1, next(self._arrivals), turn))
        self._server = self._server or asyncio.create_task(self._serve())
        try:
            await turn
        except asyncio.CancelledError:
            self._leave(turn)
            raise
        return self._clock.monotonic() - arrived

    def throttled(self, pause_s: float) -> None:
        """Stop everybody for `pause_s` seconds, then go at half speed for ten minutes."""
        resumes_at = self._clock.monotonic() + pause_s
        self._tokens = 0.0
        self._filled_at = max(self._filled_at, resumes_at)
        self._slow_until = max(self._slow_until, resumes_at + SLOW_FOR_S)

    def close(self) -> None:
        """Stop serving; whoever still waits is cancelled."""
        if self._server is not None:
            self._server.cancel()
            self._server = None
        for _, _, turn in self._queue:
            turn.cancel()

    async def _serve(self) -> None:
        """Hand out turns until nobody waits. One sleeper for all, so that an urgent arrival takes the very next turn."""
        while self._queue:
            if not self._try_take():
                await self._clock.sleep(self._seconds_to_next())
                continue
            turn = heappop(self._queue)[2]
            if turn.cancelled():  # its task has not run yet to take it out
                self._tokens += 1
            else:
                turn.set_result(None)
        self._server = None

    def _leave(self, turn: asyncio.Future[None]) -> None:
        """Take a cancelled waiter out; a turn it had already been given goes back."""
        if turn.done() and not turn.cancelled():
            self._tokens = min(self._burst, self._tokens + 1)
            return
        self._queue = [entry for entry in self._queue if entry[2] is not turn]
        heapify(self._queue)
        if not self._queue and self._server is not None:
            self._server.cancel()
            self._server = None

    def _try_take(self) -> bool:
        self._fill()
        if self._tokens < 1 - 1e-9:  # a sleep of exactly one interval must be enough in spite of rounding
            return False
        self._tokens -= 1
        return True

    def _fill(self) -> None:
        now = self._clock.monotonic()
        if now <= self._filled_at:  # paused
            return
        gained = (now - self._filled_at) * self._speed(now)
        self._tokens = min(self._burst, self._tokens + gained)
        self._filled_at = now

    def _seconds_to_next(self) -> float:
        now = self._clock.monotonic()
        paused_for = max(0.0, self._filled_at - now)
        return paused_for + (1 - self._tokens) / self._speed(now)

    def _speed(self, now: float) -> float:
        return self._per_second / 2 if now < self._slow_until else self._per_second
