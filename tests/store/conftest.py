"""A connection to a migrated database of the test's own."""

import pytest

from helpdesk_mcp.store.engines import write_engine


@pytest.fixture
async def engine(database_url):
    engine = write_engine(database_url)
    yield engine
    await engine.dispose()


@pytest.fixture
async def connection(engine):
    async with engine.connect() as connection:
        yield connection
