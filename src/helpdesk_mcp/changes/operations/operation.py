"""What an operation is: how it is sent, and how its effect is recognised afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy.ext.asyncio import AsyncEngine

from helpdesk_mcp.atera import AteraClient

Arguments = Mapping[str, Any]
Before = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Outside:
    """What an operation reaches: Atera, and the local copy that stores what is read back."""

    client: AteraClient
    engine: AsyncEngine


@dataclass(frozen=True, slots=True)
class Found:
    """The effect of an operation, as Atera shows it."""

    id: int | None = None
    """Id of the record that was made, where one was."""
    remark: str = ""
    """A sentence where Atera shows something else than was sent."""


class Operation(Protocol):
    """One kind of call. All raise AteraError and StoreUnavailable; ValueError for an answer that cannot be read."""

    shows_at_once: bool
    """Whether an accepted call whose effect cannot be seen was ignored, and not only slow to show."""

    async def before(self, outside: Outside, arguments: Arguments) -> dict[str, Any]:
        """Return what has to be known to tell the effect from what was there already; goes into the journal."""
        ...

    async def send(self, outside: Outside, arguments: Arguments) -> int | None:
        """Make the one call; return the id that Atera gives."""
        ...

    async def find(self, outside: Outside, arguments: Arguments, before: Before) -> Found | None:
        """Read from Atera whether the effect is there, storing what was read; None when it is not."""
        ...


def as_id(action_id: str | None) -> int | None:
    """Return the id in Atera's answer to a write, which is a string; None where there is none."""
    return int(action_id) if action_id is not None and action_id.isdecimal() else None
