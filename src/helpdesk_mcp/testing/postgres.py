"""Fixtures for databases: a real Postgres for the whole run, and migrated databases on it."""

import os
import shutil
import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from filelock import FileLock
from sqlalchemy import URL, make_url

from helpdesk_mcp.embedded import Cluster, find_binaries
from helpdesk_mcp.store.migrate import upgrade

from .spares import Spares, execute, new_name

# Two runs may share a server.
TEMPLATE = f"helpdesk_template_{os.getpid()}"


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
def spares(postgres: URL, template: str) -> Iterator[Spares]:
    """Return what lends databases to tests."""
    spares = Spares(postgres, template)
    yield spares
    spares.close()


@pytest.fixture(scope="session")
def shared_database_url(postgres: URL, template: str) -> Iterator[str]:
    """Return the URL of a migrated database for tests that empty it themselves: cheaper than one for each."""
    with _copy(postgres, template) as url:
        yield url


@pytest.fixture
def database_url(spares: Spares) -> Iterator[str]:
    """Return the URL of a migrated, empty database of the test's own."""
    url = spares.take()
    yield _whole(url)
    spares.give_back(url)


@pytest.fixture(scope="module")
def own_database_url(postgres: URL, template: str) -> Iterator[str]:
    """Return the URL of a migrated, empty database for the tests of one file, which no other has used before."""
    with _copy(postgres, template) as url:
        yield url


@pytest.fixture(scope="session")
def copy_of(spares: Spares) -> Callable[[str], AbstractContextManager[str]]:
    """Return what lends a database with the rows of another one, whose URL is given and which changes no more."""

    @contextmanager
    def copy(source: str) -> Generator[str]:
        url = spares.take(spares.content(make_url(source)))
        try:
            yield _whole(url)
        finally:
            spares.give_back(url)

    return copy


@pytest.fixture
def bare_database_url(postgres: URL) -> Iterator[str]:
    """Return the URL of a database without any table."""
    with _database(postgres, new_name()) as url:
        yield url


def _copy(postgres: URL, template: str) -> AbstractContextManager[str]:
    return _database(postgres, new_name(), f"TEMPLATE {template} STRATEGY file_copy")


def _whole(url: URL) -> str:
    return url.render_as_string(hide_password=False)


@contextmanager
def _database(postgres: URL, name: str, made_from: str = "") -> Generator[str]:
    execute(postgres, f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name} {made_from}")
    try:
        yield _whole(postgres.set(database=name))
    finally:
        execute(postgres, f"DROP DATABASE {name} WITH (FORCE)")


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
