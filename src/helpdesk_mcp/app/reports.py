"""What the commands show a person: progress while syncing, what a run did, plugins, the state of the sync."""

import asyncio
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars
from rich.table import Table
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from helpdesk_mcp.discovery import Loaded
from helpdesk_mcp.sdk.times import span
from helpdesk_mcp.settings import Settings
from helpdesk_mcp.store import roles, tables
from helpdesk_mcp.store.engines import reachable
from helpdesk_mcp.sync.cycle import Progress
from helpdesk_mcp.sync.run import RunReport
from helpdesk_mcp.sync.streams import STREAMS

from . import timetable
from .atera import Atera
from .background import Upgrade, jobs, look_at_tables
from .database import Database
from .plugins import load

if TYPE_CHECKING:
    from helpdesk_mcp.server.checks import Finding

_POLL_S = 0.25


@contextmanager
def progress_bars() -> Generator[Callable[[Progress], None]]:
    """Show a bar for each stream, on stderr, while the block runs; yields what to call with each step."""
    bars = _bars(Console(stderr=True))
    tasks: dict[str, TaskID] = {}

    def step(progress: Progress) -> None:
        if not tasks:
            bars.start()
        if progress.stream not in tasks:
            tasks[progress.stream] = bars.add_task(progress.stream.replace("_", " "), total=None)
        bars.update(tasks[progress.stream], completed=progress.done, total=progress.total)

    try:
        yield step
    finally:
        if tasks:
            bars.stop()


def print_runs(runs: Sequence[RunReport]) -> int:
    """Print a line for each run of a stream; return the exit code: 1 when one of them failed."""
    table = _table(
        "stream", "outcome", "requests", "read", "new", "changed", "same", "deleted", "bad", "seconds"
    )
    for run in runs:
        counts = (
            run.requests,
            run.rows_read,
            run.inserted,
            run.changed,
            run.unchanged,
            run.deleted,
            run.quarantined,
        )
        table.add_row(run.stream, run.outcome, *(f"{count:,}" for count in counts), f"{run.seconds:.1f}")
    console = Console(soft_wrap=True)
    if runs:
        _print_table(table)
    else:
        console.print("Nothing was due.")
    failed = [run for run in runs if run.error]
    for run in failed:
        console.print(f"{run.stream}: {run.error}", style="red", markup=False)
    return 1 if any(run.outcome == "failed" for run in failed) else 0


def print_upgrade(done: Upgrade) -> int:
    """Print the migrations that ran, tables that could not be brought up to date and those left behind; return the exit code."""
    console = Console(soft_wrap=True, highlight=False, markup=False)
    if done.ran:
        console.print(f"Ran {', '.join(done.ran)}.")
    elif not done.failed:
        console.print("The database is up to date.")
    _print_tables(console, done)
    return 1 if done.failed else 0


def _print_tables(console: Console, seen: Upgrade) -> None:
    for plugin, reason in seen.failed.items():
        console.print(f"{plugin}: {reason}", style="red", markup=False)
    for schema in seen.left_behind:
        console.print(
            f"Schema {schema} has the tables of a plugin that is not loaded; nobody uses them now. If it is gone for good: "
            f"DROP SCHEMA {schema} CASCADE;",
            markup=False,
        )


def print_plugins(settings: Settings) -> int:
    """Print the plugins with all that they bring, and the broken ones with the reason; return 1 when one is broken."""
    found = load(settings)
    console = Console(soft_wrap=True, highlight=False)
    for loaded in found.loaded:
        console.print(f"[bold]{loaded.plugin.name}[/]  {loaded.plugin.summary}  [dim]{loaded.package}[/]")
        for name, kind, title in _brought(loaded):
            console.print(f"  {name}  [dim]{kind}[/]  {title}")
    for plugin in found.resting:
        console.print(
            f"[dim]{plugin.name}[/]  {plugin.summary}  Off: HELPDESK_PLUGINS=+{plugin.name} adds it."
        )
    for broken in found.broken:
        console.print(f"[red]{broken.name}[/]  left out: {broken.reason}  [dim]{broken.package}[/]")
    return 1 if found.broken else 0


def _brought(loaded: Loaded) -> Iterator[tuple[str, str, str]]:
    """Yield the name, kind and title of each thing that a plugin brings."""
    plugin = loaded.plugin
    for tool in plugin.tools:
        yield tool.name, tool.effect, tool.title + ("" if tool.small else "  (full profile only)")
    for prompt in plugin.prompts:
        yield prompt.name, "prompt", prompt.title
    for resource in plugin.resources:
        yield resource.uri, "resource", resource.title
    for job in plugin.jobs:
        every = job.every(loaded.settings) if callable(job.every) else job.every
        yield job.name, f"job every {span(every)}", job.description
    for check in plugin.checks:
        yield check.name, "check", check.description
    if plugin.schema is not None:
        yield plugin.name, "schema", ", ".join(table.name for table in plugin.schema.metadata.sorted_tables)


