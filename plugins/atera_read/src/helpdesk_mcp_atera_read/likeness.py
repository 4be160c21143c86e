"""What makes two tickets alike: the rare words they share."""

import itertools
import math
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from .queries.similar import MOST_COMMON

MOST_WORDS = 16
_SHORTEST, _LONGEST = 3, 40
_SHORTEST_NUMBER = 4
_WORD = re.compile(r"[^\W_]+")
_PAIRED = 4
_NEAR_BEST = 0.4
"""Of the best one's weight: below it a record shares too little to be called like it."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """One record that shares words with the text."""

    id: int
    words: tuple[str, ...]
    """The shared words, the rarest first."""


def telling(lexemes: Iterable[str], names: Iterable[str | None]) -> list[str]:
    """Return the words that may tell what a text is about: not too short, no plain punctuation, and nobody's name."""
    of_people = {word.lower() for name in names if name for word in _WORD.findall(name)}
    return [word for word in lexemes if _tells(word) and word not in of_people][:MOST_WORDS]


def _tells(word: str) -> bool:
    shortest = _SHORTEST_NUMBER if word.isdecimal() else _SHORTEST
    return word.isalnum() and shortest <= len(word) <= _LONGEST


def pairs(common: Collection[str], words: Sequence[str]) -> list[str]:
    """Return pairs of words, each of which is too common alone: `printer offline` is rarer than its parts."""
    first = list(dict.fromkeys(word for word in words if word in common))[:_PAIRED]
    return [f"{one} {other}" for one, other in itertools.combinations(first, 2)]


def rank(holders: Mapping[str, Sequence[int]], first: frozenset[str], limit: int) -> list[Likeness]:
    """Return the records that share most, best first; a word weighs more the rarer it is, and twice where it is in `first`.

    One shared word is not enough where the text has several.
    """
    weights = {
        word: math.log(2 * MOST_COMMON / len(ids)) * (2 if word in first else 1)
        for word, ids in holders.items()
    }
    shared: dict[int, list[str]] = defaultdict(list)
    for word in sorted(weights, key=lambda word: (-weights[word], word)):
        for id_ in holders[word]:
            shared[id_].append(word)
    needed = min(2, len(holders))
    scores = {
        id_: sum(weights[word] for word in words) for id_, words in shared.items() if len(words) >= needed
    }
    best = sorted(scores, key=lambda id_: (-scores[id_], -id_))[:limit]
    return [Likeness(id_, tuple(shared[id_])) for id_ in best if scores[id_] >= _NEAR_BEST * scores[best[0]]]
