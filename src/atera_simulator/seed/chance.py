"""Draws with a weight, and streams of randomness that do not disturb each other."""

from random import Random
from uuid import UUID


def stream(seed: int, size: str, name: str) -> Random:
    """Return the random stream of one part of the world: adding a draw to one part leaves the others as they were."""
    return Random(f"{seed}/{size}/{name}")


def likely(rng: Random, share: float) -> bool:
    """Return True in about `share` (0 to 1) of the calls."""
    return rng.random() < share


def guid(rng: Random) -> str:
    """Return a random UUID as text."""
    return str(UUID(int=rng.getrandbits(128), version=4))


def apportion(total: int, weights: list[int]) -> list[int]:
    """Split `total` by weight into whole numbers of at least 1 that sum to `total` (which is at least their count)."""
    spare = total - len(weights)
    whole = sum(weights)
    shares = [1 + spare * weight // whole for weight in weights]
    for index in range(total - sum(shares)):
        shares[index % len(shares)] += 1
    return shares
