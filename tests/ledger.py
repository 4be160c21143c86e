"""A plugin with a table, jobs and checks, for tests of the core: it keeps how many tickets there were."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Column, Integer, MetaData, Table, Text, func, insert, select

from helpdesk_mcp.discovery import Discovered, Loaded
from helpdesk_mcp.sdk import (
    Answer,
    Call,
    Check,
    Job,
    JobRun,
    Plugin,
    PluginSettings,
    Schema,
    Tool,
    Unavailable,
    tables,
)

metadata = MetaData(schema="ledger")
entry = Table("entry", metadata, Column("id", Integer, primary_key=True), Column("note", Text))


async def count_tickets(job: JobRun) -> None:
    """Write down how many tickets there are."""
    (row,) = await job.db.rows(select(func.count().label("tickets")).select_from(tables.ticket))
    async with job.db.transaction() as transaction:
        await transaction.execute(insert(entry).values(note=f"{row.tickets} tickets"))
    job.counts.rows_read = row.tickets
    job.counts.inserted = 1


async def overreach(job: JobRun) -> None:
    """Try to empty the mirror."""
    async with job.db.transaction() as transaction:
        await transaction.execute(tables.ticket.delete())


async def give_up(_: JobRun) -> None:
    """Fail with a sentence."""
    raise Unavailable("The ledger is at the accountant's: ask again tomorrow.")


async def stumble(_: JobRun) -> None:
    """Fail by a bug."""
    raise KeyError("secret detail")


async def read_ledger(call: Call) -> Answer:
    """Read the ledger."""
    return Answer(text="\n".join(row.note for row in await call.db.rows(select(entry))))


async def has_entries(call: Call) -> str:
    """Look whether anything was written down."""
    entries = await call.db.scalar(select(func.count()).select_from(entry))
    if not entries:
        raise Unavailable("The ledger is empty: is the worker running?")
    return f"{entries} entries"


async def crashes(_: Call) -> str:
    """Fail by a bug."""
    raise KeyError("secret detail")


HOURLY = timedelta(hours=1)

plugin = Plugin(
    name="ledger",
    summary="Counts for tests.",
    tools=(Tool(run=read_ledger, title="Read", effect="read", streams=("ledger.count_tickets",)),),
    schema=Schema(metadata=metadata, migrations=Path(__file__).parent / "ledger_migrations"),
    jobs=(
        Job(run=count_tickets, every=HOURLY),
        Job(run=overreach, every=HOURLY),
        Job(run=give_up, every=HOURLY),
        Job(run=stumble, every=HOURLY),
    ),
    checks=(Check(run=has_entries), Check(run=crashes)),
)


def discovered(**changes):
    """The plugin as if it were installed, with what is to be different about it."""
    return Discovered((Loaded(replace(plugin, **changes), PluginSettings(), "ledger 1"),), ())
