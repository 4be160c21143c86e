"""Tables and jobs of plugins, as the worker and `migrate` handle them."""

import asyncio
import logging
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from tests import ledger

from helpdesk_mcp.app.background import jobs, look_at_tables, upgrade_tables
from helpdesk_mcp.discovery import Discovered
from helpdesk_mcp.sdk import Job, Schema, tables
from helpdesk_mcp.store.engines import WRITER, write_engine
from helpdesk_mcp.sync.jobs import run_jobs

pytestmark = pytest.mark.anyio

RUN = tables.sync_run.c


@pytest.fixture
async def engine(database_url):
    engine = write_engine(database_url, role=WRITER)
    yield engine
    await engine.dispose()


@pytest.fixture
async def migrated(database_url):
    await upgrade_tables(database_url, ledger.discovered())
    return database_url


async def rows(engine, statement):
    async with engine.connect() as connection:
        return (await connection.execute(statement)).all()


@pytest.fixture
def broken(tmp_path):
    """The plugin with a second migration that fails halfway."""
    for file in ledger.plugin.schema.migrations.glob("*.py"):
        (tmp_path / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "0002_break.py").write_text(
        '"""Break."""\n'
        "from alembic import op\n"
        'revision = "0002"\n'
        'down_revision = "0001"\n'
        "def upgrade():\n"
        '    op.execute("CREATE TABLE ledger.half (id int)")\n'
        '    op.execute("SELECT secret FROM ledger.nowhere")\n',
        encoding="utf-8",
    )
    return ledger.discovered(schema=Schema(metadata=ledger.metadata, migrations=tmp_path))


async def test_migrations_of_a_plugin_run_once(database_url):
    found = ledger.discovered()
    seen = await look_at_tables(database_url, found)
    assert seen.failed == {
        "ledger": "Its tables are not up to date: run `helpdesk-mcp migrate` (0001: Make the entries)."
    }
    assert (await upgrade_tables(database_url, found)).ran == ["ledger 0001: Make the entries"]
    assert (await upgrade_tables(database_url, found)).ran == []
    assert (await look_at_tables(database_url, found)).failed == {}


async def test_a_migration_that_fails_is_told_and_leaves_nothing_behind(database_url, broken, engine):
    done = await upgrade_tables(database_url, broken)
    assert done.ran == []
    assert done.failed == {
        "ledger": "Its migrations ended with ProgrammingError 42P01, and nothing of them was kept: please report it to "
        "whoever made it."
    }
    assert await rows(engine, text("SELECT nspname FROM pg_namespace WHERE nspname = 'ledger'")) == []


async def test_tables_of_a_plugin_that_is_gone_stay_and_are_told(migrated):
    assert (await look_at_tables(migrated, Discovered((), ()))).left_behind == ["ledger"]
    assert (await upgrade_tables(migrated, Discovered((), ()))).left_behind == ["ledger"]


async def test_each_job_runs_whatever_becomes_of_the_others_and_every_run_is_recorded(migrated, engine):
    reports = await run_jobs(engine, jobs(ledger.discovered()), due_only=True)
    assert [(report.stream, report.outcome) for report in reports] == [
        ("ledger.count_tickets", "ok"),
        ("ledger.overreach", "failed"),
        ("ledger.give_up", "failed"),
        ("ledger.stumble", "failed"),
    ]
    assert reports[1].error == (
        "The job touched what is not its plugin's own, and Postgres refused it: jobs read the mirror and write the tables "
        "of their plugin."
    )
    assert reports[2].error == "The ledger is at the accountant's: ask again tomorrow."
    assert reports[3].error.startswith("An unexpected error ended the run (KeyError in stumble:")
    recorded = await rows(engine, select(RUN.stream, RUN.outcome, RUN.error, RUN.inserted).order_by(RUN.id))
    assert recorded == [(one.stream, one.outcome, one.error, one.inserted) for one in reports]
    assert [row.note for row in await rows(engine, select(ledger.entry))] == ["0 tickets"]


async def test_a_complete_run_dates_its_data_and_a_failed_one_does_not(migrated, engine):
    await run_jobs(engine, jobs(ledger.discovered()), due_only=True)
    dated = await rows(engine, select(RUN.stream).where(RUN.data_as_of.is_not(None)))
    assert dated == [("ledger.count_tickets",)]


async def test_a_job_is_not_run_again_before_it_is_due_unless_it_is_wanted(migrated, engine):
    ready = jobs(ledger.discovered())
    await run_jobs(engine, ready, due_only=True)
    assert await run_jobs(engine, ready, due_only=True) == []
    (again,) = await run_jobs(engine, ready[:1], due_only=False)
    assert again.outcome == "ok"


async def test_a_job_that_hangs_is_ended(migrated, engine):
    async def hang(_):
        """Hang."""
        await asyncio.Event().wait()

    job = Job(run=hang, every=timedelta(hours=1), longest=timedelta(milliseconds=10))
    (report,) = await run_jobs(engine, jobs(ledger.discovered(jobs=(job,))), due_only=True)
    assert (report.outcome, report.error) == ("failed", "The run took longer than 0 s and was ended.")


async def test_of_two_workers_one_runs_a_job(migrated, engine):
    entered, leave = asyncio.Event(), asyncio.Event()

    async def linger(_):
        """Linger."""
        entered.set()
        await leave.wait()

    ready = jobs(ledger.discovered(jobs=(Job(run=linger, every=timedelta(hours=1)),)))
    first = asyncio.create_task(run_jobs(engine, ready, due_only=False))
    await entered.wait()
    (second,) = await run_jobs(engine, ready, due_only=False)
    leave.set()
    assert [second.outcome, (await first)[0].outcome] == ["busy", "ok"]


def test_the_interval_can_be_a_setting():
    async def work(_):
        """Work."""

    job = Job(run=work, every=lambda settings: timedelta(hours=len(type(settings).__name__)))
    (ready,) = jobs(ledger.discovered(jobs=(job,)))
    assert ready.every == timedelta(hours=len("PluginSettings"))


def test_a_plugin_with_the_name_of_a_stream_gets_no_jobs(caplog):
    caplog.set_level(logging.WARNING)
    assert jobs(ledger.discovered(name="tickets")) == []
    assert "plugin_jobs_left_out plugin=tickets" in caplog.text