async def print_status(settings: Settings) -> int:
    """Print what each stream and job has done and when it runs next, and how the plugins are; return 1 in trouble."""
    # Loads the server's libraries, which no other report needs.
    from helpdesk_mcp.server.checks import run_checks  # noqa: PLC0415

    from .serving import make_desk  # noqa: PLC0415

    database = Database(settings)
    found = load(settings)
    try:
        async with reachable(), (await database.reader()).connect() as connection:
            table = await timetable.read(connection, jobs(found), timedelta(seconds=settings.sync_every_s))
            untaken = await roles.untaken(connection)
        seen = await look_at_tables(await database.url(), found)
        findings = await run_checks(make_desk(settings, database, Atera(settings), found))
    finally:
        await database.close()
    _print_untaken(untaken)
    return max(table.show(), _print_health(seen, findings))


def _print_untaken(roles: Sequence[str]) -> None:
    if roles:
        Console(soft_wrap=True).print(
            f"Rights are not separated: the user in HELPDESK_DATABASE_URL cannot take {', '.join(roles)}, so all of its own "
            "are used (docs/database-roles.md).",
            markup=False,
        )


def _print_health(seen: Upgrade, findings: Sequence["Finding"]) -> int:
    console = Console(soft_wrap=True, highlight=False)
    _print_tables(console, seen)
    for one in findings:
        mark = "[green]ok[/]" if one.ok else "[red]not ok[/]"
        console.print(f"{one.plugin}.{one.check}  {mark}  {escape(one.text)}")
    return 0 if all(one.ok for one in findings) and not seen.failed else 1


async def first_load(
    engine: AsyncEngine, console: Console, check: Callable[[], None], *, history: bool = False
) -> None:
    """Show the worker's first load until questions can be answered; with `history`, until every old conversation is here.

    `check` is called at every look and raises when the worker has ended.
    """
    with _bars(console) as bars:
        shown = {} if history else {"tickets": bars.add_task("tickets", total=None)}
        what = "conversations of closed tickets" if history else "conversations of open tickets"
        shown["conversations"] = bars.add_task(what, total=None)
        while True:
            check()
            loaded = await _loaded(engine)
            counts = {
                "tickets": (loaded.tickets, loaded.tickets),
                "conversations": loaded.conversations(history=history),
            }
            for name, task in shown.items():
                done, total = counts[name]
                bars.update(task, completed=done, total=total if loaded.all_tickets else None)
            done, total = loaded.conversations(history=history)
            if loaded.first_cycle and done == total:
                return
            await asyncio.sleep(_POLL_S)


@dataclass(frozen=True, slots=True)
class _Loaded:
    tickets: int
    open: int
    open_read: int
    """Open tickets whose conversation is here."""
    read: int
    """Tickets whose conversation is here."""
    all_tickets: bool
    first_cycle: bool
    """Every stream has been read once, but for the history of conversations."""

    def conversations(self, *, history: bool) -> tuple[int, int]:
        """Return how many are here and how many there are: of the open tickets, or of the closed ones."""
        closed = (self.read - self.open_read, self.tickets - self.open)
        return closed if history else (self.open_read, self.open)


async def _loaded(engine: AsyncEngine) -> _Loaded:
    ticket = tables.ticket
    is_read = ticket.c.thread_read_at.is_not(None)
    counts = select(
        func.count(),
        func.count().filter(ticket.c.is_open),
        func.count().filter(ticket.c.is_open, is_read),
        func.count().filter(is_read),
    )
    done = select(tables.sync_run.c.stream).where(tables.sync_run.c.outcome == "ok").distinct()
    async with engine.connect() as connection:
        numbers = (await connection.execute(counts)).one()
        complete = set((await connection.execute(done)).scalars())
    first_lanes = {stream.name for stream in STREAMS if stream.base == stream.name}
    return _Loaded(*numbers, all_tickets="tickets" in complete, first_cycle=first_lanes <= complete)


def _table(first: str, *headings: str) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column(first, no_wrap=True)
    for heading in headings:
        table.add_column(heading, justify="right", no_wrap=True)
    return table


def _print_table(table: Table) -> None:
    # Into a file as wide as it is: rich takes 80 columns there and cuts the rest.
    console = Console()
    Console(width=None if console.is_terminal else 140).print(table)


def _bars(console: Console) -> Bars:
    return Bars(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
    )
