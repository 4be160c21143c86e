"""When to try again, and when to stop: attempts, growing delays with jitter, and a budget of seconds for each call.

Reads are repeated after everything that may pass; writes only after a 429, where Atera refused before doing anything.
The budget holds against a server that answers each time and each time late: without it one call may hang for hours.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime


class PassingTrouble(Exception):
    """A failure that may be gone at the next attempt. `reason` continues a sentence that ends in "because"."""

    def __init__(
        self, reason: str, *, sent: bool = True, throttled: bool = False, wants_s: float | None = None
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.sent = sent
        """False when the request surely never left, so that a write can be said not to have happened."""
        self.throttled = throttled
        self.wants_s = wants_s
        """Seconds from Retry-After."""


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How patient a call is. Delays double from `first_delay_s` up to `longest_delay_s`, halved at most by jitter."""

    attempts: int = 5
    budget_s: float = 90.0
    """Seconds a call may spend in requests and delays; its place in the rate limit's queue is not counted."""
    first_delay_s: float = 0.5
    longest_delay_s: float = 20.0
    jitter: Callable[[], float] = random.random


@dataclass(slots=True)
class Effort:
    """What one call has spent so far."""

    policy: RetryPolicy
    tried: int = 0
    spent_s: float = 0.0
    last: PassingTrouble | None = field(default=None, repr=False)

    def delay_after(self, trouble: PassingTrouble) -> float | None:
        """Return the seconds to wait before the next attempt, already charged; None when the call must give up."""
        self.last = trouble
        delay = min(max(self._backoff(), trouble.wants_s or 0.0), self.policy.budget_s)
        if self.tried >= self.policy.attempts or self.spent_s + delay > self.policy.budget_s:
            return None
        self.spent_s += delay
        return delay

    def _backoff(self) -> float:
        doubled = self.policy.first_delay_s * 2 ** (self.tried - 1)
        return min(doubled, self.policy.longest_delay_s) * (0.5 + self.policy.jitter() / 2)


def retry_after_s(header: str | None, now: datetime) -> float | None:
    """Return the seconds a Retry-After asks for: whole seconds (Atera's form) or an HTTP date; None if unreadable."""
    if header is None:
        return None
    if header.strip().isdecimal():
        return float(header)
    try:
        return max(0.0, (parsedate_to_datetime(header) - now).total_seconds())
    except (ValueError, TypeError):
        return None
