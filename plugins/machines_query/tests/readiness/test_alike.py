"""Machines that the database calls alike are alike: what is true of one of them is true of each."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from helpdesk_mcp.sdk import tables
from helpdesk_mcp_machines_query import survey
from helpdesk_mcp_machines_query.queries import fleet
from helpdesk_mcp_machines_query.readiness.criteria import DISK_STEPS, MEMORY_STEPS

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
MODEL_DECIDES = "Intel(R) Core(TM) i7-7820HQ CPU @ 2.90GHz"


def told(one):
    """What the summary counts."""
    statuses = [(criterion.name, criterion.status) for criterion in one.criteria]
    release = (one.system.version, one.system.edition) if one.is_ended else None
    return one.group, one.ours, one.microsoft, statuses, one.is_unsupported, release, one.why_not_applicable


async def differing(ask, customer_id=None):
    """The machines for which another verdict was taken than their own, and the number of verdicts."""
    async with ask.desk.call(ask.desk.plugins.loaded[0], ask.desk.local) as call:
        found = await survey.survey(call, customer_id)
        ids = [id_ for part in found.parts for id_ in part.ids]
        own = await survey.judge(call, await fleet.machines(call.db, ids))
    assert len(ids) == len(set(ids)) == len(own)
    wrong = [id_ for part in found.parts for id_ in part.ids if told(own[id_]) != told(part.one)]
    return wrong, found


async def test_every_machine_of_the_demo_gets_its_own_verdict(demo, ask):
    wrong, found = await differing(ask)
    assert wrong == []
    assert found.size == len(demo.agents)
    assert len(found.parts) < found.size


async def test_sizes_at_every_threshold_get_their_own_verdict(mirror, ask, make):
    memories = [None, 0, *(step + near for step in MEMORY_STEPS for near in (-1, 0, 1))]
    sizes = [0, *(step + near for step in DISK_STEPS for near in (-1, 0, 1))]
    rows = [
        make(
            f"PC-{number}",
            memory_mb=memory,
            disks=[{"drive": "C:", "total_mb": size, "free_mb": 0}, {"drive": "D:", "total_mb": other, "free_mb": 0}],
        )
        for number, (memory, size, other) in enumerate(product(memories, sizes, (0, 65_024)))
    ]  # fmt: skip
    await mirror.customer(1, "Acme")
    await mirror.add_all(tables.machine, rows)
    wrong, found = await differing(ask, 1)
    assert wrong == []
    assert found.size == len(rows)
    assert len(found.parts) < len(rows) / 2


async def test_what_differs_on_every_machine_and_decides_nothing_does_not_divide_them(
    mirror, ask, make, facts
):
    rows = [make(f"PC-{n}", os_build=f"19045.{6000 + n}", memory_mb=8000 + n, serial=f"S{n}") for n in range(20)]  # fmt: skip
    await mirror.machines(*rows)
    for n, row in enumerate(rows):
        await mirror.fact(row, "Win11 facts", facts(at=f"2026-11-{n + 1:02}T08:00:00", disk=f"Disk {n}", sys=90_000 + n))  # fmt: skip
    wrong, found = await differing(ask)
    assert (wrong, len(found.parts)) == ([], 1)


async def test_what_decides_divides_them(mirror, ask, make, facts):
    rows = [
        make("A"),
        make("B", os_build="10.0.22631.1"),
        make("C", os_build="10.0.19045.1"),
        make("D", vendor="QEMU"),
        make("E", processor=MODEL_DECIDES),
        make("F", processor=MODEL_DECIDES, product="Precision 5520"),
        make("G", disks=[]),
        make("H", disks=[]),
        make("I"),
        make("J"),
        make("K", facts_read_at=None),
    ]
    await mirror.machines(*rows)
    for name, line in {"G": facts(sys=40_000), "H": facts(sys=240_000), "I": facts(disk='A "B"'), "J": '{"disk":"x'}.items():  # fmt: skip
        await mirror.fact(next(row for row in rows if row["name"] == name), "Win11 facts", line)
    wrong, found = await differing(ask)
    assert (wrong, len(found.parts)) == ([], len(rows))


async def test_a_machine_counts_as_old_data_from_the_day_on_that_its_line_says(mirror, ask, make):
    await mirror.machines(
        make("NEVER", last_seen_at=None),
        make("LONG", last_seen_at=NOW - timedelta(days=30)),
        make("JUST", last_seen_at=NOW - timedelta(days=30) + timedelta(seconds=1)),
    )
    assert "Old data: 2 of these machines" in await ask("windows11_readiness")
    listed = await ask("windows11_readiness", group="unknown")
    assert sum("seen" in line for line in listed.splitlines() if line.startswith("- ")) == 2
