"""Fixtures for databases: a real Postgres for the whole run, and migrated databases on it."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from pathlib import Path

import pytest
from filelock import FileLock
from sqlalchemy import URL, make_url, text

from helpdesk_mcp.embedded import Cluster, find_binaries
from helpdesk_mcp.store.engines import write_engine
from helpdesk_mcp.store.migrate import upgrade

# Two runs may share a server.
TEMPLATE = f"helpdesk_template_{os.getpid()}"
numbers = count(1)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the run choose its Postgres."""
    parser.addoption(
        "--postgres",
        default="embedded",
        help="Postgres for the tests: embedded, docker, or url:postgresql://superuser@host/database",
    )


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Run async tests on asyncio."""
    return "asyncio"


@pytest.fixture(scope="session")
def postgres(request: pytest.FixtureRequest) -> Iterator[URL]:
    """Return the URL of a database on a server whose databases are ours to make and drop."""
    kind = str(request.config.getoption("--postgres"))
    if kind.startswith("url:"):
        yield make_url(kind.removeprefix("url:")).set(drivername="postgresql+asyncpg")
    else:
        with _docker() if kind == "docker" else _embedded() as url:
            yield make_url(url)


@pytest.fixture(scope="session")
def template(postgres: URL, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the name of a migrated database to copy; nobody may stay connected to it."""
    with _database(postgres, TEMPLATE) as url:
        # Migrations make roles, which all databases of a server share; the processes of one run may share a server.
        with FileLock(tmp_path_factory.getbasetemp().parent / "roles.lock"):
            upgrade(url)
        yield TEMPLATE


@pytest.fixture(scope="session")
def shared_database_url(postgres: URL, template: str) -> Iterator[str]:
    """Return the URL of a migrated database for tests that empty it themselves: cheaper than one for each."""
    with _copy(postgres, template) as url:
        yield url


@pytest.fixture
def database_url(postgres: URL, template: str) -> Iterator[str]:
    """Return the URL of a migrated, empty database of the test's own."""
    with _copy(postgres, template) as url:
        yield url


@pytest.fixture(scope="module")
def own_database_url(postgres: URL, template: str) -> Iterator[str]:
    """Return the URL of a migrated, empty database for the tests of one file."""
    with _copy(postgres, template) as url:
        yield url


@pytest.fixture(scope="session")
def copy_of(postgres: URL) -> Callable[[str], AbstractContextManager[str]]:
    """Return what makes a copy of a database whose URL is given, to which nobody is connected."""
    return lambda url: _copy(postgres, str(make_url(url).database))


@pytest.fixture
def bare_database_url(postgres: URL) -> Iterator[str]:
    """Return the URL of a database without any table."""
    with _database(postgres, _new_name()) as url:
        yield url


def _copy(postgres: URL, template: str) -> AbstractContextManager[str]:
    return _database(postgres, _new_name(), f"TEMPLATE {template} STRATEGY file_copy")


def _new_name() -> str:
    return f"helpdesk_test_{os.getpid()}_{next(numbers)}"


@contextmanager
def _database(postgres: URL, name: str, made_from: str = "") -> Generator[str]:
    _execute(postgres, f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name} {made_from}")
    yield postgres.set(database=name).render_as_string(hide_password=False)
    _execute(postgres, f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def _embedded() -> Generator[str]:
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
def _docker() -> Generator[str]:
    # Only for those who ask for it: importing it talks to the engine.
    from testcontainers.community.postgres import PostgresContainer  # noqa: PLC0415 - see above

    with PostgresContainer("postgres:18", driver="asyncpg") as container:
        yield container.get_connection_url()


def _execute(postgres: URL, *statements: str) -> None:
    async def run() -> None:
        engine = write_engine(postgres)
        try:
            async with engine.connect() as connection:
                outside = await connection.execution_options(isolation_level="AUTOCOMMIT")
                for statement in statements:
                    await outside.execute(text(statement))
        finally:
            await engine.dispose()

    asyncio.run(run())
