"""Postgres schemas of plugins: each has its own, with a role of its own for its jobs. Tools read them as they read the mirror.

A comment marks a schema as a plugin's, so that another program's is never taken for one, and so that the tables of a plugin
that is gone can be told.
"""

from collections.abc import Collection

from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.schema import CreateSchema

from .engines import ASSUMABLE, READER, WRITER
from .tables.base import MIRROR, OURS

RESERVED = frozenset({MIRROR, OURS, "public", "information_schema"})
"""Names that no plugin with tables may have."""
MARK = "helpdesk-mcp plugin"

_ACT_AS = text(f"""
    SELECT set_config('role', rolname::text, true) FROM pg_roles WHERE rolname = :role AND {ASSUMABLE}
""")  # noqa: S608 - our own words
_MARKED = text(
    "SELECT nspname FROM pg_namespace WHERE obj_description(oid, 'pg_namespace') = :mark ORDER BY nspname"
)
_TAKEN = text("""
    SELECT EXISTS (SELECT FROM pg_class WHERE relnamespace = oid_of.oid)
    FROM (SELECT oid FROM pg_namespace WHERE nspname = :schema
          AND obj_description(oid, 'pg_namespace') IS DISTINCT FROM :mark) AS oid_of
""")

# Whoever migrates owns the schema and may grant; only making a role and joining it can be forbidden.
_GRANT = """
DO $$
DECLARE
    reader text;
    writer text;
BEGIN
    BEGIN
        CREATE ROLE {role} NOLOGIN;
    EXCEPTION
        WHEN duplicate_object OR unique_violation THEN NULL;
        WHEN insufficient_privilege THEN RAISE NOTICE '{role}: this user may not create roles';
    END;
    FOR reader IN SELECT rolname FROM pg_roles WHERE rolname IN ('{reader}', '{writer}', '{role}') LOOP
        EXECUTE format('GRANT USAGE ON SCHEMA {schema} TO %I', reader);
        EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT SELECT ON TABLES TO %I', reader);
    END LOOP;
    FOR writer IN SELECT rolname FROM pg_roles WHERE rolname IN ('{writer}', '{role}') LOOP
        EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT INSERT, UPDATE, DELETE ON TABLES TO %I', writer);
        EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT USAGE ON SEQUENCES TO %I', writer);
    END LOOP;
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN
        GRANT USAGE ON SCHEMA mirror TO {role};
        GRANT SELECT ON ALL TABLES IN SCHEMA mirror TO {role};
        ALTER DEFAULT PRIVILEGES IN SCHEMA mirror GRANT SELECT ON TABLES TO {role};
        BEGIN
            GRANT {role} TO CURRENT_USER;
        EXCEPTION
            WHEN insufficient_privilege THEN RAISE NOTICE '{role}: this user may not grant it to itself';
        END;
    END IF;
END
$$
"""


class SchemaTaken(Exception):
    """The database has a schema of that name which is not the plugin's; the message says what to do."""


def plugin_role(plugin: str) -> str:
    """Return the role of a plugin's jobs."""
    return f"helpdesk_plugin_{plugin}"


async def act_as_plugin(connection: AsyncConnection, plugin: str) -> None:
    """Take on the plugin's rights until the transaction ends; where its role cannot be had, keep those of before."""
    await connection.execute(_ACT_AS, {"role": plugin_role(plugin)})


def prepare(connection: Connection, plugin: str) -> None:
    """Make the schema of a plugin, and say who may do what with the tables that will be made in it.

    Raises:
        SchemaTaken: it exists, has tables, and nobody marked it as the plugin's.
    """
    if connection.execute(_TAKEN, {"schema": plugin, "mark": MARK}).scalar():
        raise SchemaTaken(
            f"The database has a schema {plugin} already, which belongs to something else. Nothing was changed: rename "
            "that schema, or give this plugin another database."
        )
    connection.execute(CreateSchema(plugin, if_not_exists=True))
    connection.execute(text(f"COMMENT ON SCHEMA {plugin} IS '{MARK}'"))
    connection.execute(
        text(_GRANT.format(schema=plugin, role=plugin_role(plugin), reader=READER, writer=WRITER))
    )


def left_behind(connection: Connection, plugins: Collection[str]) -> list[str]:
    """Return the schemas of plugins that are not among `plugins`."""
    return [name for name in connection.execute(_MARKED, {"mark": MARK}).scalars() if name not in plugins]
