"""Who asks: known at the edge for each request, handed down with the call, never kept in a module."""

from dataclasses import dataclass
from typing import Literal

Scope = Literal["read", "write", "reach"]
"""What a caller may do: look, change, and change what leaves the building (a mail to a customer)."""

EVERYTHING: frozenset[Scope] = frozenset({"read", "write", "reach"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """One person, or one program that a person gave a token."""

    person: str
    """Stable for as long as the person is: codes are bound to it, and the journal names it."""
    engineer: str | None
    """Name or mail address in Atera, for "me" and for what is written in their name; None: unknown."""
    scopes: frozenset[Scope] = EVERYTHING
