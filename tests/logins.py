"""Logins of the database server, which outlive a database: made for a test and dropped after it."""

import asyncio
from contextlib import contextmanager

import asyncpg
from sqlalchemy import make_url


def execute(url, *statements):
    """Run statements as the user of `url`."""

    async def run():
        dsn = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        connection = await asyncpg.connect(dsn)
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    asyncio.run(run())


def as_user(url, name):
    """The same database for somebody else."""
    return make_url(url).set(username=name, password=name).render_as_string(hide_password=False)


@contextmanager
def members(postgres, url, **roles):
    """Make a login for each name, a member of one role, as docs/database-roles.md says; yields the URL of each."""
    for name, role in roles.items():
        execute(postgres, f"CREATE ROLE {name} LOGIN PASSWORD '{name}'", f"GRANT {role} TO {name}")
    yield {name: as_user(url, name) for name in roles}
    execute(postgres, f"DROP ROLE {', '.join(roles)}")


@contextmanager
def owner_without_roles(postgres, url, name):
    """Give a bare database to a login that may neither make roles nor take those of others; yields its URL."""
    database = make_url(url).database
    execute(postgres, f"CREATE ROLE {name} LOGIN", f"ALTER DATABASE {database} OWNER TO {name}")
    yield as_user(url, name)
    execute(
        postgres, f"DROP DATABASE {database} WITH (FORCE)", f"CREATE DATABASE {database}", f"DROP ROLE {name}"
    )
