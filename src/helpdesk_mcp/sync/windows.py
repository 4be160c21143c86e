"""Time entries: Atera lists them by when the work was done, so they are read in windows of that.

An entry may be added or removed long after the work, so the past is read again: two days often, five weeks nightly, and what
lies before them some months each night, over and over.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, func, select

from helpdesk_mcp.atera import wire
from helpdesk_mcp.store import runs
from helpdesk_mcp.store.runs import Cursor
from helpdesk_mcp.store.tables import ticket, time_entry
from helpdesk_mcp.sync.passes import Seen, account_zone, read_all, sweep_away
from helpdesk_mcp.sync.reading import Reading

EMPTY_MONTHS = 12
"""So many empty months in a row are taken for the beginning of the records."""

ENOUGH = 2_000
"""Entries of the past that are read again in one night, in whole months: 40 requests and the rest of a month."""
PAGE = 50
"""What even an empty month counts for, as it costs a request."""

_MARGIN = timedelta(days=2)
"""Windows overlap: an entry that crosses midnight at a border lies in neither of two that only touch.

One that is longer, by a mistyped date, and crosses a border still lies in none. It comes with the recent days or with its ticket.
"""


@dataclass(frozen=True, slots=True)
class Recent:
    """Reads the last days; the first pass reads everything, month by month into the past."""

    days: int
    loads_history: bool = False

    async def __call__(self, reading: Reading) -> None:
        """Do one run."""
        if self.loads_history and (reading.state.last_ok is None or reading.state.cursor is not None):
            await _load_history(reading)
            return
        now = await reading.now()
        since = now - timedelta(days=self.days)
        seen = await read_all(reading, {"startWorkhour": await _told(reading, since)})
        # Only what lies inside the window for sure, whatever the zone.
        await sweep_away(reading, seen, time_entry.c.started_at >= since + _MARGIN)


@dataclass(frozen=True, slots=True)
class Past:
    """Reads what lies before the last `days` again, month by month: in each run some, back to the oldest ticket, then from the front.

    The watermark is the beginning of the month that was read last.
    """

    days: int

    async def __call__(self, reading: Reading) -> None:
        """Do one run."""
        now = await reading.now()
        oldest = await _oldest_ticket(reading)
        if oldest is None:
            return
        reached, read = reading.state.watermark, 0
        if reached is None or reached <= oldest:
            reached = _midnight(_month_after((now - timedelta(days=self.days)).date()))
        end = reached.date()
        while read < ENOUGH and oldest < _midnight(end):
            start = (end - timedelta(days=1)).replace(day=1)
            seen = await _read_month(reading, start, end)
            started, ended = time_entry.c.started_at, time_entry.c.ended_at
            # What ends beyond the window is not in it, and what lies in its margin may not be, for want of the account's zone.
            is_shown = ended < _midnight(end) + _MARGIN / 2
            lies_in = and_(started >= _midnight(start), started < _midnight(end), is_shown)
            await sweep_away(reading, seen, lies_in)
            reading.watermark, end = _midnight(start), start
            read += max(seen.rows, PAGE)


async def _load_history(reading: Reading) -> None:
    now = await reading.now()
    oldest = await _oldest_ticket(reading)
    cursor: Cursor = reading.state.cursor or {
        "month": _month_after(now.date()).isoformat(),
        "empty": 0,
        "as_of": now.isoformat(),
    }
    reading.data_as_of = datetime.fromisoformat(cursor["as_of"])
    while cursor["empty"] < EMPTY_MONTHS:
        reading.pause_if_time_is_up()
        end = date.fromisoformat(cursor["month"])
        if oldest is not None and end < oldest.date():
            return
        start = (end - timedelta(days=1)).replace(day=1)
        found = (await _read_month(reading, start, end)).rows
        cursor = {**cursor, "month": start.isoformat(), "empty": 0 if found else cursor["empty"] + 1}
        await reading.gather([], now, cursor=cursor)


async def _read_month(reading: Reading, start: date, end: date) -> Seen:
    window = {
        "startWorkhour": await _told(reading, _midnight(start) - _MARGIN),
        "endWorkhour": await _told(reading, _midnight(end) + _MARGIN),
    }
    return await read_all(reading, window)


async def _told(reading: Reading, moment: datetime) -> str:
    zone = await account_zone(reading)
    # Without the account's zone UTC is wrong by at most half a day, which the margins hold.
    return wire.format_account_time(moment, zone or ZoneInfo("UTC"))


async def _oldest_ticket(reading: Reading) -> Any:
    async with reading.engine.connect() as connection:
        if (await runs.state(connection, "tickets")).watermark is None:
            return None  # the newest tickets come first: the oldest of them all may not be here yet
        return (await connection.execute(select(func.min(ticket.c.created_at)))).scalar_one()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _month_after(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
