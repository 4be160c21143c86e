"""Single values: what Atera means by the texts it sends for nothing, and names in parts."""

from datetime import date, datetime
from typing import TypeVar

T = TypeVar("T")


def needed(value: T | None, field: str) -> T:
    """Return a value that a row cannot do without. ValueError names the field."""
    if value is None:
        raise ValueError(f"{field} is empty")
    return value


def person_name(name: str | None) -> str | None:
    """Return a name, or None for what Atera writes where nobody is meant: nothing, blanks or a dot."""
    stripped = (name or "").strip()
    return stripped if stripped.strip(".") else None


def joined(*parts: str | None) -> str | None:
    """Return the parts that hold something, with a space between them; None when none does."""
    return " ".join(part.strip() for part in parts if part and part.strip()) or None


def day(moment: datetime | None) -> date | None:
    """Return the day as Atera wrote it, without turning it to another zone."""
    return None if moment is None else moment.date()


def whole(number: float | None) -> int | None:
    """Return the nearest integer."""
    return None if number is None else round(number)
