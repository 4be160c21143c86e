"""Machines that the database calls alike are alike: what is true of one of them is true of each."""

from dataclasses import fields as columns_of
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, update

from helpdesk_mcp.sdk import tables
from helpdesk_mcp_machines_query import judging, survey
from helpdesk_mcp_machines_query.queries import alike, fleet
from helpdesk_mcp_machines_query.queries.alike import Fields
from helpdesk_mcp_machines_query.queries.rulings import ruling
from helpdesk_mcp_machines_query.readiness import Machine, judgement
from helpdesk_mcp_machines_query.readiness.criteria import DISK_STEPS, MEMORY_STEPS
from helpdesk_mcp_machines_query.settings import MachineSettings

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
MODEL_DECIDES = "Intel(R) Core(TM) i7-7820HQ CPU @ 2.90GHz"
OLD = "Intel(R) Core(TM) i5-6500 CPU @ 3.20GHz"
UNDECIDED = "AMD Ryzen 5 1600 Six-Core Processor"
FIELDS = Fields(MachineSettings().fields, MachineSettings().facts_field)

DECIDING = {
    "os": ["Microsoft Windows 10 Pro x64", "Microsoft Windows 10 Pro x86", "Microsoft Windows 10 IoT Enterprise x64", "Microsoft Windows 11 Pro x64", "macOS 15.7", None],
    "os_build": ["19045.6456", "10.0.22631.1", "22631.1", " 10.0.26100.4", "26100.4", None],
    "device_class": ["Work Station", "Server", "Mac", None],
    "processor": ["Intel(R) Core(TM) i5-8500 CPU @ 3.00GHz", OLD, UNDECIDED, MODEL_DECIDES, MODEL_DECIDES.lower(), None],
    "processor_cores": [None, 1, 8],
    "memory_mb": [None, 2000, 3000, 8000],
    "vendor": ["Dell Inc.", "QEMU", None],
    "model": ["085D", "Precision 5520", "VirtualBox", None],
    "product": ["OptiPlex 3060", "Surface Studio 2", "Virtual Machine", None],
    "disks": [[], [{"drive": "C:", "total_mb": 243_000}], [{"drive": "C:", "total_mb": 30_000}], [{"drive": "C:", "total_mb": 30_000}, {"drive": "D:", "total_mb": 900_000}]],
    "facts_read_at": [NOW, None],
}  # fmt: skip
"""By column, values that lead to different verdicts, if not on a harmless machine, on one with an undecided processor."""
LINES = (
    None,
    '{"v":2,"tpm":"2.0","sb":"on","at":"1","sys":90000}',
    '{"v":2,"tpm":"2.0","sb":"on","at":"2","sys":30000}',
    '{"v":2,"tpm":"2.0","sb":"on","at":"3","tpm":"none"}',
    '{"v":2,"tpm":"2.0","mui":{"x":1,"at":"GE25H2:Red:Tpm"}}',
    '{"v":2,"tpm":"none","disk":"\\",\\"at\\":"}',
    '{"tpm":"2.0","sb":"on","sys":30000,"at":"2"}',
    '{"tpm":"none"}',
    '{"ram":2000,"lp":1}',
)
"""Some with another value behind the mark, or with the mark where it is none."""
VALUES = {"Win11 facts": LINES, "TPM version": (None, "2.0", "1.2", "none"), "Secure Boot": (None, "on", "unsupported"), "Firmware": (None, "Legacy")}  # fmt: skip


@pytest.fixture(autouse=True)
def nothing_kept():
    """What other tests left behind would hide what this one asks."""
    judging.kept.cache_clear()


def called(ask):
    return ask.desk.call(ask.desk.plugins.loaded[0], ask.desk.local)


async def own_verdicts(call, ids):
    """What counts of each machine, judged by itself."""
    judged = await survey.judge(call, await fleet.page(call.db, ids, len(ids), 0))
    return {id_: judgement(one) for id_, one in judged.items()}


async def differing(ask, customer_id=None):
    """The machines for which another verdict was taken than their own, and what the survey found."""
    async with called(ask) as call:
        found = await survey.survey(call, customer_id, "ids")
        ids = [id_ for part in found.parts for id_ in part.listed]
        own = await own_verdicts(call, ids)
    assert len(ids) == len(set(ids)) == len(own) == found.size
    return [id_ for part in found.parts for id_ in part.listed if own[id_] != part.judgement], found


async def divided(ask):
    """The ids of the machines that the database calls alike."""
    async with called(ask) as call:
        ruled = await ruling(call.db, [])
        found = await alike.in_hardware(call.db, [], FIELDS, ruled, seen_since=NOW, listed="ids")
    return [set(part.listed) for part in found]


async def test_every_machine_of_the_demo_gets_its_own_verdict(demo, ask):
    wrong, found = await differing(ask)
    assert wrong == []
    assert found.size == len(demo.agents)
    assert len(await divided(ask)) < found.size


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
    assert len(await divided(ask)) < len(rows) / 2


@pytest.mark.parametrize("column", sorted(DECIDING.keys() - {"facts_read_at"}))
async def test_each_column_that_decides_divides_machines_that_differ_in_it_alone(mirror, ask, make, column):
    undecided = {"processor_cores": UNDECIDED, "model": MODEL_DECIDES, "product": MODEL_DECIDES}
    base = {"processor": undecided[column]} if column in undecided else {}
    rows = [make(f"PC-{n}", id=n, **{**base, column: value}) for n, value in enumerate(DECIDING[column])]
    await mirror.machines(*rows)
    wrong, found = await differing(ask)
    assert wrong == []
    assert len(found.parts) > 1  # so the values do decide


