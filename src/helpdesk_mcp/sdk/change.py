"""What a tool with effect `write` or `reach` returns: data that says what would be sent.

A write tool sends nothing and asks nobody. It returns a `Change`, which the core shows to the person, records, sends step by
step and can go on with after a crash; or `Needed`, when it lacks something that only the person knows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class FromStep:
    """Stands where an id belongs that an earlier step of the same change will give; `step` counts from 0."""

    step: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One call to the outside, as data: it must survive a restart between the preview and the call."""

    operation: str
    """One of the core's operations: create_contact, create_ticket, update_ticket, add_comment, log_time."""
    arguments: Mapping[str, Any]
    """The operation's, as JSON can hold them; a `FromStep` for an id that is not known yet."""
    says: str
    """What the step does, as an order without a full stop: `Set the status to Resolved`."""
    ticket_id: int | None = None
    """Ticket that it changes; None: one that does not exist yet, or none."""
    reaches: str | None = None
    """Who outside the house will hear of it, for example a mail address; None: nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """All that one yes allows."""

    title: str
    """What it does, in one line."""
    steps: tuple[Step, ...]
    customer_ids: tuple[int, ...]
    """Customers whose records it touches: the deployment may allow only some."""
    details: tuple[str, ...] = ()
    """Lines of the preview: what will be sent, to whom, what it was before."""
    warnings: tuple[str, ...] = ()
    """Sentences: what cannot be taken back, what looks wrong."""
    undoes: int | None = None
    """Number of the change that it takes back."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer that fits a question."""

    value: str
    """What the argument becomes."""
    label: str = ""
    """What the person reads, where that is more."""

    @property
    def shown(self) -> str:
        """Return what the person reads."""
        return self.label or self.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One thing that is missing: the answer becomes the tool's argument of that name."""

    argument: str
    asks: str
    choices: tuple[Choice, ...] = ()
    """The only answers that fit; empty: any text."""
    kind: Literal["text", "yes_no"] = "text"
    optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """Questions that belong together."""

    title: str
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Needed:
    """What is missing, in the order in which a person would be asked: one form at a time, or all at once in a text."""

    about: str
    """What is being made, with what is known of it so far."""
    forms: tuple[Form, ...]
