"""Fixtures: a real Postgres, rows made by hand, and the plugin called the way the server calls it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from atera_simulator.seed import build_world
from atera_simulator.serve import Simulator
from helpdesk_mcp.atera import AteraClient
from helpdesk_mcp.discovery import Discovered, Loaded
from helpdesk_mcp.sdk import Caller, PluginSettings, tables
from helpdesk_mcp.server import calls
from helpdesk_mcp.server.desk import Desk
from helpdesk_mcp.store.engines import read_engine, write_engine
from helpdesk_mcp.sync.cycle import sync_once
from helpdesk_mcp_atera_read import plugin

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def ago(**span) -> datetime:
    return NOW - timedelta(**span)


class Mirror:
    """Rows of the local copy, made by hand: what a test does not say has a harmless value."""

    def __init__(self, engine):
        self._engine = engine
        self._ids = count(1000)

    async def add(self, table, **values):
        await self.add_all(table, [values])

    async def add_all(self, table, rows):
        base = {"raw": {}, "raw_hash": 0, "fetched_at": NOW}
        base = {name: value for name, value in base.items() if name in table.c}
        async with self._engine.begin() as connection:
            for row in rows:
                await connection.execute(table.insert().values({**base, **row}))

    async def ticket(self, number, title="Printer offline", **values):
        base = {
            "id": int(number) + 60_000,
            "description": "",
            "status": "Open",
            "priority": "Medium",
            "type": "Incident",
            "created_at": ago(days=3),
            "thread_read_at": NOW,
        }
        await self.add(tables.ticket, **{**base, "number": str(number), "title": title, **values})

    async def comment(self, number, body, **values):
        key = next(self._ids)
        base = {
            "key": key,
            "at": ago(days=2) + timedelta(minutes=key - 1000),
            "author_kind": "technician",
            "author_name": "Jens Holm",
            "is_internal": False,
        }
        await self.add(
            tables.ticket_comment, **{**base, "ticket_id": int(number) + 60_000, "body": body, **values}
        )

    async def engineer(self, id_, name, email=None):
        await self.add(tables.technician, id=id_, name=name, email=email, last_seen_at=NOW)

    async def customer(self, id_, name, **values):
        await self.add(tables.customer, id=id_, name=name, **values)

    async def contact(self, id_, first_name, last_name, **values):
        await self.add(tables.contact, id=id_, first_name=first_name, last_name=last_name, **values)

    async def alert(self, id_, title, **values):
        base = {"created_at": ago(hours=5), "is_archived": False, "severity": "Warning", "category": "Disk"}
        await self.add(tables.alert, **{**base, "id": id_, "title": title, **values})

    async def synced(self, *streams, at=None):
        at = at or ago(minutes=3)
        for stream in streams:
            await self.add(
                tables.sync_run, stream=stream, started_at=at, finished_at=at, data_as_of=at, outcome="ok"
            )


class Asker:
    """Calls tools, prompts, resources and completions as the server does: checked arguments in, whole text out."""

    def __init__(self, desk: Desk):
        self.desk = desk

    async def __call__(self, tool: str, **arguments) -> str:
        offered = self.desk.tools[tool]
        return await calls.run(self.desk, self.desk.local, offered, arguments)

    async def refusal(self, tool: str, **arguments) -> str:
        with pytest.raises(calls.Failed) as caught:
            await self(tool, **arguments)
        return str(caught.value)

    async def prompt(self, name: str, **arguments) -> str:
        return await calls.run(self.desk, self.desk.local, self.desk.prompts[name], arguments)

    async def resource(self, uri: str, **fields) -> str:
        offered = self.desk.resources[uri]
        return await calls.run(self.desk, self.desk.local, offered, fields)

    async def completed(self, argument: str, typed: str) -> list[str]:
        run = next(one.run for one in plugin.completions if one.argument == argument)
        async with self.desk.call(self.desk.plugins.loaded[0], self.desk.local) as call:
            return await run(call, typed)


@pytest.fixture(scope="session")
def database_url(shared_database_url) -> str:
    """One database for all tests of this plugin: `mirror` empties it."""
    return shared_database_url


@pytest.fixture
async def mirror(database_url) -> AsyncIterator[Mirror]:
    """An empty local copy."""
    engine = write_engine(database_url)
    async with engine.begin() as connection:
        names = ", ".join(table.fullname for table in tables.metadata.sorted_tables)
        await connection.execute(text(f"TRUNCATE {names}"))
    yield Mirror(engine)
    await engine.dispose()


def make_desk(engine, *, engineer="Jens Holm", now=NOW):
    async def opened():
        return engine

    return Desk(
        engine=opened,
        plugins=Discovered((Loaded(plugin, PluginSettings(), "atera_read 0"),), ()),
        zone=ZoneInfo("Europe/Copenhagen"),
        local=Caller(person="test", engineer=engineer),
        small=False,
        call_timeout_s=10,
        clock=lambda: now,
    )


@pytest.fixture
async def ask(database_url) -> AsyncIterator[Asker]:
    """The plugin, on the local copy; Jens Holm asks, in Copenhagen, on 24 November 2026 at 10:00."""
    engine = read_engine(database_url)
    yield Asker(make_desk(engine))
    await engine.dispose()


@pytest.fixture
async def anonymous(database_url) -> AsyncIterator[Asker]:
    """The plugin, asked by nobody known."""
    engine = read_engine(database_url)
    yield Asker(make_desk(engine, engineer=None))
    await engine.dispose()


@pytest.fixture
async def synced(database_url, mirror) -> AsyncIterator[Asker]:
    """The plugin, on what the sync makes of a small simulated account; asked by an engineer of it, at its newest moment."""
    world = build_world("tiny")
    engine = write_engine(database_url)
    with Simulator(world, rate_per_minute=None) as simulator:
        limits = {"requests_per_minute": 1_000_000, "burst": 1000}
        async with AteraClient(simulator.url, simulator.token, **limits) as client:
            await sync_once(client, engine)
    await engine.dispose()
    reader = read_engine(database_url)
    engineer = next(iter(world.technicians.values()))["TechnicianFullName"]
    asker = Asker(make_desk(reader, engineer=engineer, now=datetime.now(UTC)))
    asker.world = world
    yield asker
    await reader.dispose()
