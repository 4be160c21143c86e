"""How old the rows are that an answer stands on, from the sync's own records."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Text, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncEngine

from helpdesk_mcp.store.tables import sync_run

from .session import ReadSession

_HEARTBEAT = "tickets"
"""The stream that runs in every cycle: its last success tells whether the worker is alive."""


@dataclass(frozen=True, slots=True)
class Freshness:
    """What is known about the age of some streams."""

    as_of: dict[str, datetime | None]
    """By stream: its rows are at least this fresh; None: never completely loaded."""
    heartbeat: datetime | None
    """When the worker last finished a reading of tickets; None: never."""


_newest = sync_run.alias("newest")
_stream = func.unnest(bindparam("streams", type_=ARRAY(Text))).table_valued("stream").render_derived()
_STATEMENT = select(
    _stream.c.stream,
    *(
        select(column)
        .where(_newest.c.stream == _stream.c.stream, _newest.c.outcome == "ok")
        .order_by(_newest.c.finished_at.desc())
        .limit(1)
        .scalar_subquery()
        .label(column.name)
        for column in (_newest.c.data_as_of, _newest.c.finished_at)
    ),
)


KEPT_S = 1.0
"""Clients ask several tools at once, and runs end minutes apart: one look serves them all."""

_Looks = dict[frozenset[str], tuple[float, dict[str, Any]]]
_looks: WeakKeyDictionary[AsyncEngine, _Looks] = WeakKeyDictionary()
"""By database: the rows found for some streams, and when (monotonic seconds)."""


async def freshness(db: ReadSession, streams: Sequence[str]) -> Freshness:
    """Return the age of `streams`, as of at most a second ago; asks nothing where there are none."""
    if not streams:
        return Freshness({}, None)
    rows = await _rows(db, frozenset({*streams, _HEARTBEAT}))
    return Freshness({stream: rows[stream].data_as_of for stream in streams}, rows[_HEARTBEAT].finished_at)


async def _rows(db: ReadSession, streams: frozenset[str]) -> dict[str, Any]:
    looks = _looks.setdefault(await db.engine(), {})
    looked_at, rows = looks.get(streams, (0.0, {}))
    if not rows or time.monotonic() - looked_at > KEPT_S:
        rows = {row.stream: row for row in await db.rows(_STATEMENT, {"streams": sorted(streams)})}
        looks[streams] = (time.monotonic(), rows)
    return rows
