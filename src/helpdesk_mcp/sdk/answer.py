"""What a tool gives back: a text for a person or a model, and what the core must say beneath it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One compact text. The core adds a last line with the counts, the way to the rest and the age of the data."""

    text: str
    shown: int | None = None
    """Rows in `text`, where it is a list."""
    total: int | None = None
    """Rows that exist, shown or not."""
    total_is_minimum: bool = False
    """The count stopped at `total`: there are at least that many."""
    more: str | None = None
    """What to call for the rest, for example `page=2`; None when all is shown."""
    notes: tuple[str, ...] = ()
    """Sentences about limits and doubts: a cut-off, a name that was taken for another, hidden text."""
