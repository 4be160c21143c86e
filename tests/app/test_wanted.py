"""Machines that questions need: recorded beside the answer, bounded, and never in its way."""

import asyncio
import logging
from datetime import timedelta

import pytest
from sqlalchemy import text

from helpdesk_mcp.app.wanted import FactRequests
from helpdesk_mcp.sdk.wanted import MOST, nobody_reads
from helpdesk_mcp.store.engines import SERVER, write_engine
from helpdesk_mcp.store.facts import want

pytestmark = pytest.mark.anyio
MACHINES = """
    INSERT INTO mirror.machine (id, name, facts_read_at, deleted_at, raw, raw_hash, fetched_at)
    SELECT n, 'PC-' || n, CASE n WHEN 1 THEN now() - interval '14 minutes' WHEN 2 THEN now() - interval '16 minutes' END,
           CASE n WHEN 3 THEN now() END, '{}', 0, now()
    FROM generate_series(1, 600) AS n
"""


@pytest.fixture
async def owner(database_url):
    engine = write_engine(database_url)
    async with engine.begin() as connection:
        await connection.execute(text(MACHINES))
    yield engine
    await engine.dispose()


@pytest.fixture
async def requests(database_url, owner):
    engine = write_engine(database_url, role=SERVER)

    async def opened():
        return engine

    yield FactRequests(opened)
    await engine.dispose()


async def recorded(owner):
    async with owner.connect() as connection:
        rows = await connection.execute(
            text("SELECT machine_id FROM helpdesk.wanted_facts ORDER BY machine_id")
        )
        return list(rows.scalars())


async def test_what_was_just_read_or_is_gone_is_not_asked_for(requests, owner):
    assert requests([1, 2, 3, 4, 9999])
    await requests.written()
    assert await recorded(owner) == [2, 4]


async def test_asking_twice_records_once(requests, owner):
    requests([4, 5, 4])
    requests([5, 6])
    await requests.written()
    requests([4])
    await requests.written()
    assert await recorded(owner) == [4, 5, 6]


async def test_the_first_of_too_many_are_taken(requests, owner):
    requests(range(10, 601))
    await requests.written()
    assert await recorded(owner) == list(range(10, 10 + MOST))
    requests([4])
    await requests.written()
    assert len(await recorded(owner)) == MOST


async def test_as_many_wait_as_there_are_places(owner):
    async with owner.begin() as connection:
        await want(connection, [30, 20, 10], most=2, again_after=timedelta(0))
    assert await recorded(owner) == [20, 30]


async def test_trouble_with_the_database_is_logged_and_disturbs_nobody(caplog):
    async def away():
        await asyncio.sleep(0)
        raise OSError("away")

    requests = FactRequests(away)
    with caplog.at_level(logging.WARNING):
        assert requests([1])
        await requests.written()
    assert "wanted_facts_not_recorded machines=1 error=OSError" in caplog.text


def test_without_a_recorder_the_caller_learns_that_nobody_is_asked():
    assert not nobody_reads([1])
