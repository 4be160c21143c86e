"""One line of the doctor's result."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "warning", "problem"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, how it is, and what to do next (empty where nothing is to be done)."""

    check: str
    level: Level
    text: str
    then: str = ""


def ok(check: str, text: str) -> Finding:
    """Return a finding that needs nothing."""
    return Finding(check, "ok", text)


def warning(check: str, text: str, then: str = "") -> Finding:
    """Return a finding that stops nothing, or not yet."""
    return Finding(check, "warning", text, then)


def problem(check: str, text: str, then: str = "") -> Finding:
    """Return a finding that stops something from working."""
    return Finding(check, "problem", text, then)
