"""Counts of requests: for the whole life of a client, and for one run at a time.

A run is found through a context variable, so that requests of tasks started inside the run count as its own, and those of
another stream at the same moment do not.
"""

import re
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from helpdesk_mcp import metrics

_GUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_NUMBER = re.compile(r"(?<=/)-?\d+(?=/|$)")
_NAMED = re.compile(r"^(customvalues/\w+/\{id\}|agents/machine)/.+$")


def path_template(path: str) -> str:
    """Return the path with its ids taken out: `tickets/90412/comments` becomes `tickets/{id}/comments`."""
    numbered = _NUMBER.sub("{id}", _GUID.sub("{guid}", path.strip("/")))
    return _NAMED.sub(r"\1/{name}", numbered)


@dataclass(slots=True)
class RequestStats:
    """What was sent to Atera and what it cost."""

    requests: int = 0
    """HTTP requests sent, repeated ones included."""
    retries: int = 0
    """Requests that were a second or later attempt."""
    throttled: int = 0
    """Answers 429."""
    seconds_waiting: float = 0.0
    """Seconds spent waiting for the rate limit or before another attempt, not for Atera's answers."""
    size_bytes: int = 0
    """Bytes of answers, unpacked."""
    by_path_template: Counter[str] = field(default_factory=Counter[str])


class Ledger:
    """Counts into the client's total and into every run open in the current context."""

    def __init__(self) -> None:
        self.total = RequestStats()

    @contextmanager
    def counting(self) -> Generator[RequestStats]:
        """Yield the counts of what is asked for inside the `with`."""
        run = RequestStats()
        token = _open_runs.set((*_open_runs.get(), (self, run)))
        try:
            yield run
        finally:
            _open_runs.reset(token)

    def sent(self, path: str, *, again: bool) -> None:
        """Count a request that is about to go out."""
        template = path_template(path)
        for stats in self._open():
            stats.requests += 1
            stats.retries += again
            stats.by_path_template[template] += 1

    def answered(self, *, size_bytes: int, throttled: bool) -> None:
        """Count an answer."""
        metrics.ATERA_THROTTLED.inc(throttled)
        for stats in self._open():
            stats.size_bytes += size_bytes
            stats.throttled += throttled

    def waited(self, seconds: float) -> None:
        """Count time in which nothing was asked."""
        metrics.ATERA_WAIT_SECONDS.inc(seconds)
        for stats in self._open():
            stats.seconds_waiting += seconds

    def _open(self) -> Iterator[RequestStats]:
        yield self.total
        yield from (run for ledger, run in _open_runs.get() if ledger is self)


_open_runs: ContextVar[tuple[tuple[Ledger, RequestStats], ...]] = ContextVar("atera_open_runs", default=())
