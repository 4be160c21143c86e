"""Pages: Atera's list envelope, and the guards that keep a walk through a list honest.

Paging goes by `totalPages`, never by `nextLink`: its text is undocumented, and following it would send the key wherever it
points. Lists have no promised order and move while they are read, so a walk that cannot be trusted ends in BadAnswer rather
than in a complete-looking pass: whoever sweeps away what a pass did not show would delete real records.
"""

import hashlib
import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, cast

import orjson

from helpdesk_mcp.atera.errors import BadAnswer
from helpdesk_mcp.atera.transport import Answer

PAGE_SIZE = 50
"""The largest page that Atera's specification of July 2026 allows anywhere. The echoed size is not relied on."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list, as Atera gave it."""

    items: list[dict[str, Any]]
    """Unchecked: `wire.parse` reports rows that are no objects."""
    page: int
    """Counted from 1."""
    total_pages: int
    total_count: int
    requested_at: datetime
    """UTC. A moment before Atera read its data, by Atera's clock where it told its time, else by ours: fit for a watermark."""
    server_date: datetime | None
    """UTC. When Atera stamped the answer, whole seconds."""
    size_bytes: int
    """Bytes of the body, unpacked."""


def read_page(answer: Answer, value: Any, asked: int, path: str) -> Page:
    """Return the page in an answer's JSON. BadAnswer when it is no list envelope or another page than asked for."""
    if not isinstance(value, dict) or not isinstance(cast("dict[str, Any]", value).get("items"), list):
        raise BadAnswer(f"Atera's answer to GET {path} is no list: it has no items. Nothing of it was used.")
    envelope = cast("dict[str, Any]", value)
    page = Page(
        items=envelope["items"],
        page=_number(envelope, "page", asked),
        total_pages=_total_pages(envelope, path),
        total_count=_number(envelope, "totalItemCount", len(envelope["items"])),
        requested_at=_before_reading(answer),
        server_date=_server_date(answer),
        size_bytes=len(answer.body),
    )
    _check(page, asked, path)
    return page


def _check(page: Page, asked: int, path: str) -> None:
    if page.items and page.page != asked:
        raise BadAnswer(
            f"Atera gave page {page.page} of {path} when asked for page {asked}. The pass was not finished."
        )
    if not page.items and asked <= page.total_pages and page.total_count > 0:
        raise BadAnswer(f"Page {asked} of {page.total_pages} of {path} is empty. The pass was not finished.")


def _number(envelope: dict[str, Any], name: str, fallback: int) -> int:
    value = envelope.get(name)
    return value if isinstance(value, int) else fallback


def _total_pages(envelope: dict[str, Any], path: str) -> int:
    """Return totalPages, or what the count and the page size make of it."""
    pages, count, size = (envelope.get(name) for name in ("totalPages", "totalItemCount", "itemsInPage"))
    if isinstance(pages, int):
        return pages
    if isinstance(count, int) and isinstance(size, int) and size > 0:
        return math.ceil(count / size)
    raise BadAnswer(f"Atera does not say how many pages {path} has. Nothing of it was used.")


def _server_date(answer: Answer) -> datetime | None:
    try:
        stamped = parsedate_to_datetime(answer.headers.get("date", ""))
    except (ValueError, TypeError):
        return None
    return stamped.astimezone(UTC) if stamped.tzinfo else stamped.replace(tzinfo=UTC)


def _before_reading(answer: Answer) -> datetime:
    """Return a moment that is surely before the server read its data.

    The Date header is cut to whole seconds and was stamped at most `elapsed_s` after the request left, so the difference is
    on or before the moment of sending, in the clock that Atera's own filters use; how wrong our clock is does not matter.
    """
    stamped = _server_date(answer)
    return answer.sent_at if stamped is None else stamped - timedelta(seconds=answer.elapsed_s)


@dataclass(slots=True)
class Walk:
    """The guards of one pass through a list."""

    path: str
    _most_pages: int | None = None
    _seen: dict[bytes, int] = field(default_factory=dict[bytes, int])

    def check(self, page: Page) -> None:
        """Raise BadAnswer when the list repeats itself, or grows faster than it can be read."""
        if not page.items:
            return
        fingerprint = _fingerprint(page.items)
        earlier = self._seen.setdefault(fingerprint, page.page)
        if earlier != page.page:
            raise BadAnswer(
                f"Pages {earlier} and {page.page} of {self.path} hold the same records: Atera repeats itself. "
                "The pass was not finished."
            )
        if self._most_pages is None:
            # New records lengthen a list while it is read; to double in one pass it would have to be no real list.
            self._most_pages = 2 * page.total_pages + 10
        if page.total_pages > self._most_pages:
            raise BadAnswer(
                f"{self.path} grew to {page.total_pages} pages while it was read. The pass was not finished."
            )


def _fingerprint(items: Iterable[Any]) -> bytes:
    return hashlib.blake2b(orjson.dumps(list(items)), digest_size=16).digest()
