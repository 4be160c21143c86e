"""Who asks: known at the edge for each request, handed down with the call, never kept in a module."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

Scope = Literal["read", "write", "reach"]
"""What a caller may do: look, change, and change what leaves the building (a mail to a customer)."""

LADDER: tuple[Scope, ...] = ("read", "write", "reach")
"""Each includes those before it: who may write to a customer may change a ticket, and who may change it may see it."""

EVERYTHING: frozenset[Scope] = frozenset(LADDER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """One person, or one program that a person gave a token."""

    person: str
    """Stable for as long as the person is: codes are bound to it, and the journal names it."""
    engineer: str | None
    """Name or mail address in Atera, for "me" and for what is written in their name; None: unknown."""
    scopes: frozenset[Scope] = EVERYTHING


def with_lower(scopes: Collection[str]) -> frozenset[Scope]:
    """Return these scopes and all that they include; words that are no scope count for nothing."""
    highest = max((LADDER.index(scope) for scope in LADDER if scope in scopes), default=-1)
    return frozenset(LADDER[: highest + 1])
