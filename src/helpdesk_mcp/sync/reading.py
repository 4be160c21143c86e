"""One run of one stream while it goes on: asks Atera, stores what it gets, counts, and knows when to stop.

Pages are stored some at a time, for a transaction costs more than what most pages hold. Each transaction has everything that
belongs to its pages, where the pass goes on too, so a run may be killed at any moment.
"""

import logging
import random
import time
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from helpdesk_mcp.atera import AteraClient, Page, wire
from helpdesk_mcp.store import quarantine, runs
from helpdesk_mcp.store.quarantine import Refused
from helpdesk_mcp.store.rescue import is_bad_data, upsert_singly
from helpdesk_mcp.store.runs import Counts, Cursor, StreamState
from helpdesk_mcp.store.sweep import Key
from helpdesk_mcp.store.technicians import sighted
from helpdesk_mcp.store.upsert import Outcome, compare, write
from helpdesk_mcp.sync.batch import Batch, read_batch, refuse
from helpdesk_mcp.sync.stream import Stream

_log = logging.getLogger(__name__)

GATHERED_MOST = 2_000
"""Records that are stored at once: more gain little, and all are held in memory."""
GATHERED_S = 5.0
"""Seconds that a page waits for others, at the rate at which Atera gives them; then it is stored with those that are there."""
MOST_RETRIES = 10
"""Records in a run that are asked for again because they could not be stored."""


class Paused(Exception):
    """The run's time is up before its pass is complete; what was stored stays, and the next run goes on from there."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is. `total` is None where nobody knows it."""

    stream: str
    done: int
    """Records or conversations read in this pass."""
    total: int | None
    requests: int
    """Calls to Atera in this run."""


OnProgress = Callable[[Progress], None]


@dataclass(slots=True)
class Asked:
    """A page, and the moment before it was asked for, by the database's clock."""

    page: Page
    at: datetime

    @property
    def watermark(self) -> datetime:
        """From when on a delta must ask next time: by Atera's clock or by ours, whichever is behind.

        A clock that runs ahead for an hour would hide that hour's changes; one that lags only has us read some twice.
        """
        return min(self.page.requested_at, self.at)


