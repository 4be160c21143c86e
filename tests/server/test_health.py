"""What a server says of itself to whoever watches it."""

import asyncio
from dataclasses import replace

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import insert
from tests import toys
from tests.app.test_pulse import Clock
from tests.server.test_build import make_desk, no_database
from tests.server.test_reading import run

from helpdesk_mcp import metrics
from helpdesk_mcp.discovery import Broken, Discovered, Loaded
from helpdesk_mcp.sdk import Call, Check, PluginSettings, Unavailable, tables
from helpdesk_mcp.server import health as module
from helpdesk_mcp.server.health import Watch, health
from helpdesk_mcp.store import revisions
from helpdesk_mcp.store.migrate import configuration, downgrade

pytestmark = pytest.mark.anyio


@pytest.fixture
def synced(writer):
    """Record that a run of the tickets ended so many minutes before the desk's present."""

    async def minutes_ago(minutes, outcome="ok"):
        async with writer.begin() as connection:
            await connection.execute(insert(tables.sync_run), [run("tickets", outcome, minutes)])

    return minutes_ago


def told(state):
    return state.status, list(state.reasons)


async def test_with_fresh_data_it_is_ready_and_tells_what_it_found(reader, synced):
    await synced(3)
    state = await health(make_desk(engine=reader))
    assert state.told() == {
        "status": "ready",
        "reasons": [],
        "database": "answers",
        "migrations": {"database": revisions.newest(), "server": revisions.newest()},
        "sync_age_seconds": {"tickets": 180},
        "atera": "answers",
        "plugins": {"loaded": ["toys"], "broken": []},
        "checks": {},
    }


async def test_an_empty_database_is_served_and_told(reader):
    state = await health(make_desk(engine=reader))
    assert told(state) == (
        "degraded",
        ["The first load of tickets is not complete: rows may be missing. See sync_status."],
    )
    assert state.parts["atera"] == "unknown"


async def test_a_dead_worker_is_told_and_old_data_are_served(reader, synced):
    await synced(120)
    assert told(await health(make_desk(engine=reader))) == (
        "degraded",
        ["The last sync was 2 h ago: the worker seems to be down."],
    )


async def test_atera_being_down_is_told_apart_from_a_dead_worker(reader, synced):
    await synced(120)
    await synced(5, "failed")
    await synced(1, "failed")
    state = await health(make_desk(engine=reader))
    assert told(state) == (
        "degraded",
        ["The worker's newest readings from Atera failed: `helpdesk-mcp status` says why."],
    )
    assert state.parts["atera"] == "fails"


async def test_one_failed_run_is_no_trouble_yet(reader, synced):
    await synced(5)
    await synced(1, "failed")
    assert (await health(make_desk(engine=reader))).status == "ready"


async def test_tickets_that_never_get_complete_are_told(reader, synced):
    await synced(120)
    await synced(2, "partial")
    assert told(await health(make_desk(engine=reader))) == (
        "degraded",
        ["Tickets were last read completely 2 h ago, though the worker runs."],
    )


async def test_a_database_behind_this_version_is_told(reader, synced, monkeypatch):
    await synced(3)
    monkeypatch.setattr(module, "_newest_revision", lambda: "9999")
    assert told(await health(make_desk(engine=reader))) == (
        "degraded",
        [
            f"The database is at revision {revisions.newest()} and this version at 9999: run `helpdesk-mcp migrate`."
        ],
    )


async def test_a_database_behind_in_its_columns_is_told_and_served_too(reader, synced, database_url):
    await synced(3)
    await asyncio.to_thread(downgrade, database_url, "0012")
    assert told(await health(make_desk(engine=reader))) == (
        "degraded",
        [
            f"The database is at revision 0012 and this version at {revisions.newest()}: run `helpdesk-mcp migrate`."
        ],
    )


