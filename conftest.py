"""Fixtures for every test, of the core and of the plugins: a real Postgres, and migrated databases on it."""

import asyncio
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import URL, make_url

from helpdesk_mcp.embedded import Cluster, find_binaries
from helpdesk_mcp.store.migrate import upgrade

pytest_plugins = ["tests.office"]

TEMPLATE = "helpdesk_template"
numbers = count(1)


def pytest_addoption(parser):
    parser.addoption(
        "--postgres",
        default="embedded",
        help="Postgres for the tests: embedded, docker, or url:postgresql://superuser@host/database",
    )


@pytest.fixture(scope="session")
def anyio_backend():
    return "asyncio"


@pytest.fixture(scope="session")
def postgres(request) -> Iterator[URL]:
    """The URL of a database on a server whose databases are ours to make and drop."""
    kind = request.config.getoption("--postgres")
    if kind.startswith("url:"):
        yield make_url(kind.removeprefix("url:")).set(drivername="postgresql+asyncpg")
    else:
        with _docker() if kind == "docker" else _embedded() as url:
            yield make_url(url)


@pytest.fixture(scope="session")
def template(postgres) -> str:
    """The name of a migrated database to copy; nobody may stay connected to it."""
    _execute(postgres, f"DROP DATABASE IF EXISTS {TEMPLATE}", f"CREATE DATABASE {TEMPLATE}")
    upgrade(_named(postgres, TEMPLATE))
    return TEMPLATE


@pytest.fixture(scope="session")
def shared_database_url(postgres, template) -> Iterator[str]:
    """The URL of a migrated database for tests that empty it themselves: cheaper than one for each."""
    with _database(postgres, f"TEMPLATE {template} STRATEGY file_copy") as url:
        yield url


@pytest.fixture
def database_url(postgres, template) -> Iterator[str]:
    """The URL of a migrated, empty database of the test's own."""
    with _database(postgres, f"TEMPLATE {template} STRATEGY file_copy") as url:
        yield url


@pytest.fixture
def own_database_url(postgres, template) -> Iterator[str]:
    """The same, for those who have given `database_url` another meaning."""
    with _database(postgres, f"TEMPLATE {template} STRATEGY file_copy") as url:
        yield url


@pytest.fixture(scope="session")
def copy_of(postgres) -> Callable[[str], AbstractContextManager[str]]:
    """Make a copy of a database whose URL is given, to which nobody is connected."""
    return lambda url: _database(postgres, f"TEMPLATE {make_url(url).database} STRATEGY file_copy")


@pytest.fixture
def bare_database_url(postgres) -> Iterator[str]:
    """The URL of a database without any table."""
    with _database(postgres, "") as url:
        yield url


@contextmanager
def _database(postgres: URL, made_from: str) -> Iterator[str]:
    name = f"helpdesk_test_{next(numbers)}"
    _execute(postgres, f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name} {made_from}")
    yield _named(postgres, name)
    _execute(postgres, f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def _embedded() -> Iterator[str]:
    # Not below pytest's own folder, which is closed to the account that runs the server when we are root.
    home = Path(tempfile.mkdtemp(prefix="helpdesk-postgres-"))
    home.chmod(0o755)
    # Its own vacuum would run when it likes, and change plans and visible rows under a test.
    settings = {"autovacuum": "off"}
    cluster = Cluster(home / "home", find_binaries(None), settings, durable=False).start()
    try:
        cluster.ensure_database("helpdesk")
        yield cluster.url("helpdesk")
    finally:
        cluster.stop()
        shutil.rmtree(home)


@contextmanager
def _docker() -> Iterator[str]:
    # Only for those who ask for it: importing it talks to the engine.
    from testcontainers.community.postgres import PostgresContainer  # noqa: PLC0415 - see above

    container = PostgresContainer("postgres:18", driver="asyncpg")
    with container:
        yield container.get_connection_url()


def _named(postgres: URL, name: str) -> str:
    return postgres.set(database=name).render_as_string(hide_password=False)


def _execute(postgres: URL, *statements: str) -> None:
    async def run() -> None:
        dsn = postgres.set(drivername="postgresql").render_as_string(hide_password=False)
        connection = await asyncpg.connect(dsn)
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    asyncio.run(run())
