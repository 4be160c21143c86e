"""A simulated account, a client of it and a database, and a way to look at both."""

import asyncio
import copy
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from tests.sync.compare import differences, told
from tests.sync.small import SmallPages, small_world

from atera_simulator.seed import build_world
from atera_simulator.serve import Simulator
from helpdesk_mcp.atera import AteraClient, RetryPolicy
from helpdesk_mcp.store.engines import write_engine
from helpdesk_mcp.sync.cycle import sync_once

IMPATIENT = RetryPolicy(attempts=2, budget_s=5, first_delay_s=0.01)
UNLIMITED = {"requests_per_minute": 1_000_000, "burst": 1000, "policy": IMPATIENT}


@pytest.fixture(scope="session")
def untouched_world():
    return build_world("tiny")


@pytest.fixture
def small():
    """For tests that want much to happen in little time: an account of a few records, read in many small pages."""


@pytest.fixture
def world(request, untouched_world):
    return small_world() if "small" in request.fixturenames else copy.deepcopy(untouched_world)


@pytest.fixture(scope="session")
def loaded_template(postgres, template, copy_of, untouched_world):
    """The URL of a database into which the account was read once; to copy, for which nobody may stay connected."""
    with (
        copy_of(postgres.set(database=template)) as url,
        Simulator(copy.deepcopy(untouched_world), rate_per_minute=None) as simulator,
    ):
        asyncio.run(load(simulator, url))
        yield url


async def load(simulator, url):
    engine = write_engine(url)
    async with AteraClient(simulator.url, simulator.token, **UNLIMITED) as client:
        await sync_once(client, engine)
    await engine.dispose()


@pytest.fixture
def loaded():
    """For tests that begin after a first load: the database has the account as it is, which takes two seconds to read."""


@pytest.fixture
def database_url(request):
    """The URL of a migrated database of the test's own: empty, or `loaded`."""
    is_loaded = "loaded" in request.fixturenames
    return request.getfixturevalue("loaded_url" if is_loaded else "database_url")


@pytest.fixture
def loaded_url(loaded_template, copy_of):
    with copy_of(loaded_template) as url:
        yield url


@pytest.fixture
def simulator(world):
    with Simulator(world, rate_per_minute=None) as one:
        yield one


@pytest.fixture
def make_client(simulator):
    def make(kind=AteraClient, **options):
        return kind(simulator.url, simulator.token, **{**UNLIMITED, **options})

    return make


@pytest.fixture
async def client(request, make_client):
    async with make_client(SmallPages if "small" in request.fixturenames else AteraClient) as one:
        yield one


@pytest.fixture
async def engine(database_url):
    engine = write_engine(database_url)
    yield engine
    await engine.dispose()


@pytest.fixture
def sync(client, engine):
    async def run(**options):
        return {report.stream: report for report in await sync_once(client, engine, **options)}

    return run


@pytest.fixture
def rows(engine):
    """Rows of a statement, as dicts."""

    async def ask(statement, **values):
        async with engine.connect() as connection:
            return [dict(row) for row in (await connection.execute(text(statement), values)).mappings()]

    return ask


@pytest.fixture
def equal(simulator, engine):
    """Assert that the database says what the account says, in every field."""

    async def check():
        with simulator.changing() as world:
            found = await differences(engine, world)
        assert not found, told(found)

    return check


@pytest.fixture
def now():
    return datetime.now(UTC)
