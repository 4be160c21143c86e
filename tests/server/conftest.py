"""The engines of a server on a database of the test's own."""

import pytest

from helpdesk_mcp.store.engines import read_engine, write_engine


@pytest.fixture
async def reader(database_url):
    engine = read_engine(database_url)

    async def give():
        return engine

    yield give
    await engine.dispose()


@pytest.fixture
async def writer(database_url):
    engine = write_engine(database_url)
    yield engine
    await engine.dispose()
