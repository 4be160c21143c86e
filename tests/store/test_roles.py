"""Every role on every table with every verb: what is not written down here as allowed is forbidden, also on tables to come."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from tests.logins import execute, members, owner_without_roles

from helpdesk_mcp.store import migrate, roles
from helpdesk_mcp.store.engines import READER, SERVER, WRITER, read_engine, sqlstate, write_engine

pytestmark = pytest.mark.anyio

VERBS = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
LOOK = frozenset({"SELECT"})
KEEP = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE"})
FILL = KEEP | {"TRUNCATE"}
REFRESH = frozenset({"SELECT", "INSERT", "UPDATE"})
ADD = frozenset({"SELECT", "INSERT"})
NOTHING = frozenset()

# Rights by table, in the order of ROLES. A table that is missing here fails the test: decide who may do what with it.
ROLES = (READER, WRITER, SERVER)
MIRRORED = (LOOK, FILL, LOOK)
REFRESHED = (LOOK, FILL, REFRESH)
OF_THE_SYNC = (LOOK, KEEP, LOOK)
ALLOWED = {
    "mirror.account": MIRRORED,
    "mirror.alert": MIRRORED,
    "mirror.article": MIRRORED,
    "mirror.contact": REFRESHED,
    "mirror.contract": MIRRORED,
    "mirror.custom_field": MIRRORED,
    "mirror.custom_value": MIRRORED,
    "mirror.customer": MIRRORED,
    "mirror.machine": MIRRORED,
    "mirror.technician": REFRESHED,
    "mirror.ticket": REFRESHED,
    "mirror.ticket_comment": REFRESHED,
    "mirror.ticket_history": (LOOK, FILL, ADD),
    "mirror.time_entry": REFRESHED,
    "helpdesk.alembic_version": (LOOK, LOOK, LOOK),
    "helpdesk.sync_run": OF_THE_SYNC,
    "helpdesk.quarantine": OF_THE_SYNC,
    "helpdesk.field_drift": OF_THE_SYNC,
    "helpdesk.change": (NOTHING, NOTHING, ADD),
    "helpdesk.journal": (NOTHING, NOTHING, ADD),
    "helpdesk.draft": (NOTHING, NOTHING, frozenset({"SELECT", "INSERT", "DELETE"})),
    "helpdesk.token": (NOTHING, NOTHING, LOOK),
    "helpdesk.wanted_facts": (NOTHING, frozenset({"SELECT", "DELETE"}), ADD),
}
COLUMNS = {(SERVER, "helpdesk.token", "last_used_at", "UPDATE")}
"""Rights on a column alone."""

IN_CATALOGUE = text("""
    SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname IN ('mirror', 'helpdesk') AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
""")
BY_COLUMN = text("""
    SELECT role, format('%I.%I', table_schema, table_name), column_name, verb
    FROM information_schema.columns, unnest(CAST(:roles AS text[])) AS role, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE']) AS verb
    WHERE table_schema IN ('mirror', 'helpdesk')
      AND has_column_privilege(role, format('%I.%I', table_schema, table_name), column_name, verb)
      AND NOT has_table_privilege(role, format('%I.%I', table_schema, table_name), verb)