@dataclass(slots=True)
class Reading:
    """What a strategy works with. It sets `data_as_of` and `watermark`; the run records them once the pass is complete."""

    client: AteraClient
    engine: AsyncEngine
    stream: Stream
    run_id: int
    state: StreamState
    is_over: Callable[[], bool]
    """Whether a pass that can be resumed should pause now."""
    requests: Callable[[], int] = lambda: 0
    on_progress: OnProgress | None = None
    counts: Counts = field(default_factory=Counts)
    data_as_of: datetime | None = None
    watermark: datetime | None = None
    aside: set[str] = field(default_factory=set[str])
    """Keys of records that could not be stored by earlier runs."""
    refused: set[int] = field(default_factory=set[int])
    """Hashes of records that this run could not store."""
    _noted: set[quarantine.Drift] = field(default_factory=set[quarantine.Drift])
    _gathered: list[Batch] = field(default_factory=list[Batch])
    _gathered_since: float = 0.0
    _cursor: Cursor | None = None

    async def now(self) -> datetime:
        """Return the database's present, and keep the first one as the age of what this run reads."""
        async with self.engine.connect() as connection:
            moment = await runs.clock(connection)
        self.data_as_of = self.data_as_of or moment
        return moment

    async def page(self, number: int, path: str | None = None) -> Asked:
        """Ask for one page of the stream's list, or of another one."""
        at = await self.now()
        return Asked(await self.client.page(path or self.stream.path, self.stream.params, number), at)

    async def pages(self, params: dict[str, Any] | None = None) -> AsyncIterator[Asked]:
        """Yield all pages of the stream's list, in order."""
        at = await self.now()
        async for page in self.client.pages(self.stream.path, {**self.stream.params, **(params or {})}):
            yield Asked(page, at)
            at = await self.now()

    def pause_if_time_is_up(self) -> None:
        """Raise Paused when others should have their turn; for passes that keep a cursor."""
        if self.is_over():
            raise Paused(f"The time of this run is up; the next one goes on with {self.stream.name}.")

    def tell(self, done: int, total: int | None) -> None:
        """Tell the caller how far the pass is."""
        if self.on_progress is not None:
            self.on_progress(Progress(self.stream.name, done, total, self.requests()))

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[AsyncConnection]:
        """Yield a connection whose work is kept as a whole or not at all."""
        async with self.engine.begin() as connection:
            yield connection

    async def store(self, items: Sequence[Any], at: datetime) -> set[Key]:
        """Store some records now; return the keys of all of them, bad ones included."""
        batch = read_batch(self.stream.kind, items, at)
        await self._store([batch], None)
        return batch.keys

    async def gather(self, items: Sequence[Any], at: datetime, *, cursor: Cursor | None = None) -> set[Key]:
        """Take a page, and with it where the pass goes on; return the keys of its records, bad ones included.

        It is stored with others before long: when `flush` is called, or when Atera's trouble or a pause ends the run.
        """
        batch = read_batch(self.stream.kind, items, at)
        now = time.monotonic()
        if not self._gathered:
            self._gathered_since = now
        self._gathered.append(batch)
        self._cursor = cursor or self._cursor
        size = sum(len(one.rows) for one in self._gathered)
        if size >= GATHERED_MOST or now - self._gathered_since >= GATHERED_S:
            await self.flush()
        return batch.keys

    async def flush(self) -> None:
        """Store what was gathered."""
        batches, self._gathered = self._gathered, []
        cursor, self._cursor = self._cursor, None
        if batches:
            await self._store(batches, cursor)

    async def _store(self, batches: Sequence[Batch], cursor: Cursor | None) -> None:
        try:
            outcome, refused = await self._write(batches, cursor)
        except DBAPIError as error:
            if not is_bad_data(error):
                raise
            if len(batches) > 1:
                # Record by record only the page that has the bad one.
                for batch in batches[:-1]:
                    await self._store([batch], None)
                return await self._store(batches[-1:], cursor)
            outcome, refused = await self._write_singly(batches[0], cursor)
        self.refused |= {one.raw_hash for one in refused}
        self.count(outcome, read=sum(batch.size for batch in batches), refused=len(refused))
        return None

    def count(self, outcome: Outcome, *, read: int, refused: int = 0, deleted: int = 0) -> None:
        """Add what became of some records to the run's counts."""
        self.counts.rows_read += read
        self.counts.inserted += outcome.inserted
        self.counts.changed += outcome.changed
        self.counts.unchanged += outcome.unchanged + outcome.stale
        self.counts.quarantined += refused
        self.counts.deleted += deleted

    async def release(self, connection: AsyncConnection, good: set[str]) -> None:
        """Forget that records under these keys could not be stored: now they can, or they are gone."""
        known = self.aside & good
        if known:
            await quarantine.release(connection, self.stream.base, known)
            self.aside -= known

    def some_aside(self) -> list[int]:
        """Return some of the ids that could not be stored, others each time, to be asked for again."""
        ids = sorted(int(key) for key in self.aside if key.isdecimal())
        return random.sample(ids, min(len(ids), MOST_RETRIES))

    async def note_drift(self, connection: AsyncConnection, parsed: wire.Parsed[Any]) -> None:
        """Record fields that differ from our models, once each."""
        drift: Counter[quarantine.Drift] = Counter()
        for name, rows in parsed.unknown_fields.items():
            drift[name, "unknown"] = rows
        for name, rows in parsed.missing_fields.items():
            drift[name, "missing"] = rows
        if drift.keys() <= self._noted:
            return
        new = await quarantine.note_drift(connection, self.stream.base, drift)
        self._noted |= drift.keys()
        for name, kind in sorted(new):
            _log.warning("field_drift stream=%s field=%s kind=%s", self.stream.name, name, kind)

    async def _write(
        self, batches: Sequence[Batch], cursor: Cursor | None
    ) -> tuple[Outcome, Sequence[Refused]]:
        table = self.stream.kind.table
        refused = [one for batch in batches for one in batch.refused]
        # Most pages hold nothing new: then this one question is all, and the transaction never begins on the server.
        async with self.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            comparison = await compare(
                connection, table, (row for batch in batches for row in batch.rows.values())
            )
        async with self.transaction() as connection:
            outcome = await write(connection, table, comparison)
            await self._beside(connection, batches, outcome, refused, cursor)
        return outcome, refused

    async def _write_singly(self, batch: Batch, cursor: Cursor | None) -> tuple[Outcome, Sequence[Refused]]:
        async with self.transaction() as connection:
            outcome, failed = await upsert_singly(connection, batch.kind.table, batch.rows.values())
            refused = batch.refused + [refuse(batch.kind, row["raw"], reason) for row, reason in failed]
            await self._beside(connection, [batch], outcome, refused, cursor)
        return outcome, refused

    async def _beside(
        self,
        connection: AsyncConnection,
        batches: Sequence[Batch],
        outcome: Outcome,
        refused: Sequence[Refused],
        cursor: Cursor | None,
    ) -> None:
        """Write what belongs to some pages besides their rows."""
        await quarantine.put_aside(connection, self.stream.base, refused)
        bad = {one.key for one in refused}
        records = {key: record for batch in batches for key, record in batch.records.items()}
        await self.release(connection, {"/".join(map(str, key)) for key in records} - bad)
        for batch in batches:
            await self.note_drift(connection, batch.parsed)
        named = [row for key in outcome.written for row in self.stream.kind.sightings(records[key])]
        await sighted(connection, named)
        if cursor is not None:
            await runs.checkpoint(connection, self.run_id, cursor)
