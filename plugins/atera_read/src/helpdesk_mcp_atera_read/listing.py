"""How a page of a longer list becomes an answer: heading, lines, how many there are, how to get the rest."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from helpdesk_mcp.sdk import Answer

from .queries.tickets import MOST_COUNTED


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list is wanted."""

    number: int
    limit: int

    @property
    def offset(self) -> int:
        """Return how many rows come before."""
        return (self.number - 1) * self.limit

    async def total(self, rows: int, count: Callable[[], Awaitable[int]]) -> int:
        """Return how many rows there are in all, counted only where the page does not show it."""
        is_last = rows < self.limit and (rows > 0 or self.number == 1)
        return self.offset + rows if is_last else await count()

    def answer(
        self, heading: str, told: Sequence[str], total: int, notes: Sequence[str], *, is_part: bool = False
    ) -> Answer:
        """Return the lines below their heading; more than `MOST_COUNTED` in `total` means that counting stopped there.

        `is_part` says that not everything was looked at, so that there may be more than `total`.
        """
        return Answer(
            text="\n".join([f"{heading}:", *told]),
            shown=len(told),
            total=min(total, MOST_COUNTED),
            total_is_minimum=is_part or total > MOST_COUNTED,
            more=f"page={self.number + 1}" if self.offset + len(told) < total else None,
            notes=tuple(notes),
        )

    def nothing(self, heading: str, total: int, notes: Sequence[str]) -> Answer:
        """Return that nothing was found, or that the page is past the end."""
        if not total:
            return Answer(text=f"{heading}: none.", notes=tuple(notes))
        pages = -(-min(total, MOST_COUNTED) // self.limit)
        return Answer(
            text=f"{heading}: there is no page {self.number}, the last one is {pages}.", notes=tuple(notes)
        )


def in_words(subject: str, limits: Sequence[str]) -> str:
    """Return a question as a heading: `Open tickets of Jens Holm, overdue`."""
    return ", ".join([" ".join([subject, *limits[:1]]), *limits[1:]])
