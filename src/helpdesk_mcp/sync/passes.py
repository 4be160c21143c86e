"""Strategies for lists: the whole list with a sweep, what changed since, the open ones, the first load in instalments."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, select

from helpdesk_mcp.atera import wire
from helpdesk_mcp.store import quarantine
from helpdesk_mcp.store.sweep import Key, mark_deleted, missing
from helpdesk_mcp.store.tables import account
from helpdesk_mcp.sync.reading import Asked, Reading

MOST_CHECKS = 50
"""Records read one by one in a run, to learn what became of those that a list no longer shows."""

_DST_SAFE = timedelta(hours=3)
_ZONE_SAFE = timedelta(hours=26)
OVERLAP = timedelta(minutes=10)


@dataclass(slots=True)
class Seen:
    """What a pass through a list has shown, and whether it can be trusted to have shown everything."""

    keys: set[Key] = field(default_factory=set[Key])
    rows: int = 0
    total: int = 0
    nameless: int = 0
    """Rows whose id cannot be read."""
    shrank: bool = False

    def add(self, asked: Asked, keys: set[Key]) -> None:
        """Count a page."""
        self.shrank = self.shrank or asked.page.total_count < self.total
        self.total = asked.page.total_count
        self.rows += len(asked.page.items)
        self.nameless += len(asked.page.items) - len(keys)
        self.keys |= keys

    @property
    def is_sure(self) -> bool:
        """Whether no row can have slipped from one page to another that was read already."""
        return not self.shrank and len(self.keys) >= self.total

    @property
    def is_whole(self) -> bool:
        """Whether as many rows were seen as there are, if not each by its id."""
        return not self.shrank and len(self.keys) + self.nameless >= self.total

    def completes(self, before: "Seen") -> bool:
        """Whether nothing can have slipped past both this pass and one right before it."""
        if self.shrank or before.shrank or self.total < before.total:
            return self.is_whole
        # The same twice: no row moves, so it is only the count that is wrong.
        is_same = (self.keys, self.total) == (before.keys, before.total)
        return is_same or len(self.keys | before.keys) + self.nameless >= self.total


async def sweep(reading: Reading) -> None:
    """Read the whole list, and mark as deleted what it no longer shows."""
    seen = await read_all(reading)
    await sweep_away(reading, seen)


async def read_all(reading: Reading, params: dict[str, Any] | None = None) -> Seen:
    """Read and store a whole list."""
    seen = Seen()
    async for asked in reading.pages(params):
        seen.add(asked, await reading.gather(asked.page.items, asked.at))
        reading.tell(seen.rows, seen.total)
    await reading.flush()
    return seen


async def sweep_away(reading: Reading, seen: Seen, among: ColumnElement[bool] | None = None) -> None:
    """Mark as deleted what a complete pass did not show. In doubt each record is asked for, or left for the next pass."""
    assert reading.data_as_of is not None  # noqa: S101 - set before the first request
    table = reading.stream.kind.table
    async with reading.engine.connect() as connection:
        gone = await missing(connection, table, seen.keys, before=reading.data_as_of, among=among)
    if gone and not (seen.is_sure and seen.keys):
        gone = await really_gone(reading, gone[:MOST_CHECKS])
    async with reading.transaction() as connection:
        reading.counts.deleted += await mark_deleted(connection, table, gone, at=reading.data_as_of)
        if among is None and seen.is_sure:
            # Every record was shown: whatever was bad before, and has no id by which to know it, is good or gone.
            await quarantine.keep_only(connection, reading.stream.base, reading.refused)


async def really_gone(reading: Reading, keys: Iterable[Key]) -> list[Key]:
    """Ask for records one by one; store those that are there, return the keys of those that are not."""
    by_id = reading.stream.kind.by_id
    if by_id is None:
        return []
    gone: list[Key] = []
    for key in keys:
        at = await reading.now()
        found = await reading.client.get(f"{by_id}/{key[0]}")
        if isinstance(found, dict):
            await reading.store([found], at)
        else:
            gone.append(key)
    return gone


async def reread_aside(reading: Reading) -> None:
    """Ask once more for some records that could not be stored: what was spoilt on its way shows in no delta again."""
    if reading.stream.kind.by_id is None or not (ids := reading.some_aside()):
        return
    gone = await really_gone(reading, [(one,) for one in ids])
    async with reading.transaction() as connection:
        await reading.release(connection, {str(key[0]) for key in gone})


async def plain_list(reading: Reading) -> None:
    """Read a list that comes whole, without pages."""
    at = await reading.now()
    found = await reading.client.get(reading.stream.path)
    items = found if isinstance(found, list) else [] if found is None else [found]
    keys = await reading.store(items, at)
    await sweep_away(reading, Seen(keys, len(items), len(items)))


@dataclass(frozen=True, slots=True)
class Delta:
    """Reads what changed since the last complete pass; the first pass reads everything, in instalments."""

    since: str
    """Name of the filter."""
    in_account_zone: bool = False
    first: str | None = None
    """Path of the list of everything, where that is another one."""
    created: str | None = None
    """Name of the field with the creation date, by which the first load finds out where the newest records are."""

    async def __call__(self, reading: Reading) -> None:
        """Do one run."""
        if reading.state.watermark is None or reading.state.cursor is not None:
            reading.watermark = await load_all(reading, self.first, self.created)
            return
        params = {self.since: await self._told(reading, reading.state.watermark)}
        seen = await self._read(reading, params)
        if not seen.is_whole:
            # Rows moved meanwhile, so one may have slipped past.
            again = await self._read(reading, params)
            if not again.completes(seen):
                # A row that slipped past both may have changed long ago, and later deltas would not show it.
                reading.watermark = reading.state.watermark
        await reread_aside(reading)

    async def _read(self, reading: Reading, params: dict[str, Any]) -> Seen:
        """Read and store what changed."""
        seen = Seen()
        async for asked in reading.pages(params):
            # Fixed before the first request: what changes while we read is read again next time.
            reading.watermark = reading.watermark or asked.watermark
            seen.add(asked, await reading.gather(asked.page.items, asked.at))
            reading.tell(seen.rows, seen.total)
        await reading.flush()
        return seen

    async def _told(self, reading: Reading, watermark: datetime) -> datetime | str:
        if not self.in_account_zone:
            return watermark - OVERLAP
        zone = await account_zone(reading)
        if zone is None:
            return wire.format_account_time(watermark - _ZONE_SAFE, ZoneInfo("UTC"))
        return wire.format_account_time(watermark - _DST_SAFE, zone)


async def load_all(reading: Reading, path: str | None = None, created: str | None = None) -> datetime:
    """Read everything, newest first where that can be seen, in as many runs as it takes; return the watermark for deltas."""
    cursor = reading.state.cursor or await _begin(reading, path, created)
    number, step = cursor["next"], -1 if cursor["backwards"] else 1
    while True:
        reading.pause_if_time_is_up()
        asked = await reading.page(number, path)
        number += step
        cursor = {**cursor, "next": number}
        await reading.gather(asked.page.items, asked.at, cursor=cursor)
        total = max(asked.page.total_pages, 1)
        done = total - number if step < 0 else number - 1
        reading.tell(round(asked.page.total_count * done / total), asked.page.total_count)
        if number < 1 or (step > 0 and number > total):
            reading.data_as_of = datetime.fromisoformat(cursor["as_of"])
            return datetime.fromisoformat(cursor["since"])


async def _begin(reading: Reading, path: str | None, created: str | None) -> dict[str, Any]:
    asked = await reading.page(1, path)
    first = asked.page
    backwards = False
    if created is not None and first.total_pages > 1:
        last = (await reading.page(first.total_pages, path)).page
        backwards = _newest(last.items, created) > _newest(first.items, created)
    return {
        "since": asked.watermark.isoformat(),
        "as_of": asked.at.isoformat(),
        "next": first.total_pages if backwards else 1,
        "backwards": backwards,
    }


def _newest(items: Iterable[Any], created: str) -> str:
    # ISO dates in UTC sort as text, and the order only decides what comes first.
    rows = (cast("dict[str, Any]", item) for item in items if isinstance(item, dict))
    return max((str(row.get(created) or "") for row in rows), default="")


@dataclass(frozen=True, slots=True)
class OpenSet:
    """Reads the records in one state, and one by one those that left it; the first pass reads all there ever were."""

    params: dict[str, Any]
    is_member: ColumnElement[bool]
    """Which stored rows should be in that state."""
    loads_history: bool = False

    async def __call__(self, reading: Reading) -> None:
        """Do one run."""
        if self.loads_history and (reading.state.last_ok is None or reading.state.cursor is not None):
            await load_all(reading)
            return
        seen = await read_all(reading, self.params)
        assert reading.data_as_of is not None  # noqa: S101 - set before the first request
        table = reading.stream.kind.table
        async with reading.engine.connect() as connection:
            left = await missing(
                connection, table, seen.keys, before=reading.data_as_of, among=self.is_member
            )
        gone = await really_gone(reading, sorted(left, reverse=True)[:MOST_CHECKS])
        async with reading.transaction() as connection:
            reading.counts.deleted += await mark_deleted(connection, table, gone, at=reading.data_as_of)


async def account_zone(reading: Reading) -> ZoneInfo | None:
    """Return the zone of the account, or None as long as it is not known."""
    async with reading.engine.connect() as connection:
        name = (await connection.execute(select(account.c.zone).limit(1))).scalar_one_or_none()
    return None if name is None else ZoneInfo(name)
