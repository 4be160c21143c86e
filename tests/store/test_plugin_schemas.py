"""Tables of plugins: a schema and a history of their own, which neither harm others nor are harmed by them."""

import asyncio

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError
from tests import ledger

from helpdesk_mcp.store import migrate, tables
from helpdesk_mcp.store.engines import READER, WRITER, read_engine, write_engine
from helpdesk_mcp.store.plugins import SchemaTaken, act_as_plugin, plugin_role

HISTORY = migrate.History("ledger", ledger.metadata, ledger.plugin.schema.migrations)


def ask(url, work, engine=write_engine):
    async def run():
        one = engine(url)
        try:
            async with one.begin() as connection:
                return await work(connection)
        finally:
            await one.dispose()

    return asyncio.run(run())


@pytest.fixture
def ledger_url(database_url):
    migrate.upgrade(database_url, history=HISTORY)
    return database_url


def test_a_plugins_migrations_are_pending_until_they_ran(database_url):
    assert migrate.pending(database_url, HISTORY) == ["0001: Make the entries"]
    migrate.upgrade(database_url, history=HISTORY)
    assert migrate.pending(database_url, HISTORY) == []
    assert migrate.pending(database_url) == []


def test_the_core_can_be_migrated_without_the_plugin(ledger_url):
    migrate.downgrade(ledger_url)
    migrate.upgrade(ledger_url)
    assert migrate.pending(ledger_url, HISTORY) == []


def test_tables_of_a_plugin_that_is_gone_are_told(ledger_url):
    assert migrate.left_behind(ledger_url, {"ledger"}) == []
    assert migrate.left_behind(ledger_url, set()) == ["ledger"]


def test_a_schema_of_another_program_is_left_alone(database_url):
    async def occupy(connection):
        await connection.execute(text("CREATE SCHEMA ledger"))
        await connection.execute(text("CREATE TABLE ledger.theirs (id int)"))

    ask(database_url, occupy)
    with pytest.raises(SchemaTaken) as caught:
        migrate.upgrade(database_url, history=HISTORY)
    assert str(caught.value) == (
        "The database has a schema ledger already, which belongs to something else. Nothing was changed: rename that "
        "schema, or give this plugin another database."
    )
    assert migrate.left_behind(database_url, set()) == []


def test_tables_from_a_newer_plugin_are_left_as_they_are(ledger_url, caplog):
    async def advance(connection):
        await connection.execute(text("UPDATE ledger.alembic_version SET version_num = '0009'"))

    ask(ledger_url, advance)
    assert migrate.pending(ledger_url, HISTORY) == []
    assert "database_is_newer schema=ledger revision=0009" in caplog.text


def test_the_reader_reads_and_the_worker_writes(ledger_url):
    async def rights(connection):
        statement = text("SELECT has_table_privilege(:role, 'ledger.entry', :right)")
        return {
            (role, right)
            for role in (READER, WRITER, plugin_role("ledger"))
            for right in ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE")
            if await connection.scalar(statement, {"role": role, "right": right})
        }

    writes = {"SELECT", "INSERT", "UPDATE", "DELETE"}
    assert ask(ledger_url, rights) == {(READER, "SELECT")} | {
        (role, right) for role in (WRITER, plugin_role("ledger")) for right in writes
    }


def test_a_job_writes_its_own_tables_and_reads_the_mirror(ledger_url):
    async def work(connection):
        await act_as_plugin(connection, "ledger")
        await connection.execute(insert(ledger.entry).values(note="first"))
        return (await connection.execute(select(ledger.entry.c.note, tables.ticket.c.id).outerjoin_from(ledger.entry, tables.ticket, text("true")))).all()  # fmt: skip

    assert ask(ledger_url, work, worker_engine) == [("first", None)]


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM mirror.ticket",
        "UPDATE helpdesk.sync_run SET outcome = 'ok'",
        "SELECT * FROM helpdesk.journal",
        "CREATE TABLE ledger.more (id int)",
    ],
)
def test_a_job_may_do_nothing_else(ledger_url, statement):
    async def overreach(connection):
        await act_as_plugin(connection, "ledger")
        await connection.execute(text(statement))

    with pytest.raises(DBAPIError, match="permission denied"):
        ask(ledger_url, overreach, worker_engine)


def test_the_plugins_rights_end_with_the_transaction(ledger_url):
    async def both(engine):
        async with engine.begin() as connection:
            await act_as_plugin(connection, "ledger")
            first = await connection.scalar(text("SELECT current_user"))
        async with engine.begin() as connection:
            return first, await connection.scalar(text("SELECT current_user"))

    async def run():
        engine = write_engine(ledger_url, role=WRITER, pool_size=1)
        try:
            return await both(engine)
        finally:
            await engine.dispose()

    assert asyncio.run(run()) == (plugin_role("ledger"), WRITER)


def test_tools_read_a_plugins_tables_like_the_mirror(ledger_url):
    async def read(connection):
        return (await connection.execute(select(ledger.entry))).all()

    assert ask(ledger_url, read, read_engine) == []


def worker_engine(url):
    return write_engine(url, role=WRITER)
