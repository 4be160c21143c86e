"""Fixtures: a real Postgres, machines made by hand or by the simulator, and the plugin called the way the server calls it."""

import csv
import json
import zlib
from collections.abc import AsyncIterator
from io import StringIO
from urllib.parse import unquote

import pytest
from plugins.machines_query.tests.demo_world import fill
from sqlalchemy import select

from atera_simulator.seed import build_world
from helpdesk_mcp.sdk import tables
from helpdesk_mcp.store.engines import read_engine, write_engine
from helpdesk_mcp.testing import NOW, Asker, Mirror, ago, make_desk
from helpdesk_mcp_machines_query import plugin as machines_query
from helpdesk_mcp_machines_query.filters import Filters, to_query

WINDOWS_10 = {"os": "Microsoft Windows 10 Pro x64", "os_version": "22H2", "os_build": "19045.6456", "device_class": "Work Station"}  # fmt: skip
SUPPORTED = "Intel(R) Core(TM) i5-8500 CPU @ 3.00GHz"


def drive(letter="C:", total_gb=237.0, free_gb=100.0):
    return {"drive": letter, "total_mb": int(total_gb * 1024), "free_mb": int(free_gb * 1024)}


def machine(name, /, **values):
    """A row of a harmless machine; what a test says replaces it."""
    base = {
        "id": zlib.crc32(name.encode()),
        "customer_id": 1,
        "customer_name": "Acme",
        "name": name,
        **WINDOWS_10,
        "processor": SUPPORTED,
        "processor_cores": 6,
        "memory_mb": 8065,
        "vendor": "Dell Inc.",
        "model": "085D",
        "product": "OptiPlex 3060",
        "serial": f"SN{name}",
        "domain": "acme.local",
        "system_drive": "C:",
        "disks": [drive()],
        "is_online": True,
        "is_monitored": True,
        "last_seen_at": ago(minutes=2),
        "last_reboot_at": ago(days=3),
        "facts_read_at": ago(days=1),
    }
    return {**base, **values}


def facts_line(**said):
    base = {"v": 2, "tpm": "2.0", "sb": "on", "fw": "UEFI", "media": "SSD", "bus": "NVMe"}
    last = {name: said[name] for name in ("at", "disk", "sys") if name in said}
    line = {**base, **{name: value for name, value in said.items() if name not in last}, **last}
    return json.dumps(line, separators=(",", ":"))  # as ConvertTo-Json -Compress writes it


class Machines(Mirror):
    """Rows of the local copy: what a test does not say has a harmless value."""

    async def machines(self, *rows):
        async with self.engine.connect() as connection:
            there = set((await connection.execute(select(tables.customer.c.id))).scalars())
        known = {row["customer_id"]: row["customer_name"] for row in rows if row["customer_id"]}
        await self.add_all(
            tables.customer, [{"id": id_, "name": name} for id_, name in known.items() if id_ not in there]
        )
        await self.add_all(tables.machine, rows)

    async def fact(self, row, name, value):
        await self.add(
            tables.custom_value,
            {"target": "Agent", "item_id": row["id"], "name": name, "value": value, "fetched_at": NOW},
        )


class MachineAsker(Asker):
    """Somebody who asks about machines."""

    async def found(self, **filters) -> set[str]:
        """The names of the machines that a search lists."""
        text = await self("search_machines", limit=50, **filters)
        return {line[2:].split(" · ")[0] for line in text.splitlines() if line.startswith("- ")}

    async def csv(self, query: str) -> str:
        """The CSV at an address: its query is decoded once on the way, as the server does."""
        return await self.resource("machines://csv/{+query}", query=unquote(query))

    async def ids(self, **filters) -> set[str]:
        """The ids of all machines that a search finds."""
        offered = self.desk.resources["machines://csv/{+query}"]
        async with self.desk.call(offered.owner, self.caller) as call:
            text = await offered.item.run(call, query=unquote(to_query(Filters(**filters))))
        rows = csv.reader(StringIO(text))
        return {row[0] for row in rows} - {"id"}


@pytest.fixture
def plugin():
    return machines_query


@pytest.fixture
async def mirror(plugin_database_url) -> AsyncIterator[Machines]:
    """An empty local copy, read three minutes ago."""
    engine = write_engine(plugin_database_url)
    made = Machines(engine)
    await made.empty()
    await made.synced("machines", "alerts", "tickets")
    yield made
    await engine.dispose()


@pytest.fixture
async def ask(plugin_database_url) -> AsyncIterator[MachineAsker]:
    engine = read_engine(plugin_database_url)
    yield MachineAsker(make_desk(machines_query, engine))
    await engine.dispose()


@pytest.fixture
def make():
    """Makes the row of a machine."""
    return machine


@pytest.fixture
def facts():
    """Makes a line of the collector."""
    return facts_line


@pytest.fixture(scope="session")
def world():
    """The simulator's account with a machine in every group of Windows 11."""
    return build_world("demo", now=NOW)


@pytest.fixture
async def demo(mirror, world):
    """That account in the local copy."""
    await fill(mirror, world)
    return world
