"""How often: counts kept in this process's memory, so several processes behind a balancer each allow as much."""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

GUESSES = 20
"""Different wrong credentials that one address may show within `WINDOW_S`."""
WINDOW_S = 60.0
_MOST = 10_000

Kept = TypeVar("Kept")
Clock = Callable[[], float]


class _Newest(Generic[Kept]):
    """A bounded memory: whoever was not heard of for longest is forgotten first."""

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._kept: OrderedDict[str, Kept] = OrderedDict()

    def get(self, key: str) -> Kept | None:
        return self._kept.get(key)

    def put(self, key: str, value: Kept) -> None:
        self._kept[key] = value
        self._kept.move_to_end(key)
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)


class Pace:
    """A ceiling for each caller: a minute's worth at once, and then as fast as a minute's worth comes in."""

    def __init__(self, per_minute: int, clock: Clock = time.monotonic) -> None:
        self._ceiling = float(per_minute)
        self._per_second = per_minute / 60
        self._clock = clock
        self._left: _Newest[tuple[float, float]] = _Newest()
        """By caller: what was left, and when."""

    def wait_s(self, caller: str) -> int:
        """Count a request, and return 0; or the whole seconds after which the next one is taken."""
        now = self._clock()
        left, since = self._left.get(caller) or (self._ceiling, now)
        left = min(self._ceiling, left + (now - since) * self._per_second)
        taken = left >= 1
        self._left.put(caller, (left - 1 if taken else left, now))
        return 0 if taken else max(1, math.ceil((1 - left) / self._per_second))


class Guesses:
    """Wrong credentials by address. The same one over and over is a forgotten client and counts once; different ones are guesses."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._wrong: _Newest[dict[str, float]] = _Newest()
        """By address: the hash of each wrong credential, and when it was first shown."""

    def wait_s(self, address: str) -> int:
        """Return the whole seconds after which this address may try again; 0: now."""
        wrong = self._recent(address)
        return math.ceil(min(wrong.values()) + WINDOW_S - self._clock()) if len(wrong) >= GUESSES else 0

    def wrong(self, address: str, credential_hash: str) -> bool:
        """Count a wrong credential; return whether it is a new one."""
        wrong = self._recent(address)
        is_new = credential_hash not in wrong
        if is_new and len(wrong) < GUESSES:
            self._wrong.put(address, {**wrong, credential_hash: self._clock()})
        return is_new

    def _recent(self, address: str) -> dict[str, float]:
        oldest = self._clock() - WINDOW_S
        return {shown: at for shown, at in (self._wrong.get(address) or {}).items() if at > oldest}
