"""Rules as data: a pattern in a name, and what it means. The first that matches decides."""

import re
from collections.abc import Callable, Sequence
from typing import TypeAlias

from .verdict import Verdict

Rule: TypeAlias = tuple[re.Pattern[str], Callable[[re.Match[str]], Verdict]]


def first(rules: Sequence[Rule], name: str) -> Verdict | None:
    """Return the verdict of the first rule whose pattern is in the name, or None."""
    for pattern, verdict in rules:
        if found := pattern.search(name):
            return verdict(found)
    return None
