"""How old the rows are that an answer stands on, from the sync's own records."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Text, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY

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


async def freshness(db: ReadSession, streams: Sequence[str]) -> Freshness:
    """Return the age of `streams`; asks nothing where there are none."""
    if not streams:
        return Freshness({}, None)
    rows = {row.stream: row for row in await db.rows(_STATEMENT, {"streams": [*{*streams, _HEARTBEAT}]})}
    return Freshness({stream: rows[stream].data_as_of for stream in streams}, rows[_HEARTBEAT].finished_at)
