"""What a server says of itself to whoever watches it."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import insert
from tests import toys
from tests.server.test_build import make_desk
from tests.server.test_reading import run

from helpdesk_mcp.discovery import Broken
from helpdesk_mcp.sdk import tables
from helpdesk_mcp.server import health as module
from helpdesk_mcp.server.health import Health, health

pytestmark = pytest.mark.anyio


@pytest.fixture
def synced(writer):
    async def minutes_ago(minutes):
        async with writer.begin() as connection:
            await connection.execute(insert(tables.sync_run), [run("tickets", "ok", minutes)])

    return minutes_ago


async def test_with_fresh_data_it_is_ready(reader, synced):
    await synced(3)
    assert await health(make_desk(engine=reader)) == Health(serves=True, line="ready")


async def test_old_data_are_told_and_still_served(reader, synced):
    await synced(120)
    assert await health(make_desk(engine=reader)) == Health(
        serves=True, line="degraded: The last sync was 2 h ago: the worker seems to be down."
    )


async def test_a_broken_plugin_is_named(reader, synced):
    await synced(3)
    broken = replace(toys.discovered, broken=(Broken("meraki", "no key", "meraki 1"),))
    assert (await health(make_desk(engine=reader, plugins=broken))).line == (
        "degraded: Plugin meraki is not available."
    )


async def test_without_its_database_it_is_not_ready():
    assert await health(make_desk()) == Health(
        serves=False, line="not ready: Postgres cannot be reached; check that it is running."
    )


async def test_a_database_that_keeps_silent_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(module, "PATIENCE_S", 0.01)

    async def silent():
        await asyncio.Event().wait()

    assert await health(make_desk(engine=silent)) == Health(
        serves=False, line="not ready: Postgres did not answer within 0.01 s."
    )
