"""Fixtures: a real Postgres, rows made by hand, and the plugin called the way the server calls it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from atera_simulator.seed import build_world
from atera_simulator.serve import Simulator
from helpdesk_mcp.atera import AteraClient
from helpdesk_mcp.sdk import tables
from helpdesk_mcp.store.engines import read_engine, write_engine
from helpdesk_mcp.sync.cycle import sync_once
from helpdesk_mcp.testing import NOW, Asker, Mirror, ago, make_desk
from helpdesk_mcp_atera_read import plugin as atera_read


class Tickets(Mirror):
    """Rows of the local copy: what a test does not say has a harmless value."""

    def __init__(self, engine):
        super().__init__(engine)
        self._ids = count(1000)

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

    async def contact(self, id_, first_name, last_name, **values):
        await self.add(tables.contact, id=id_, first_name=first_name, last_name=last_name, **values)

    async def alert(self, id_, title, **values):
        base = {"created_at": ago(hours=5), "is_archived": False, "severity": "Warning", "category": "Disk"}
        await self.add(tables.alert, **{**base, "id": id_, "title": title, **values})


@pytest.fixture
def plugin():
    return atera_read


@pytest.fixture
async def mirror(plugin_database_url) -> AsyncIterator[Tickets]:
    """An empty local copy."""
    engine = write_engine(plugin_database_url)
    made = Tickets(engine)
    await made.empty()
    yield made
    await engine.dispose()


@pytest.fixture
async def anonymous(plugin_database_url) -> AsyncIterator[Asker]:
    """The plugin, asked by nobody known."""
    engine = read_engine(plugin_database_url)
    yield Asker(make_desk(atera_read, engine, engineer=None))
    await engine.dispose()


@pytest.fixture
async def synced(plugin_database_url, mirror) -> AsyncIterator[Asker]:
    """The plugin, on what the sync makes of a small simulated account; asked by an engineer of it, at its newest moment."""
    world = build_world("tiny")
    engine = write_engine(plugin_database_url)
    with Simulator(world, rate_per_minute=None) as simulator:
        limits = {"requests_per_minute": 1_000_000, "burst": 1000}
        async with AteraClient(simulator.url, simulator.token, **limits) as client:
            await sync_once(client, engine)
    await engine.dispose()
    reader = read_engine(plugin_database_url)
    engineer = next(iter(world.technicians.values()))["TechnicianFullName"]
    asker = Asker(make_desk(atera_read, reader, engineer=engineer, now=datetime.now(UTC)))
    asker.world = world
    yield asker
    await reader.dispose()
