"""Memory as people name it: the fitted size. The inventory has what Windows can use of it, always somewhat less."""

from bisect import bisect_left, bisect_right

MIB = 1024
SIZES = (1, 2, 3, 4, 6, 8, 10, 12, 16, 20, 24, 28, 32, 40, 48, 64, 80, 96, 128, 160, 192, 256, 384, 512, 768, 1024, 1536, 2048, 4096)  # fmt: skip
"""GB that are fitted in one machine or another."""


def fitted_gb(usable_mb: int) -> int:
    """Return the fitted size that leaves so much usable: 8 for 8,065 MB and for 7,100."""
    found = bisect_left(SIZES, usable_mb / MIB)
    return SIZES[min(found, len(SIZES) - 1)]


def above_mb(least_gb: float) -> int:
    """Return the usable MB that a machine with at least `least_gb` fitted is above of."""
    index = bisect_left(SIZES, least_gb)
    return SIZES[index - 1] * MIB if index else 0


def most_mb(most_gb: float) -> int:
    """Return the usable MB that a machine with at most `most_gb` fitted does not exceed."""
    index = bisect_right(SIZES, most_gb)
    return SIZES[index - 1] * MIB if index else 0
