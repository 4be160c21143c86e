"""Custom values of machines: read one by one, kept as Atera has them."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from atera_simulator.changes import set_custom_value
from helpdesk_mcp.store.facts import due, replace, want
from helpdesk_mcp.sync import facts
from helpdesk_mcp.sync.run import run_stream
from helpdesk_mcp.sync.streams import STREAMS

pytestmark = pytest.mark.anyio
VALUES = "SELECT item_id, name, value FROM mirror.custom_value WHERE target = 'Agent'"


def in_atera(world):
    return {
        (item_id, name, value["ValueAsString"])
        for (kind, item_id), fields in world.custom_values.items()
        if kind == "agentfield"
        for name, value in fields.items()
        if value["ValueAsString"]
    }


async def stored(rows):
    return {(row["item_id"], row["name"], row["value"]) for row in await rows(VALUES)}


async def test_every_machine_gets_the_values_that_atera_has(loaded, sync, world, rows):
    assert in_atera(world)
    assert await stored(rows) == in_atera(world)
    assert await rows("SELECT id FROM mirror.machine WHERE facts_read_at IS NULL") == []


async def test_a_run_that_others_wait_for_pauses_and_the_next_one_goes_on(sync, client, engine, rows, world):
    await sync(only={"custom_fields", "customers"})
    await run_stream(client, engine, by_name("machines"))
    first = await run_stream(client, engine, by_name("machines.facts"), yields=lambda: True)
    assert (first.outcome, first.requests, first.goes_on) == ("partial", facts.BATCH, True)
    second = await run_stream(client, engine, by_name("machines.facts"))
    assert (second.outcome, second.requests) == ("ok", len(world.agents) - facts.BATCH)
    assert await stored(rows) == in_atera(world)


def by_name(name):
    return next(stream for stream in STREAMS if stream.name == name)


async def test_machines_that_may_move_to_windows_11_come_first(sync, engine, rows):
    await sync(only={"customers", "custom_fields"})
    await sync(only={"machines"}, full=True)
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE mirror.machine SET facts_read_at = NULL"))
        order = await due(connection, 100, older_than=timedelta(days=7))
    systems = {
        row["id"]: (row["os"] or "").lower() for row in await rows("SELECT id, os FROM mirror.machine")
    }
    ranks = [2 if "server" in systems[one] else 1 if "windows 11" in systems[one] else 0 for one in order]
    assert ranks == sorted(ranks)
    assert set(ranks) == {0, 1, 2}


async def test_machines_that_a_question_needs_come_before_all_others(loaded, sync, client, engine, rows):
    ids = [row["id"] for row in await rows("SELECT id FROM mirror.machine ORDER BY id")]
    unread, read, newer = ids[:5], ids[-1], ids[-2]
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE mirror.machine SET facts_read_at = now() - interval '1 hour'"))
        await connection.execute(
            text("UPDATE mirror.machine SET facts_read_at = NULL WHERE id = ANY(:ids)"), {"ids": unread}
        )
        await want(connection, [read], most=10, again_after=timedelta(minutes=15))
    async with engine.begin() as connection:
        await want(connection, [newer], most=10, again_after=timedelta(minutes=15))
    async with engine.connect() as connection:
        assert (await due(connection, 100, older_than=timedelta(days=7)))[:2] == [newer, read]
    report = await run_stream(client, engine, by_name("machines.facts"))
    assert (report.outcome, report.requests) == ("ok", 2 + len(unread))
    assert await rows("SELECT machine_id FROM helpdesk.wanted_facts") == []


async def test_wishes_that_nobody_could_fulfil_for_a_day_are_forgotten(sync, client, engine, rows):
    await sync(only={"custom_fields"})
    async with engine.begin() as connection:
        await connection.execute(
            text(
                "INSERT INTO helpdesk.wanted_facts VALUES (-1, now() - interval '25 hours'), (-2, now() - interval '23 hours')"
            )
        )
    await run_stream(client, engine, by_name("machines.facts"))
    assert [row["machine_id"] for row in await rows("SELECT machine_id FROM helpdesk.wanted_facts")] == [-2]


async def test_changed_new_and_cleared_values_arrive_when_their_machine_is_due(
    loaded, sync, simulator, world, engine, rows
):
    item_id, name, value = min(in_atera(world))
    other = max(row["id"] for row in await rows("SELECT id FROM mirror.machine"))
    with simulator.changing():
        set_custom_value(world, "agentfield", item_id, name, "")
        set_custom_value(world, "agentfield", other, "TPM version", "2.0, 0, 1.59")
    assert (await sync())["machines.facts"].requests == 0
    async with engine.begin() as connection:
        await connection.execute(
            text("UPDATE mirror.machine SET facts_read_at = facts_read_at - interval '8 days'")
        )
    report = (await sync())["machines.facts"]
    assert (report.outcome, report.deleted) == ("ok", 1)
    found = await stored(rows)
    assert (other, "TPM version", "2.0, 0, 1.59") in found
    assert (item_id, name, value) not in found
    assert found == in_atera(world)


async def test_a_reading_that_was_overtaken_changes_nothing(loaded, sync, world, engine, rows):
    before = await stored(rows)
    item_id, *_ = min(before)
    async with engine.begin() as connection:
        outcome, gone = await replace(
            connection, item_id, {"TPM version": "old"}, read_at=datetime(2020, 1, 1, tzinfo=UTC)
        )
    assert (outcome.stale, gone) == (1, 0)
    assert await stored(rows) == before


async def test_an_account_without_fields_for_machines_costs_no_request(sync, simulator, world, rows):
    with simulator.changing():
        world.custom_fields[:] = [field for field in world.custom_fields if field["Target"] != "Agent"]
    reports = await sync()
    assert reports["machines.facts"].requests == 0
    assert reports["machines.facts"].outcome == "ok"
