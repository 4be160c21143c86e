"""What a stream is: one kind of record, where it is listed, how it is kept up to date and how often."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Table

from helpdesk_mcp.atera.wire.record import Record
from helpdesk_mcp.store.payloads import Row

if TYPE_CHECKING:
    from helpdesk_mcp.sync.reading import Reading

Strategy = Callable[["Reading"], Awaitable[None]]
"""Does one run of a stream. Returning means that the pass is complete; raising means that it is not."""


def _nobody(_record: Any) -> Iterator[Row]:
    yield from ()


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of Atera's records, and the table that holds them."""

    model: type[Record]
    table: Table
    to_row: Callable[[Any], Row]
    """From a record to its columns, without those that every record has."""
    id_field: str
    """Atera's name of the id: names a record that cannot be read."""
    by_id: str | None = None
    """Path below which one record is read by its id, where Atera offers that."""
    secrets: frozenset[str] = frozenset()
    """Fields that are dropped before anything is stored."""
    sightings: Callable[[Any], Iterator[Row]] = _nobody
    """The technicians that a record names, as rows of technician."""


@dataclass(frozen=True, slots=True)
class Stream:
    """One row of the table of streams."""

    name: str
    """A dot separates the second lane of a stream (`tickets.full`) from its first."""
    path: str
    kind: Kind
    strategy: Strategy
    every: timedelta = timedelta(0)
    """Least time between two complete runs; 0: in every cycle."""
    is_background: bool = False
    """Runs between cycles and never in one: a call for each of thousands of records."""
    params: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @property
    def base(self) -> str:
        """The stream whose second lane this is, or its own name."""
        return self.name.split(".")[0]
