"""What Prometheus is shown."""

import gc

import pytest
from sqlalchemy import text

from helpdesk_mcp import metrics
from helpdesk_mcp.store.engines import read_engine

pytestmark = pytest.mark.anyio


def shown(*parts):
    page, _ = metrics.page()
    return [line for line in page.decode().splitlines() if all(part in line for part in parts)]


async def test_connections_to_postgres_are_shown_in_use_and_idle_for_as_long_as_their_engine_lives(
    database_url,
):
    engine = read_engine(database_url, application_name="helpdesk-mcp test of pools")
    name = 'engine="helpdesk-mcp test of pools"'
    async with engine.connect() as connection:
        await connection.execute(text("SELECT 1"))
        assert [line.split()[-1] for line in shown(name, "in_use")] == ["1.0"]
    assert [line.split()[-1] for line in shown(name, "in_use")] == ["0.0"]
    assert [line.split()[-1] for line in shown(name, "idle")] == ["1.0"]
    await engine.dispose()
    del engine, connection
    gc.collect()
    assert shown(name) == []
