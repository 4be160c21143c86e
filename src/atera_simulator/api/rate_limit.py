"""The account's rate limit: a sliding minute shared by every caller."""

import math
from collections import deque

WINDOW_S = 60.0


class RateLimit:
    """At most `per_minute` calls in any 60 seconds; None lifts the limit."""

    def __init__(self, per_minute: int | None) -> None:
        self.per_minute = per_minute
        self._admitted: deque[float] = deque()

    def wait_s(self, now_s: float) -> int | None:
        """Admit a call at this monotonic second and return None, or return the whole seconds to wait."""
        if self.per_minute is None:
            return None
        while self._admitted and self._admitted[0] <= now_s - WINDOW_S:
            self._admitted.popleft()
        if len(self._admitted) < self.per_minute:
            self._admitted.append(now_s)
            return None
        return max(1, math.ceil(self._admitted[0] + WINDOW_S - now_s))
