"""What to do next: open tickets sorted into heaps, each ticket in the first one that fits."""

from collections.abc import Sequence
from datetime import timedelta

from helpdesk_mcp.sdk import Call

from . import lines
from .queries.tickets import TicketRow

_SOON = timedelta(hours=24)
_QUIET = timedelta(days=5)
_URGENT = {"High", "Critical"}
HEAPS = (
    "Overdue",
    "The requester wrote last and waits for us",
    "Due within 24 hours",
    "High or critical priority",
    "No activity for 5 days",
    "The rest",
)


def heaps(rows: Sequence[TicketRow], call: Call) -> dict[str, list[TicketRow]]:
    """Return the tickets by heap, the most urgent heap first; empty heaps are left out."""
    sorted_: dict[str, list[TicketRow]] = {heap: [] for heap in HEAPS}
    for row in rows:
        sorted_[_heap(row, call)].append(row)
    return {heap: found for heap, found in sorted_.items() if found}


def _heap(row: TicketRow, call: Call) -> str:
    fits = (
        bool(lines.late(row, call.now)),
        _awaits_us(row),
        row.due_at is not None and row.due_at - call.now < _SOON,
        row.priority in _URGENT,
        call.now - row.active_at > _QUIET,
        True,
    )
    return HEAPS[fits.index(True)]


def _awaits_us(row: TicketRow) -> bool:
    theirs, ours = row.last_contact_comment_at, row.last_technician_comment_at
    return theirs is not None and (ours is None or theirs > ours)