""")


async def rows(engine, statement, **values):
    async with engine.connect() as connection:
        return (await connection.execute(statement, values)).all()


async def test_every_table_is_in_the_list_of_what_is_allowed(engine):
    assert {row[0] for row in await rows(engine, IN_CATALOGUE)} == set(ALLOWED)


@pytest.mark.parametrize("role", ROLES)
async def test_each_role_may_do_what_is_allowed_and_nothing_else(engine, role):
    granted = text("""
        SELECT name, verb FROM unnest(CAST(:tables AS text[])) AS name, unnest(CAST(:verbs AS text[])) AS verb
        WHERE has_table_privilege(:role, name, verb)
    """)
    found = {tuple(row) for row in await rows(engine, granted, tables=[*ALLOWED], verbs=[*VERBS], role=role)}
    place = ROLES.index(role)
    assert found == {(table, verb) for table, rights in ALLOWED.items() for verb in rights[place]}


async def test_rights_on_single_columns_are_those_allowed(engine):
    assert {tuple(row) for row in await rows(engine, BY_COLUMN, roles=[*ROLES])} == COLUMNS


@pytest.mark.parametrize("role", ROLES)
async def test_no_role_may_make_tables_or_functions_or_owns_anything(engine, role):
    mighty = text("""
        SELECT (SELECT bool_or(has_schema_privilege(:role, name, 'CREATE')) FROM unnest(ARRAY['mirror', 'helpdesk', 'public']) AS name),
               (SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls OR rolcanlogin FROM pg_roles WHERE rolname = :role),
               EXISTS (SELECT FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE rolname = :role)
    """)
    assert [tuple(row) for row in await rows(engine, mighty, role=role)] == [(False, False, False)]


@pytest.mark.parametrize("role", ROLES)
async def test_a_statement_that_is_not_allowed_is_refused_when_it_runs(database_url, role):
    # What the catalogue says is what Postgres does: one real attempt for each verb on each table.
    engine, place = write_engine(database_url, role=role), ROLES.index(role)
    attempts = {
        "SELECT": "SELECT FROM {} LIMIT 0",
        "DELETE": "DELETE FROM {} WHERE false",
        "INSERT": "INSERT INTO {} DEFAULT VALUES",
        "TRUNCATE": "TRUNCATE {}",
    }
    wrong = []
    try:
        async with engine.connect() as connection:
            for table, rights in ALLOWED.items():
                for verb in attempts.keys() - rights[place]:
                    if (told := await refused(connection, attempts[verb].format(table))) != "42501":
                        wrong.append((table, verb, told))  # noqa: PERF401 - a statement each
    finally:
        await engine.dispose()
    assert wrong == []


async def refused(connection, statement):
    try:
        await connection.execute(text(statement))
    except DBAPIError as error:
        return sqlstate(error)
    else:
        return None
    finally:
        await connection.rollback()


async def test_the_server_may_note_the_use_of_a_token_and_change_nothing_else_of_it(database_url):
    engine = write_engine(database_url, role=SERVER)
    try:
        async with engine.connect() as connection:
            assert await refused(connection, "UPDATE helpdesk.token SET last_used_at = now()") is None
            for statement in (
                "UPDATE helpdesk.token SET scopes = '{reach}'",
                "UPDATE helpdesk.token SET revoked_at = NULL",
                "UPDATE helpdesk.token SET expires_at = now()",
                "UPDATE helpdesk.token SET engineer = 'me'",
            ):
                assert await refused(connection, statement) == "42501"
    finally:
        await engine.dispose()


# ---- an owner who may not make roles, as at a managed Postgres ----


@pytest.fixture
def modest_url(postgres, bare_database_url):
    """The URL of a migrated database for its owner, who may neither make roles nor take those that others have made."""
    with owner_without_roles(postgres, bare_database_url, "frugal") as url:
        migrate.upgrade(url)
        yield url


async def test_where_no_role_can_be_taken_things_work_and_the_log_says_so_once(modest_url, caplog):
    reader, server = read_engine(modest_url), write_engine(modest_url, role=SERVER)
    try:
        for engine in (reader, server, reader):
            async with engine.connect() as connection, engine.connect() as another:
                for one in (connection, another):
                    assert (await one.execute(text("SELECT current_user"))).scalar() == "frugal"
        async with server.connect() as connection:
            assert await roles.untaken(connection) == [READER, WRITER, SERVER]
    finally:
        await reader.dispose()
        await server.dispose()
    told = [record.getMessage() for record in caplog.records if "role_not_taken" in record.getMessage()]
    assert told == [
        f"role_not_taken role={role} rights=those of the user in HELPDESK_DATABASE_URL"
        for role in (READER, SERVER)
    ]


@pytest.fixture
def helped_url(postgres, bare_database_url):
    """The same, after an administrator gave the owner roles that exist, as docs/database-roles.md says."""
    with owner_without_roles(postgres, bare_database_url, "helped") as url:
        execute(postgres, f"GRANT {', '.join(ROLES)} TO helped")
        migrate.upgrade(url)
        yield url


async def test_an_owner_who_was_given_the_roles_takes_them(helped_url):
    assert await current(read_engine(helped_url)) == READER
    assert await current(write_engine(helped_url, role=SERVER)) == SERVER
    engine = write_engine(helped_url, role=WRITER)
    try:
        async with engine.begin() as connection:
            await connection.execute(text("DELETE FROM mirror.ticket"))
            assert await roles.untaken(connection) == []
    finally:
        await engine.dispose()


async def test_an_owner_who_takes_the_roles_is_told_nothing(engine):
    async with engine.connect() as connection:
        assert await roles.untaken(connection) == []


# ---- three logins, each a member of one role ----


@pytest.fixture
def logins(postgres, database_url):
    """The database's URL for a login of each role."""
    roles_of = {"ask_login": READER, "sync_login": WRITER, "serve_login": SERVER}
    with members(postgres, database_url, **roles_of) as urls:
        yield {role: urls[name] for name, role in roles_of.items()}


async def current(engine):
    try:
        async with engine.connect() as connection:
            return (await connection.execute(text("SELECT current_user"))).scalar()
    finally:
        await engine.dispose()


async def test_a_login_of_one_role_takes_that_role(logins):
    assert await current(write_engine(logins[WRITER], role=WRITER)) == WRITER
    assert await current(write_engine(logins[SERVER], role=SERVER)) == SERVER
    assert await current(read_engine(logins[READER])) == READER


async def test_the_servers_login_asks_as_a_reader(logins):
    assert await current(read_engine(logins[SERVER])) == READER


async def test_no_login_takes_the_role_of_another(logins):
    assert await current(write_engine(logins[WRITER], role=SERVER)) == "sync_login"
    assert await current(write_engine(logins[SERVER], role=WRITER)) == "serve_login"
    assert await current(write_engine(logins[READER], role=WRITER)) == "ask_login"


async def test_a_login_that_owns_nothing_is_not_told_of_roles_it_lacks(logins):
    engine = write_engine(logins[WRITER], role=WRITER)
    try:
        async with engine.connect() as connection:
            assert await roles.untaken(connection) == []
    finally:
        await engine.dispose()


def test_the_workers_login_sees_that_nothing_is_pending(logins):
    assert migrate.pending(logins[WRITER]) == []


def test_a_login_that_would_have_to_migrate_is_told_who_can(logins, database_url):
    migrate.downgrade(database_url, "0007")
    with pytest.raises(migrate.MigrationBlocked) as blocked:
        migrate.upgrade(logins[WRITER])
    assert str(blocked.value) == (
        "The database is not at this version, and the user in HELPDESK_DATABASE_URL may not bring it there: run "
        "`helpdesk-mcp migrate` with the address of the database's owner."
    )
