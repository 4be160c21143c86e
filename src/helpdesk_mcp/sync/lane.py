"""Records that must be read by a call each, side by side. One that cannot be read does not hold up the others."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from helpdesk_mcp.atera.errors import AteraError, BadCredentials
from helpdesk_mcp.sync.reading import Reading

AT_ONCE = 4
"""Records read side by side. More would gain nothing: the rate limit decides."""
DOUBT = 5
"""So many in a row that cannot be read may mean that Atera is away: it is asked for something that is always there."""
MOST_FAILURES = 25
"""So many in a row mean that it is not the records, though Atera answers: the key may not read them, or their address is broken."""


class Unread(AteraError):
    """Some records could not be read, and all others could."""


@dataclass(slots=True)
class Lane:
    """Reads records by their ids; counts those that were read and keeps why others were not."""

    reading: Reading
    read_one: Callable[[Reading, int], Awaitable[None]]
    what: str
    """What is read, for the sentence about what was not: `conversations`."""
    done: int = 0
    failed: dict[int, AteraError] = field(default_factory=dict[int, AteraError])
    in_a_row: int = 0

    async def read(self, ids: Sequence[int], total: int) -> None:
        """Read some records; raise when Atera is away, or fails for many in a row. `total` is told as the length of the way."""
        turn = asyncio.Semaphore(AT_ONCE)

        async def read(record_id: int) -> None:
            async with turn:
                await self._read_one(record_id)
            self.reading.tell(self.done, total)

        try:
            async with asyncio.TaskGroup() as group:
                for record_id in ids:
                    group.create_task(read(record_id))
        except BaseExceptionGroup as errors:
            # A caller knows what to do with each error, and not with a group.
            raise errors.exceptions[0] from None

    def end(self) -> None:
        """Raise the first error of a record that could not be read, now that the others are."""
        if self.failed:
            record_id, error = next(iter(self.failed.items()))
            raise Unread(
                f"{len(self.failed)} {self.what} could not be read and are tried again, among them that of "
                f"id {record_id}: {error}"
            )

    async def _read_one(self, record_id: int) -> None:
        try:
            await self.read_one(self.reading, record_id)
        except BadCredentials:
            raise
        except AteraError as error:
            self.failed[record_id] = error
            self.in_a_row += 1
            if self.in_a_row == DOUBT:
                await self.reading.client.get("account")
            if self.in_a_row >= MOST_FAILURES:
                raise
        else:
            self.in_a_row = 0
            self.done += 1
