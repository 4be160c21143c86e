"""Whatever happens in the account, and whenever a cycle falls in between: in the end the mirror is equal to it."""

import os
from contextlib import asynccontextmanager
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from tests.sync.compare import differences, told
from tests.sync.events import EVENTS, SILENT
from tests.sync.small import SmallPages, small_world

from atera_simulator.changes.journal import note
from atera_simulator.serve import Simulator
from helpdesk_mcp.store.engines import write_engine
from helpdesk_mcp.sync.cycle import sync_once
from helpdesk_mcp.sync.streams import STREAMS
from helpdesk_mcp.testing.spares import empty

pytestmark = pytest.mark.anyio

EXAMPLES = int(os.environ.get("EXAMPLES", "5"))
"""Stories that are tried; `EXAMPLES=500 pytest tests/sync/test_equality.py` looks longer, at others each time."""
TRACKED = ("status", "priority", "impact", "type", "title", "technician_name", "contact_name", "due_at")
AN_ORDINARY_CYCLE = {}
SYNCS = (AN_ORDINARY_CYCLE, *({"only": {stream.name}, "full": True} for stream in STREAMS))


class Mirror:
    """An account and its mirror, and what the mirror was seen to change."""

    def __init__(self, simulator, client, engine):
        self.simulator, self.client, self.engine = simulator, client, engine
        self.shown = {}
        self.changes = []
        self.away = {}

    def happen(self, events, die):
        with self.simulator.changing() as world:
            for event in events:
                event(world, die)
            # Machines that vanish, and come back as they were.
            for key in [key for key in self.away if die.random() < 0.5]:
                world.agents[key] = self.away.pop(key)
                note(world, "agents", key)
            if world.agents and die.random() < 0.5:
                key = die.choice(sorted(world.agents))
                self.away[key] = world.agents.pop(key)
                note(world, "agents", key)

    async def execute(self, statement):
        async with self.engine.begin() as connection:
            result = await connection.execute(text(statement))
            return result.mappings().all() if result.returns_rows else None

    async def sync(self, **options):
        reports = await sync_once(self.client, self.engine, **options)
        assert [report for report in reports if report.error and not report.goes_on] == []
        fields = f"SELECT id, {', '.join(TRACKED)} FROM mirror.ticket"  # noqa: S608 - our names
        shown = {row["id"]: row for row in await self.execute(fields)}
        self.changes += [
            (key, field, as_text(before[field]), as_text(shown[key][field]))
            for key, before in self.shown.items()
            for field in TRACKED
            if shown[key][field] != before[field]
        ]
        self.shown = shown

    async def history(self):
        rows = await self.execute("SELECT ticket_id, field, old, new FROM mirror.ticket_history ORDER BY id")
        return [tuple(row.values()) for row in rows]


@asynccontextmanager
async def mirror_of(world, url):
    with Simulator(world, rate_per_minute=None) as simulator:
        engine = write_engine(url)
        limits = {"requests_per_minute": 1_000_000, "burst": 1000}
        try:
            async with SmallPages(simulator.url, simulator.token, **limits) as client:
                mirror = Mirror(simulator, client, engine)
                async with engine.begin() as connection:
                    await empty(connection)
                yield mirror
        finally:
            await engine.dispose()


def as_text(value):
    return value.isoformat() if hasattr(value, "isoformat") else value


def by_field(changes):
    """Order changes by ticket and field, those of one field as they came."""
    return sorted(changes, key=lambda change: change[:2])


chapters = st.lists(
    st.tuples(st.lists(st.sampled_from((*EVENTS, *SILENT)), min_size=2, max_size=12), st.sampled_from(SYNCS)),
    min_size=2,
    max_size=5,
)


@given(story=chapters, seed=st.integers(0, 10_000))
@settings(
    max_examples=EXAMPLES,
    derandomize="EXAMPLES" not in os.environ,
    deadline=None,
    database=None,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)
async def test_the_mirror_ends_equal_whatever_happens_in_between(shared_database_url, story, seed):
    die = Random(seed)
    async with mirror_of(small_world(), shared_database_url) as mirror:
        await mirror.sync()
        for events, options in story:
            mirror.happen(events, die)
            await mirror.sync(**options)
        # Custom values are read again after a week, conversations after a month at the latest and some at a time.
        await mirror.execute("UPDATE mirror.machine SET facts_read_at = NULL")
        await mirror.execute("UPDATE mirror.ticket SET thread_read_at = thread_read_at - interval '40 days'")
        await mirror.sync(full=True)
        for _ in range(2):
            await mirror.sync(only={"conversations"}, full=True)
        found = await differences(mirror.engine, mirror.simulator.world)
        assert not found, told(found)
        assert by_field(await mirror.history()) == by_field(mirror.changes)
