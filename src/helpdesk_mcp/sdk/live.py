"""Reads that go to Atera itself at this moment, because no copy of their answer is kept."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from .errors import Refused


@dataclass(frozen=True, slots=True)
class Patch:
    """One update of a machine, installed or not."""

    name: str
    kb: str
    """Microsoft's number, such as KB5099001; "" where Atera gives none."""
    category: str
    """Atera's classification, such as Security Updates."""
    status: str
    """Atera's word for an update that is not installed; "" for one that is."""
    installed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Patches:
    """The updates of one machine, as its agent last reported them."""

    installed: tuple[Patch, ...]
    available: tuple[Patch, ...]
    reported_at: datetime | None


class LiveReads(Protocol):
    """What a tool may ask of Atera directly. Slow (a second or more), rate-limited, and gone when Atera is away."""

    async def patches(self, device_guid: str) -> Patches:
        """Return the updates of a machine.

        Raises:
            Unavailable: Atera does not answer.
            Refused: this server has no token for Atera.
        """
        ...


class NoLiveReads:
    """Stands in where the server has no token for Atera."""

    async def patches(self, device_guid: str) -> Patches:  # noqa: ARG002 - the protocol's
        """Refuse, with what to do."""
        raise Refused(
            "This server has no Atera token, so it cannot look this up: set HELPDESK_ATERA_TOKEN for it too."
        )