def test_each_column_of_the_inventory_that_can_decide_is_tried():
    beside = {"id", "name", "customer_id", "customer_name", "last_seen_at"}
    through_disks = {"system_drive", "system_total_mb", "disk_total_mb"}
    shown_only = {"os_version"}
    columns = {column.name for column in columns_of(Machine)}
    assert columns - beside - through_disks - shown_only == DECIDING.keys() - {"disks"}


@st.composite
def fleets(draw):
    """Machines that differ in a few of the columns that decide, and their custom values."""
    varied = draw(st.lists(st.sampled_from(sorted(DECIDING)), min_size=1, max_size=4, unique=True))
    one = st.fixed_dictionaries({column: st.sampled_from(DECIDING[column]) for column in varied})
    values = st.fixed_dictionaries({name: st.sampled_from(said) for name, said in VALUES.items()})
    return draw(st.lists(st.tuples(one, values), min_size=2, max_size=25))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(fleets())
async def test_every_machine_of_any_fleet_gets_its_own_verdict(mirror, ask, make, machines):
    """Judgements stay from one fleet to the next, whose machines have the same ids and are others."""
    async with mirror.engine.begin() as connection:
        await connection.execute(delete(tables.machine))
        await connection.execute(delete(tables.custom_value))
    rows = [make(f"PC-{n}", id=n, **columns) for n, (columns, _) in enumerate(machines, 1)]
    await mirror.machines(*rows)
    for row, (_, values) in zip(rows, machines, strict=True):
        for name, value in values.items():
            if value is not None:
                await mirror.fact(row, name, value)
    wrong, found = await differing(ask)
    assert (wrong, found.size) == ([], len(rows))


async def test_what_differs_on_every_machine_and_decides_nothing_does_not_divide_them(
    mirror, ask, make, facts
):
    rows = [make(f"PC-{n}", os_build=f"19045.{6000 + n}", memory_mb=8000 + n, serial=f"S{n}") for n in range(20)]  # fmt: skip
    await mirror.machines(*rows)
    for n, row in enumerate(rows):
        await mirror.fact(row, "Win11 facts", facts(at=f"2026-11-{n + 1:02}T08:00:00", disk=f"Disk {n}", sys=90_000 + n))  # fmt: skip
    wrong, _ = await differing(ask)
    assert (wrong, len(await divided(ask))) == ([], 1)


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
        make("L", disks=[]),
        make("M", disks=[]),
    ]
    await mirror.machines(*rows)
    lines = {"G": facts(sys=40_000), "H": facts(sys=240_000), "I": facts(disk='A "B"'), "J": '{"disk":"x', "L": facts(sys=40_000, disk='"'), "M": facts(sys=240_000, disk='"')}  # fmt: skip
    for name, line in lines.items():
        await mirror.fact(next(row for row in rows if row["name"] == name), "Win11 facts", line)
    wrong, _ = await differing(ask)
    assert (wrong, len(await divided(ask))) == ([], len(rows))


async def test_what_was_judged_once_is_not_read_again(mirror, ask, make, monkeypatch):
    await mirror.machines(make("A"), make("B", processor=OLD))
    before = await ask("windows11_readiness")

    async def no_more(*_):
        pytest.fail("a machine was read again")

    monkeypatch.setattr(alike, "ones", no_more)
    assert await ask("windows11_readiness") == before


async def test_a_machine_that_changes_while_it_is_counted_spoils_no_later_answer(
    mirror, ask, make, monkeypatch
):
    rows = make("A", id=1), make("B", id=2)
    await mirror.machines(*rows)
    real, changes = alike.ones, iter((OLD,))

    async def after_a_change(*asked):
        for processor in changes:
            async with mirror.engine.begin() as connection:
                await connection.execute(update(tables.machine).where(tables.machine.c.id == 1).values(processor=processor))  # fmt: skip
        return await real(*asked)

    monkeypatch.setattr(alike, "ones", after_a_change)
    async with called(ask) as call:
        await survey.survey(call, None)
    assert (await differing(ask))[0] == []


async def test_a_virtual_machine_that_comes_while_others_are_counted_spoils_no_later_answer(
    mirror, ask, make, monkeypatch
):
    await mirror.machines(make("REAL", id=2))
    real = survey.ruling

    async def before_a_virtual_one_comes(db, conditions):
        found = await real(db, conditions)
        await mirror.machines(make("VIRTUAL", id=1, vendor="QEMU"))
        return found

    monkeypatch.setattr(survey, "ruling", before_a_virtual_one_comes)
    async with called(ask) as call:
        await survey.survey(call, None)
    monkeypatch.undo()
    assert (await differing(ask))[0] == []


async def test_a_machine_counts_as_old_data_from_the_day_on_that_its_line_says(mirror, ask, make):
    await mirror.machines(
        make("NEVER", last_seen_at=None),
        make("LONG", last_seen_at=NOW - timedelta(days=30)),
        make("JUST", last_seen_at=NOW - timedelta(days=30) + timedelta(seconds=1)),
    )
    assert "Old data: 2 of these machines" in await ask("windows11_readiness")
    listed = await ask("windows11_readiness", group="unknown")
    assert sum("seen" in line for line in listed.splitlines() if line.startswith("- ")) == 2
