"""The core's desk for changes: where they are proposed, decided, carried out and looked up. Plugins see it as `call.changes`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol, cast

from .caller import Caller
from .change import Change
from .errors import Refused

State = Literal["waiting", "expired", "declined", "running", "interrupted", "failed", "done"]
"""waiting: for a yes; interrupted: the server died in the middle; failed: some step was refused or is unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A change that waits for a yes."""

    id: int
    code: str
    """Confirms it once, within minutes, for the person who asked for it."""
    preview: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepReport:
    """What became of one step."""

    says: str
    outcome: Literal["not started", "done", "refused", "unknown", "absent", "running"]
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A change as the journal has it."""

    id: int
    title: str
    person: str
    tool: str
    created_at: datetime
    decided_at: datetime | None
    state: State
    steps: tuple[StepReport, ...]
    ticket_ids: tuple[int, ...]
    undoes: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """How far the asking has come in a call that the client repeats with each answer."""

    answers: dict[str, Any]
    """By argument."""
    rounds: int
    """Questions asked so far."""
    change_id: int | None = None
    """The proposal that waits for a yes."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A price at which time may be booked."""

    id: int
    name: str
    amount: float


class Changes(Protocol):
    """Raises `ToolFailure`s with sentences for the caller; nothing in it belongs to a single caller."""

    async def close(self, patience_s: float) -> None:
        """Let changes under way end, within so many seconds; called once, by the server."""
        ...

    async def refresh(self, ticket_ids: Sequence[int]) -> None:
        """Read these tickets from Atera into the local copy now, so that a preview tells the present."""
        ...

    async def rates(self) -> Sequence[Rate]:
        """Return the rates of the account, from Atera."""
        ...

    async def propose(self, caller: Caller, tool: str, change: Change) -> Proposal:
        """Record a change that waits for a yes; refused where the deployment or the caller's scopes do not allow it."""
        ...

    async def decide(self, caller: Caller, change_id: int, *, yes: bool) -> str:
        """Carry a proposal out or put it away; return what was done, step by step."""
        ...

    async def confirm(self, caller: Caller, code: str) -> str:
        """Carry out what a code stands for, or finish the interrupted change of that number; return what was done."""
        ...

    async def recent(self, caller: Caller, *, everyone: bool, ticket_id: int | None) -> Sequence[Recorded]:
        """Return the newest changes: the caller's or everyone's, all or those of one ticket."""
        ...

    async def reverse(self, caller: Caller, change_id: int) -> Change:
        """Return the change that takes another one back; refused, with the reason, where that cannot be done."""
        ...

    async def save_draft(self, caller: Caller, tool: str, sent: dict[str, Any], draft: Draft) -> str:
        """Keep a half-filled form for a client that repeats its call; return the secret by which it comes back."""
        ...

    async def draft(self, caller: Caller, tool: str, sent: dict[str, Any], secret: str) -> Draft:
        """Return what was kept; refused for another person, tool or call."""
        ...


class _NoChanges:
    async def close(self, _patience_s: float) -> None:
        """Nothing was opened."""

    def __init__(self, reason: str) -> None:
        self._reason = reason

    def __getattr__(self, name: str) -> Any:
        raise Refused(self._reason)


def no_changes(reason: str = "This server only reads: changes are switched off.") -> Changes:
    """Return what stands in where nothing can be changed: it refuses whatever is asked for, with the reason."""
    return cast("Changes", _NoChanges(reason))