async def test_a_database_ahead_of_this_version_is_fine(reader, synced, monkeypatch):
    await synced(3)
    monkeypatch.setattr(module, "_newest_revision", lambda: "0001")
    assert (await health(make_desk(engine=reader))).status == "ready"


def test_the_newest_revision_is_the_head_of_the_history():
    assert revisions.newest() == ScriptDirectory.from_config(configuration()).get_current_head()


async def test_a_broken_plugin_is_named(reader, synced):
    await synced(3)
    broken = replace(toys.discovered, broken=(Broken("meraki", "no key", "meraki 1"),))
    assert told(await health(make_desk(engine=reader, plugins=broken))) == (
        "degraded",
        ["Plugin meraki is not available."],
    )


async def test_a_failing_check_of_a_plugin_is_named_and_its_words_are_not_shown(reader, synced):
    async def reaches_its_cloud(call: Call) -> str:
        """Whether the cloud answers."""
        raise Unavailable("cloud.example refuses the key k-123.")

    async def has_its_rows(call: Call) -> str:
        """Whether there are rows."""
        return "3 rows."

    await synced(3)
    plugin = replace(toys.plugin, checks=(Check(run=reaches_its_cloud), Check(run=has_its_rows)))
    plugins = Discovered((Loaded(plugin, PluginSettings(), "toys 1"),), ())
    state = await health(make_desk(engine=reader, plugins=plugins))
    assert told(state) == (
        "degraded",
        ["The check toys.reaches_its_cloud fails: `helpdesk-mcp status` tells what it says."],
    )
    assert state.parts["checks"] == {"toys.reaches_its_cloud": "fails", "toys.has_its_rows": "ok"}


AWAY = {
    "status": "not ready",
    "reasons": ["Postgres cannot be reached; check that it is running."],
    "database": "away",
}


async def test_without_its_database_it_is_not_ready_until_that_comes_back(reader, synced):
    await synced(3)
    present = False
    clock = Clock()

    async def engine():
        return await (reader() if present else no_database())

    watch = Watch(make_desk(engine=engine), clock)
    assert (await watch.health()).told() == AWAY
    present = True
    assert (await watch.health()).status == "not ready"  # a look is kept for a second
    clock.now += module.KEPT_S + 0.1
    assert (await watch.health()).status == "ready"


async def test_a_database_that_keeps_silent_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(module, "PATIENCE_S", 0.01)

    async def silent():
        await asyncio.Event().wait()

    assert told(await health(make_desk(engine=silent))) == (
        "not ready",
        ["Postgres did not answer within 0.01 s."],
    )


async def test_a_server_that_stops_is_not_ready(reader, synced):
    await synced(3)
    desk = make_desk(engine=reader)
    desk.departure.begin()
    assert told(await Watch(desk).health()) == ("not ready", ["The server is stopping."])


async def test_the_state_of_each_stream_is_shown_to_prometheus_and_gone_with_the_database(reader, synced):
    await synced(3)
    await synced(1, "failed")
    desk = make_desk(engine=reader)
    await Watch(desk).health()
    names = ("helpdesk_sync_lag", "helpdesk_sync_last", "helpdesk_ready")
    shown = lines(*names)
    assert "helpdesk_ready 1.0" in shown
    assert 'helpdesk_sync_lag_seconds{stream="tickets"} 180.0' in shown
    assert 'helpdesk_sync_last_run_failed{stream="tickets"} 1.0' in shown
    assert 'helpdesk_sync_last_run_requests{stream="tickets"} 0.0' in shown
    assert 'helpdesk_sync_last_run_rows{fate="changed",stream="tickets"} 0.0' in shown
    (success,) = lines('helpdesk_sync_last_success_timestamp_seconds{stream="tickets"}')
    assert float(success.split()[-1]) == desk.clock().timestamp() - 180
    await Watch(make_desk()).health()
    assert lines(*names) == ["helpdesk_ready 0.0"]


def lines(*names):
    page, _ = metrics.page()
    return [line for line in page.decode().splitlines() if line.startswith(names)]
