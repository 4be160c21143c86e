"""What a question needs and the copy lacks: machines whose custom values the sync should read before those of others.

Atera gives these values machine by machine only, so the sync reads them slowly, each machine about once a week. A tool that
had to say "not known" may ask for its machines to be next.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Protocol

MOST = 500
"""Machines that may wait at once: if all come first, none does."""
AGAIN_AFTER = timedelta(minutes=15)
"""Values read since then are not read again, however often somebody asks."""


class WantFacts(Protocol):
    """Asks for the custom values of some machines, most important first; returns at once and never fails."""

    def __call__(self, machine_ids: Iterable[int]) -> bool:
        """Return whether there is anybody to ask."""
        ...


def nobody_reads(machine_ids: Iterable[int]) -> bool:  # noqa: ARG001 - the protocol's
    """Stand in where no request can be recorded."""
    return False
