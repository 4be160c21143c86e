"""Fixtures: a real Postgres, machines made by hand or by the simulator, and the plugin called the way the server calls it."""

import csv
import json
import zlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from urllib.parse import unquote
from zoneinfo import ZoneInfo

import pytest
from plugins.machines_query.tests.demo_world import fill
from sqlalchemy import insert

from atera_simulator.seed import build_world
from helpdesk_mcp.discovery import Discovered, Loaded
from helpdesk_mcp.sdk import Caller, tables
from helpdesk_mcp.server import calls
from helpdesk_mcp.server.desk import Desk
from helpdesk_mcp.store.engines import read_engine, write_engine
from helpdesk_mcp_machines_query import plugin
from helpdesk_mcp_machines_query.filters import Filters, to_query
from helpdesk_mcp_machines_query.settings import MachineSettings

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
WINDOWS_10 = {"os": "Microsoft Windows 10 Pro x64", "os_version": "22H2", "os_build": "19045.6456", "device_class": "Work Station"}  # fmt: skip
SUPPORTED = "Intel(R) Core(TM) i5-8500 CPU @ 3.00GHz"


def ago(**span) -> datetime:
    return NOW - timedelta(**span)


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
    base = {"v": 1, "tpm": "2.0", "sb": "on", "fw": "UEFI", "media": "SSD", "bus": "NVMe"}
    return json.dumps({**base, **said}, separators=(",", ":"))  # as ConvertTo-Json -Compress writes it


class Mirror:
    """Rows of the local copy, made by hand."""

    def __init__(self, engine):
        self._engine = engine

    async def add(self, table, *rows):
        base = {"raw": {}, "raw_hash": 0, "fetched_at": NOW} if "raw" in table.c else {}
        async with self._engine.begin() as connection:
            for row in rows:
                await connection.execute(insert(table).values({**base, **row}))

    async def add_many(self, table, rows):
        base = {"raw": {}, "raw_hash": 0, "fetched_at": NOW} if "raw" in table.c else {}
        if not rows:
            return
        async with self._engine.begin() as connection:
            await connection.execute(insert(table), [{**base, **row} for row in rows])

    async def machines(self, *rows):
        known = {row["customer_id"]: row["customer_name"] for row in rows if row["customer_id"]}
        for id_, name in known.items():
            await self.customer(id_, name)
        await self.add(tables.machine, *rows)

    async def customer(self, id_, name):
        async with self._engine.begin() as connection:
            found = await connection.scalar(
                tables.customer.select()
                .with_only_columns(tables.customer.c.id)
                .where(tables.customer.c.id == id_)
            )
        if found is None:
            await self.add(tables.customer, {"id": id_, "name": name})

    async def fact(self, row, name, value):
        await self.add(
            tables.custom_value,
            {"target": "Agent", "item_id": row["id"], "name": name, "value": value, "fetched_at": NOW},
        )


class Asker:
    """Calls tools, prompts, resources and completions as the server does: checked arguments in, whole text out."""

    def __init__(self, desk: Desk):
        self.desk = desk

    async def __call__(self, tool: str, **arguments) -> str:
        return await calls.run(self.desk, self.desk.local, self.desk.tools[tool], arguments)

    async def refusal(self, tool: str, **arguments) -> str:
        with pytest.raises(calls.Failed) as caught:
            await self(tool, **arguments)
        return str(caught.value)

    async def found(self, **filters) -> set[str]:
        """The names of the machines that a search lists."""
        text = await self("search_machines", limit=50, **filters)
        return {line[2:].split(" · ")[0] for line in text.splitlines() if line.startswith("- ")}

    async def prompt(self, name: str, **arguments) -> str:
        return await calls.run(self.desk, self.desk.local, self.desk.prompts[name], arguments)

    async def resource(self, uri: str, **fields) -> str:
        return await calls.run(self.desk, self.desk.local, self.desk.resources[uri], fields)

    async def csv(self, query: str) -> str:
        """The CSV at an address: its query is decoded once on the way, as the server does."""
        offered = self.desk.resources["machines://csv/{+query}"]
        return await calls.run(self.desk, self.desk.local, offered, {"query": unquote(query)})

    async def ids(self, **filters) -> set[str]:
        """The ids of all machines that a search finds."""
        offered = self.desk.resources["machines://csv/{+query}"]
        async with self.desk.call(offered.owner, self.desk.local) as call:
            text = await offered.item.run(call, query=unquote(to_query(Filters(**filters))))
        rows = csv.reader(StringIO(text))
        return {row[0] for row in rows} - {"id"}

    async def completed(self, argument: str, typed: str) -> list[str]:
        owner, completion = self.desk.completions[argument]
        return await calls.complete(self.desk, self.desk.local, completion, owner, typed)


def make_desk(engine, *, small=False, settings=None, now=NOW):
    async def opened():
        return engine

    return Desk(
        engine=opened,
        plugins=Discovered((Loaded(plugin, settings or MachineSettings(), "machines_query 0"),), ()),
        zone=ZoneInfo("Europe/Copenhagen"),
        local=Caller(person="test", engineer="Jens Holm"),
        small=small,
        call_timeout_s=20,
        clock=lambda: now,
    )


@pytest.fixture
async def mirror(database_url) -> AsyncIterator[Mirror]:
    """An empty local copy, read three minutes ago."""
    engine = write_engine(database_url)
    at = ago(minutes=3)
    run = {"outcome": "ok", "started_at": at, "finished_at": at, "data_as_of": at}
    async with engine.begin() as connection:
        runs = [{**run, "stream": stream} for stream in ("machines", "alerts", "tickets")]
        await connection.execute(insert(tables.sync_run), runs)
    yield Mirror(engine)
    await engine.dispose()


@pytest.fixture
async def ask(database_url) -> AsyncIterator[Asker]:
    engine = read_engine(database_url)
    yield Asker(make_desk(engine))
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
