"""The schema's history: it ends in the schema that the code is written for, and can be run by anybody at any time."""

import asyncio
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError
from tests.logins import owner_without_roles

from helpdesk_mcp.store import migrate
from helpdesk_mcp.store.engines import read_engine, write_engine
from helpdesk_mcp.store.tables import machine, metadata

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def ask(url, work, engine=write_engine):
    async def run():
        one = engine(url)
        try:
            async with one.connect() as connection:
                return await connection.run_sync(work)
        finally:
            await one.dispose()

    return asyncio.run(run())


def differences(connection):
    def ours(name, kind, parents):
        return name in {"mirror", "helpdesk"} if kind == "schema" else name != "alembic_version"

    options = {"include_schemas": True, "include_name": ours}
    return compare_metadata(MigrationContext.configure(connection, opts=options), metadata)


CATALOGUE = """
    SELECT c.oid::regclass::text, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attgenerated,
           pg_get_expr(d.adbin, d.adrelid), col_description(c.oid, a.attnum)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname IN ('mirror', 'helpdesk')
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    WHERE c.relkind = 'r' AND c.relname <> 'alembic_version'
    UNION ALL
    SELECT i.indrelid::regclass::text, pg_get_indexdef(i.indexrelid), obj_description(i.indrelid), i.indisprimary,
           '', NULL, NULL
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname IN ('mirror', 'helpdesk')
    WHERE c.relname NOT LIKE 'alembic%'
"""


def catalogue(connection):
    return {tuple(row) for row in connection.execute(text(CATALOGUE))}


def make_all(connection):
    for statement in ("CREATE EXTENSION pg_trgm", "CREATE SCHEMA mirror", "CREATE SCHEMA helpdesk"):
        connection.execute(text(statement))
    scripts = ScriptDirectory.from_config(migrate.configuration())
    for revision, function in (("0003", "DISK_SUM"), ("0012", "MAKE_OF")):
        connection.execute(text(getattr(scripts.get_revision(revision).module, function)))
    metadata.create_all(connection)
    connection.commit()


@pytest.mark.filterwarnings(
    "ignore:Computed default on"
)  # Postgres spells expressions anew; the catalogues tell
def test_alembic_finds_nothing_to_migrate_to(database_url):
    assert ask(database_url, differences) == []


def test_the_migrated_schema_is_the_one_the_code_describes(database_url, bare_database_url):
    ask(bare_database_url, make_all)
    assert ask(database_url, catalogue) == ask(bare_database_url, catalogue)


def test_a_migrated_database_has_nothing_pending(database_url):
    assert migrate.pending(database_url) == []


def test_pending_names_what_a_bare_database_lacks_and_changes_nothing(bare_database_url):
    kept = sorted(Path("migrations/versions").glob("*.py"))
    assert [one.split(":")[0] for one in migrate.pending(bare_database_url)] == [
        file.name.split("_")[0] for file in kept
    ]
    schemas = ask(
        bare_database_url,
        lambda connection: connection.scalar(
            text("SELECT count(*) FROM pg_namespace WHERE nspname IN ('mirror', 'helpdesk')")
        ),
    )
    assert schemas == 0


def test_a_database_that_a_newer_version_upgraded_is_left_as_it_is(database_url, caplog):
    def upgraded(connection):
        connection.execute(text("UPDATE helpdesk.alembic_version SET version_num = '9999'"))
        connection.commit()

    ask(database_url, upgraded)
    assert migrate.pending(database_url) == []
    assert "database_is_newer schema=helpdesk revision=9999" in caplog.text


def test_an_empty_database_can_be_taken_down_and_up_again(database_url):
    before = ask(database_url, catalogue)
    migrate.downgrade(database_url)
    assert ask(database_url, catalogue) == set()
    migrate.upgrade(database_url)
    assert ask(database_url, catalogue) == before


def test_two_processes_may_migrate_at_once(bare_database_url):
    failures = []

    def run():
        try:
            migrate.upgrade(bare_database_url)
        except Exception as error:  # noqa: BLE001 - a failure of a thread is told by the test
            failures.append(error)

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert migrate.pending(bare_database_url) == []


