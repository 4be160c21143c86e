import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, insert
from tests import processes

from helpdesk_mcp.doctor.checks import database
from helpdesk_mcp.doctor.finding import Finding
from helpdesk_mcp.settings import load
from helpdesk_mcp.store.engines import write_engine
from helpdesk_mcp.store.tables import sync_run
from helpdesk_mcp.sync.streams import STREAMS

pytestmark = pytest.mark.anyio


def check(url=None, **settings):
    named = {f"HELPDESK_{name.upper()}": str(value) for name, value in settings.items()}
    return list(database.check(load({**named, **({"HELPDESK_DATABASE_URL": url} if url else {})})))


async def add(url, now, *runs):
    engine = write_engine(url)
    async with engine.begin() as connection:
        await connection.execute(
            insert(sync_run), [{"started_at": now, "error": None, **run} for run in runs]
        )
    await engine.dispose()


def read(stream, at):
    return {"stream": stream, "outcome": "ok", "finished_at": at, "data_as_of": at}


def test_a_new_database_lacks_its_tables(bare_database_url):
    answers, tables = check(bare_database_url)
    assert answers.level == "ok"
    assert (tables.level, tables.then) == ("problem", "Start the worker, or run `helpdesk-mcp migrate`.")
    assert tables.text.startswith("It lacks ")


def test_a_database_that_nobody_filled(database_url):
    answers, tables, sync = check(database_url)
    assert answers.text.startswith("PostgreSQL answers, version ")
    assert tables == Finding("database", "ok", "Its tables are those of this version.")
    assert sync == Finding("sync", "warning", "Nothing was synced yet.", "Start `helpdesk-mcp worker`.")


async def test_each_stream_that_is_late_or_failed_has_a_line_and_the_rest_share_one(database_url):
    names = [stream.name for stream in STREAMS if not stream.is_background]
    now = datetime.now(UTC)
    runs = [read(name, now - timedelta(minutes=2)) for name in names if name not in {"tickets", "alerts"}]
    runs += [read("tickets", now - timedelta(hours=3))]
    failed = {**read("contacts", None), "outcome": "failed", "error": "Atera answered 500."}
    await add(database_url, now, *runs, failed)
    found = await asyncio.to_thread(check, database_url)  # it brings an event loop of its own
    assert found[2:] == [
        Finding(
            "sync contacts",
            "problem",
            "The last run failed: Atera answered 500.",
            "Look into its log, and `helpdesk-mcp status`.",
        ),
        Finding(
            "sync tickets",
            "problem",
            "Its data are 3 h old, though it is due every 5 min.",
            "Check that the worker runs; then its log.",
        ),
        Finding("sync alerts", "warning", "It was never read to its end.", "Let the worker go on."),
        Finding("sync", "ok", f"{len(names) - 2} streams are on time; the freshest is 2 min old."),
    ]


@pytest.fixture
async def copy_url(shared_database_url):
    """A database with our tables and nothing in them."""
    engine = write_engine(shared_database_url)
    async with engine.begin() as connection:
        await connection.execute(delete(sync_run))
    await engine.dispose()
    return shared_database_url


async def copy_check(url, copy):
    found = await asyncio.to_thread(check, url, read_database_url=copy)
    (copied,) = [one for one in found if one.check == "read copy"]
    return copied


@pytest.mark.parametrize(("behind", "level"), [(0, "ok"), (30, "ok"), (70, "warning")])
async def test_a_copy_is_behind_since_the_first_run_that_it_lacks(database_url, copy_url, behind, level):
    now = datetime.now(UTC)
    before, missed = now - timedelta(minutes=6), now - timedelta(seconds=behind)
    for url in (database_url, copy_url):
        await add(url, before, read("tickets", before))
    for at in (missed, now):
        await add(database_url, at, read("tickets", at))
    found = await copy_check(database_url, copy_url)
    assert found.level == level
    if level == "warning":
        assert found.text == "It is 1 min behind the database, so answers are older than they need be."


async def test_a_copy_that_has_all_runs_is_not_behind_however_old_they_are(database_url, copy_url):
    before = datetime.now(UTC) - timedelta(days=2)
    for url in (database_url, copy_url):
        await add(url, before, read("tickets", before))
    assert (await copy_check(database_url, copy_url)).level == "ok"


async def test_a_copy_without_anything_is_told(database_url, bare_database_url, copy_url):
    now = datetime.now(UTC)
    assert (await copy_check(database_url, bare_database_url)).text == "It lacks our tables."
    await add(database_url, now, read("tickets", now))
    nothing = await copy_check(database_url, copy_url)
    assert (nothing.level, nothing.text) == ("problem", "It has nothing of what was synced.")
    away = f"postgresql://a:s3cret@127.0.0.1:{processes.free_port()}/helpdesk"
    assert (await copy_check(database_url, away)).text.endswith(
        "check that it is running and that HELPDESK_READ_DATABASE_URL is right, then try again."
    )


def test_a_database_out_of_reach():
    assert check(f"postgresql://a:s3cret@127.0.0.1:{processes.free_port()}/helpdesk") == [
        Finding(
            "database",
            "problem",
            "Postgres cannot be reached; check that it is running and that HELPDESK_DATABASE_URL is right, then try again.",
        )
    ]


def test_an_address_that_is_no_postgres():
    (found,) = check("mysql://a@b/c")
    assert found.level == "problem"
    assert found.text.startswith("The database URL is for mysql, not for Postgres")


def test_no_private_postgres_is_made_by_looking(tmp_path):
    (found,) = check(data_dir=tmp_path / "new")
    assert found == Finding(
        "database",
        "warning",
        "There is none yet.",
        f"Start `helpdesk-mcp worker`, which makes a private one in {tmp_path / 'new' / 'postgres'}, or set "
        "HELPDESK_DATABASE_URL.",
    )
    assert not (tmp_path / "new").exists()


def test_a_private_postgres_that_cannot_start_is_a_problem(tmp_path):
    (tmp_path / "postgres").mkdir()
    (found,) = check(data_dir=tmp_path, pg_bin=tmp_path)
    assert found.level == "problem"
    assert found.text.startswith(f"HELPDESK_PG_BIN names {tmp_path}, but postgres, initdb")


def test_none_is_needed_where_another_machine_answers(tmp_path):
    (found,) = check(data_dir=tmp_path, bridge_url="http://helpdesk.example/mcp")
    assert found.level == "ok"


def test_an_old_postgres_is_a_problem():
    assert database._version(14, private=False) == Finding(
        "database", "problem", "PostgreSQL is version 14.", "Use 15 or newer."
    )
