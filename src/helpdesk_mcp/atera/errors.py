"""What can go wrong with Atera, sorted by what the caller does next.

    AteraError
    ├── Unavailable      try again later: network, 5xx, timeouts, unreadable answers; nothing was changed
    ├── Throttled        wait: Atera refused the request for its rate, and the wait was longer than we may
    ├── BadCredentials   give another key: missing, wrong or expired
    ├── Forbidden        give the key another permission
    ├── Rejected         change the request: Atera says what it does not like about it
    │   └── NotFound     ask for another thing: the list asked for does not exist
    ├── WriteUnknown     read back: the write was sent, and nobody knows whether it happened
    └── BadAnswer        tell us: readable JSON in a shape, or a paging, that Atera does not document

Each message is a sentence for the person at the end, and never holds the key.
"""

from datetime import datetime


class AteraError(Exception):
    """Atera could not do what was asked."""


class Unavailable(AteraError):
    """Atera did not give a usable answer in time; nothing was changed by this call."""


class Throttled(AteraError):
    """Atera kept refusing for too many requests. `retry_after_s` is its own wish, if it gave one."""

    def __init__(self, message: str, *, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class BadCredentials(AteraError):
    """The key is missing, wrong or expired. `expired_at` (UTC) is what the key says about itself, if anything."""

    def __init__(self, message: str, *, expired_at: datetime | None = None) -> None:
        super().__init__(message)
        self.expired_at = expired_at


class Forbidden(AteraError):
    """The key is good, but may not do this. `domain` is Atera's name of the permission, where we know it."""

    def __init__(self, message: str, *, domain: str | None = None) -> None:
        super().__init__(message)
        self.domain = domain


class Rejected(AteraError):
    """Atera understood the request and refused it. `status` is the HTTP status, `said` its own words (may be empty)."""

    def __init__(self, message: str, *, status: int, said: str) -> None:
        super().__init__(message)
        self.status = status
        self.said = said


class NotFound(Rejected):
    """Atera knows no such list. A single record that is not there is no error: `get` returns None for it."""


class WriteUnknown(AteraError):
    """A write was sent and its outcome was lost. Read the record back before sending anything again."""

    def __init__(self, message: str, *, method: str, path: str) -> None:
        super().__init__(message)
        self.method = method
        self.path = path


class BadAnswer(AteraError):
    """Atera's answer contradicts its own documentation, so that going on would store wrong data."""
