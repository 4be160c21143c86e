"""The table of `status`: of each stream and job when it was last read completely, what its newest run did, when it runs next."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from rich.console import Console
from rich.table import Table
from sqlalchemy.ext.asyncio import AsyncConnection

from helpdesk_mcp.sdk.times import span
from helpdesk_mcp.store import runs
from helpdesk_mcp.store.runs import StreamState
from helpdesk_mcp.sync import cycle, jobs
from helpdesk_mcp.sync.jobs import Job
from helpdesk_mcp.sync.streams import STREAMS

NOTHING_YET = "Nothing was synced yet: start `helpdesk-mcp worker`."
LATE = timedelta(minutes=10)
"""Longer than two cycles and than this nothing was begun: then nobody works."""
_LONGEST_RUN = timedelta(hours=1)
_WIDE = 150
"""Columns of a file, where rich takes 80 and cuts the rest."""
_SHEET = 1_000
_SPARE = ("same", "deleted", "seconds", "last success", "read", "new")
"""Columns that a narrow terminal goes without, the first ones first."""
_HEADINGS = (
    "last success",
    "lag",
    "next run",
    "last run",
    "requests",
    "read",
    "new",
    "changed",
    "same",
    "deleted",
    "bad",
    "seconds",
)


class Timetable:
    """What the records of the sync say of each stream, as of `now`."""

    def __init__(
        self,
        now: datetime,
        newest: Mapping[str, Any],
        states: Mapping[str, StreamState],
        known_jobs: Sequence[Job],
        every: timedelta,
    ) -> None:
        self._now = now
        self._newest = newest
        self._states = states
        self._jobs = {job.stream: job for job in known_jobs}
        self._every = every

    def show(self) -> int:
        """Print it; return 1 when a stream's newest run failed or nobody works."""
        if not self._newest:
            Console(soft_wrap=True).print(NOTHING_YET)
            return 0
        _print_fitting(self._rows())
        console = Console(soft_wrap=True)
        for error, streams in self._errors().items():
            console.print(f"{', '.join(streams)}: {error}", markup=False)
        if idle := self._idle():
            console.print(
                f"Nothing was begun for {span(idle)}: is `helpdesk-mcp worker` running?", markup=False
            )
        return 1 if idle or any(run.outcome == "failed" for run in self._newest.values()) else 0

    def _rows(self) -> list[tuple[str, dict[str, str], str]]:
        """Return name, cells by heading and style: the streams as they run, then jobs and whatever else there is a record of."""
        streams = [stream.name for stream in STREAMS]
        others = sorted((self._jobs.keys() | self._newest.keys()) - set(streams))
        return [(name, self._cells(name), self._style(name)) for name in (*streams, *others)]

    def _cells(self, name: str) -> dict[str, str]:
        run = self._newest.get(name)
        if run is None:
            return {"last success": "never", "next run": self._next(name)}
        counts = (run.requests, run.rows_read, run.inserted, run.changed, run.unchanged, run.deleted)
        told = [
            f"{span(self._now - run.succeeded_at)} ago" if run.succeeded_at else "never",
            span(self._now - run.as_of) if run.as_of else "",
            self._next(name),
            run.outcome or "running",
            *(f"{number:,}" for number in (*counts, run.quarantined)),
            f"{run.seconds or 0:.1f}",
        ]
        return dict(zip(_HEADINGS, told, strict=True))

    def _style(self, name: str) -> str:
        run = self._newest.get(name)
        return "dim" if run is None else "red" if run.outcome == "failed" else ""

    def _next(self, name: str) -> str:
        stream = next((one for one in STREAMS if one.name == name), None)
        if stream is None:
            job = self._jobs.get(name)
            return "" if job is None else self._in(jobs.due_from(job, self._state(name)))
        if stream.is_background:
            return "in between"
        due = cycle.due_from(stream, self._states)
        # A slow lane counts from the first complete pass of the fast one.
        return "waits" if due is None else self._in(max(due, self._next_cycle()))

    def _next_cycle(self) -> datetime:
        each = (self._state(stream.name).last_start for stream in STREAMS if cycle.is_in_each_cycle(stream))
        return max((start + self._every for start in each if start), default=self._now)

    def _in(self, moment: datetime) -> str:
        return "now" if moment - self._now < timedelta(seconds=1) else f"in {span(moment - self._now)}"

    def _state(self, name: str) -> StreamState:
        return self._states.get(name, StreamState())

    def _errors(self) -> dict[str, list[str]]:
        """Return the streams of each error: a refused key is one trouble and not ten."""
        found: dict[str, list[str]] = defaultdict(list)
        for name, run in self._newest.items():
            if run.error:
                found[run.error].append(name)
        return found

    def _idle(self) -> timedelta | None:
        """Return for how long nobody has worked, None when somebody does."""
        last = max(self._newest.values(), key=lambda run: run.started_at)
        idle = self._now - last.started_at
        patience = _LONGEST_RUN if last.outcome is None else max(LATE, 2 * self._every)
        return idle if idle > patience else None


async def read(connection: AsyncConnection, known_jobs: Sequence[Job], every: timedelta) -> Timetable:
    """Return the table as the database has it, by the database's clock."""
    newest = {run.stream: run for run in await connection.execute(runs.newest_of_each())}
    states = await runs.states(connection)
    return Timetable(await runs.clock(connection), newest, states, known_jobs, every)


def _print_fitting(rows: Sequence[tuple[str, dict[str, str], str]]) -> None:
    terminal = Console()
    console = terminal if terminal.is_terminal else Console(width=_WIDE)
    spare = list(_SPARE)
    table = _table(rows, _HEADINGS)
    # A table says of itself that it fits, unless it is asked on a larger sheet.
    sheet = console.options.update(max_width=_SHEET)
    while spare and console.measure(table, options=sheet).maximum > console.width:
        spare.pop(0)
        left = {*_SPARE[: len(_SPARE) - len(spare)]}
        table = _table(rows, [heading for heading in _HEADINGS if heading not in left])
    console.print(table)


def _table(rows: Sequence[tuple[str, dict[str, str], str]], headings: Sequence[str]) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("stream", no_wrap=True)
    for heading in headings:
        table.add_column(heading, justify="right", no_wrap=True)
    for name, cells, style in rows:
        table.add_row(name, *(cells.get(heading, "") for heading in headings), style=style)
    return table