def test_the_reader_may_select_from_the_mirror_also_from_later_tables_and_from_little_else(database_url):
    def make_tables(connection):
        for schema in ("mirror", "helpdesk"):
            connection.execute(text(f"CREATE TABLE {schema}.later (id int)"))
        connection.commit()

    def readable(connection):
        return connection.execute(
            text(
                "SELECT schemaname, tablename, has_table_privilege('helpdesk_reader', schemaname || '.' || tablename, 'SELECT')"
                " FROM pg_tables WHERE schemaname IN ('mirror', 'helpdesk') AND tablename <> 'alembic_version'"
            )
        ).all()

    ask(database_url, make_tables)
    found = ask(database_url, readable, read_engine)
    assert [table for schema, table, may in found if schema == "mirror" and not may] == []
    assert {table for schema, table, may in found if schema == "helpdesk" and may} == {
        "sync_run",
        "quarantine",
        "field_drift",
    }


DISKS = '[{"drive": "C:", "total_mb": 100, "free_mb": 10}, {"drive": "D:", "total_mb": 200, "free_mb": null}]'


@pytest.mark.parametrize(
    ("disks", "field", "drive", "expected"),
    [
        (DISKS, "total_mb", None, 300),
        (DISKS, "free_mb", None, 10),
        (DISKS, "total_mb", "D:", 200),
        (DISKS, "free_mb", "D:", None),
        (DISKS, "total_mb", "E:", None),
        (DISKS, "total_mb", "", None),
        ("[]", "total_mb", None, None),
    ],
)
def test_disk_sum_adds_what_is_known(database_url, disks, field, drive, expected):
    statement = text("SELECT mirror.disk_sum(CAST(:disks AS jsonb), :field, :drive)")
    values = {"disks": disks, "field": field, "drive": drive}
    assert ask(database_url, lambda connection: connection.scalar(statement, values)) == expected


KIND = {"os": "Windows 10", "os_version": "22H2", "os_build": "19045.1", "device_class": "PC", "processor": "i5", "processor_cores": 4}  # fmt: skip
MAKE = {"vendor": "Dell", "model": "085D", "product": "OptiPlex"}


@pytest.mark.parametrize(
    ("values", "number", "is_same"),
    [
        ({"name": "other", "memory_mb": 4096, **dict.fromkeys(MAKE, "other")}, "kind", True),
        ({"os_build": "19045.9999"}, "kind", True),
        *(({column: "0"}, "kind", False) for column in KIND if column != "processor_cores"),
        ({"processor_cores": 8}, "kind", False),
        ({"os_build": "10.0.19045"}, "kind", False),
        ({"name": "other", **dict.fromkeys(KIND.keys() - {"processor_cores"}, "other")}, "make", True),
        *(({column: column_value}, "make", False) for column in MAKE for column_value in ("other", None)),
    ],
)
def test_machines_of_one_kind_and_of_one_make_have_the_same_numbers(database_url, values, number, is_same):
    rows = [
        {"id": id_, "name": "PC", "raw": {}, "raw_hash": 0, "fetched_at": NOW, **KIND, **MAKE, **more}
        for id_, more in ((1, {}), (2, values))
    ]

    def numbers(connection):
        for row in rows:  # one by one: their columns differ
            connection.execute(insert(machine).values(row))
        found = list(connection.scalars(select(machine.c[number])))
        connection.rollback()
        return found

    first, second = ask(database_url, numbers)
    assert (first == second) == is_same


@pytest.fixture
def modest_url(postgres, bare_database_url):
    """The URL of a bare database for its owner, who may not make roles."""
    with owner_without_roles(postgres, bare_database_url, "modest") as url:
        yield url


def test_an_owner_who_may_not_make_roles_can_migrate_and_read(modest_url):
    migrate.upgrade(modest_url)
    user = ask(modest_url, lambda connection: connection.scalar(text("SELECT current_user")), read_engine)
    count = text("SELECT count(*) FROM mirror.ticket")
    assert (user, ask(modest_url, lambda connection: connection.scalar(count), read_engine)) == ("modest", 0)
    insert = text("INSERT INTO mirror.technician (id, name, last_seen_at) VALUES (1, 'A', now())")
    with pytest.raises(DBAPIError, match="read-only"):
        ask(modest_url, lambda connection: connection.execute(insert), read_engine)
