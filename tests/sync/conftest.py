"""A simulated account, a client of it and a database, and a way to look at both."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from tests.sync.compare import differences, told

from atera_simulator.seed import build_world
from atera_simulator.serve import Simulator
from helpdesk_mcp.atera import AteraClient, RetryPolicy
from helpdesk_mcp.store.engines import write_engine
from helpdesk_mcp.sync.cycle import sync_once

IMPATIENT = RetryPolicy(attempts=2, budget_s=5, first_delay_s=0.01)


@pytest.fixture
def world():
    return build_world("tiny")


@pytest.fixture
def simulator(world):
    with Simulator(world, rate_per_minute=None) as one:
        yield one


@pytest.fixture
def make_client(simulator):
    def make(kind=AteraClient, **options):
        limits = {"requests_per_minute": 1_000_000, "burst": 1000, "policy": IMPATIENT}
        return kind(simulator.url, simulator.token, **{**limits, **options})

    return make


@pytest.fixture
async def client(make_client):
    async with make_client() as one:
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
