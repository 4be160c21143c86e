"""Each way in which Atera can fail, in the middle of a cycle: once it is over, the next cycle makes the mirror equal again."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import text
from tests.sync.events import TOLD, happen
from tests.sync.small import SmallPages

from atera_simulator import changes
from atera_simulator.faults import Fault
from helpdesk_mcp.atera import AteraClient, RetryPolicy
from helpdesk_mcp.sync import run
from helpdesk_mcp.sync.cycle import sync_once
from helpdesk_mcp.sync.run import run_stream
from helpdesk_mcp.sync.streams import STREAMS

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("small")]

HASTY = RetryPolicy(attempts=2, budget_s=0.05, first_delay_s=0.001)
PASSING = {
    "429, now and then": [Fault("throttle", every=4)],
    "429 without a word about when to come back": [Fault("throttle-bare", every=4)],
    "429 until a date": [Fault("throttle-date", every=4)],
    "429 without end": [Fault("throttle", after=10)],
    "500, now and then": [Fault("status", every=3)],
    "503 without end": [Fault("status", after=12, value=503)],
    "400 for one list": [Fault("status", path_prefix="/contacts", value=400)],
    "403 for one list": [Fault("status", path_prefix="/tickets/lastmodified", value=403)],
    "a slow answer": [Fault("slow", every=9, times=3, value=0.3)],
    "no answer": [Fault("hang", every=9, times=4)],
    "a connection reset": [Fault("reset", every=3)],
    "half a document": [Fault("truncated", every=3)],
    "no JSON": [Fault("malformed", every=3)],
    "a web page": [Fault("html", every=3)],
    "bytes that are no UTF-8": [Fault("bad-utf8", every=3)],
    "a key that expires": [Fault("unauthorized", after=9)],
    "pages that shift": [Fault("shifting-pages")],
    "rows that come twice": [Fault("duplicate-row")],
}
SPOILING = {
    "a field more": [Fault("extra-field")],
    "a field less": [
        Fault("missing-field", path_prefix=path) for path in ("/customers", "/contacts", "/alerts")
    ],
    "a key less": [Fault("missing-field", path_prefix="/tickets", value="TicketID")],
    "a status less": [Fault("missing-field", path_prefix="/tickets", value="TicketStatus")],
    "a bad key in a page": [
        Fault("wrong-type", path_prefix=path) for path in ("/agents", "/alerts", "/tickets")
    ],
    "a bad title in a page": [Fault("wrong-type", path_prefix="/tickets", value="TicketTitle")],
    "a bad comment in a thread": [Fault("wrong-type", path_prefix="/tickets/", value="Date")],
    "a bad name of a customer": [Fault("wrong-type", path_prefix="/customers", value="CustomerName")],
}
"""Answers that can be read, and say something else than the account."""


@pytest.fixture
def sync_in_trouble(make_client, engine):
    """Run everything with a client that soon loses patience; it must come to an end."""

    async def run():
        async with asyncio.timeout(30), make_client(SmallPages, policy=HASTY, timeout_s=0.25) as hasty:
            return await sync_once(hasty, engine, full=True)

    return run


@pytest.fixture
def happened(simulator):
    """Let a few things happen."""
    die = Random(5)

    def some(events=TOLD):
        with simulator.changing() as world:
            happen(world, die, 8, events)

    return some


def troubles(reports):
    return [report for report in reports.values() if report.error]


@pytest.mark.parametrize("name", PASSING)
async def test_after_a_trouble_an_ordinary_cycle_catches_up(
    simulator, sync, sync_in_trouble, happened, equal, name
):
    await sync()
    happened()
    simulator.faults.rules = PASSING[name]
    await sync_in_trouble()
    assert any(rule.spoilt for rule in simulator.faults.rules)
    happened()
    simulator.faults.clear()
    assert troubles(await sync()) == []
    await equal()


@pytest.mark.parametrize("name", SPOILING)
async def test_after_bad_records_a_full_cycle_repairs_them(simulator, sync, happened, equal, rows, name):
    await sync()
    happened()
    simulator.faults.rules = SPOILING[name]
    await sync(full=True)
    assert any(rule.spoilt for rule in simulator.faults.rules)
    assert await rows("SELECT 1 FROM mirror.ticket WHERE deleted_at IS NOT NULL") == []
    happened()
    simulator.faults.clear()
    assert troubles(await sync(full=True)) == []
    await equal()


@pytest.mark.parametrize("skew_s", [-7200, 7200])
async def test_a_clock_of_atera_that_was_wrong_for_a_while_costs_nothing(
    simulator, sync, happened, equal, skew_s
):
    simulator.faults.date_skew_s = skew_s
    await sync()
    happened()
    await sync()
    simulator.faults.date_skew_s = 0
    happened()
    await sync()
    await equal()


async def test_a_run_ends_though_atera_answers_never(simulator, sync, make_client, engine, monkeypatch):
    monkeypatch.setattr(run, "LONGEST_RUN_S", 0.3)
    simulator.faults.rules = [Fault("hang")]
    (machines,) = (stream for stream in STREAMS if stream.name == "machines")
    async with make_client(SmallPages) as patient:
        report = await run.run_stream(patient, engine, machines)
    assert report.outcome == "failed"
    assert report.seconds < 3
    assert "longer" in report.error


@pytest.mark.parametrize(
    ("path", "field", "stream"),
    [
        ("/tickets/lastmodified", "TicketTitle", "tickets"),
        ("/customers", "City", "customers"),
        ("/tickets/{ticket}/comments", "Date", "conversations"),
    ],
)
async def test_a_record_spoilt_on_its_way_is_asked_for_again_by_the_next_cycle(
    simulator, sync, equal, now, path, field, stream
):
    await sync()
    with simulator.changing() as world:
        ticket, person = max(world.tickets), min(world.contacts)
        customer = changes.create_customer(world, {"CustomerName": "New"}, now=now)
        changes.add_comment(world, ticket, "Hello?", end_user_id=person, now=now)
    simulator.faults.rules = [Fault("wrong-type", path.format(ticket=ticket), value=field)]
    assert [name for name, report in (await sync()).items() if report.quarantined] == [stream]
    simulator.faults.clear()
    # Nothing changed since, so no delta brings it.
    with simulator.changing() as world:
        world.ticket_modified[ticket] -= timedelta(days=1)
        if stream == "customers":
            world.customers[customer]["LastModified"] = "2020-01-01T00:00:00Z"
        world.journal += [("tickets", ticket), ("customers", customer)]
    await sync()
    await equal()


@pytest.mark.parametrize(
    ("times", "cycles"), [(2, 1), (None, 2)], ids=["the same cycle repairs", "the next cycle repairs"]
)
async def test_pages_that_shift_after_a_long_absence_hide_nothing(
    simulator, sync, equal, engine, now, times, cycles
):
    await sync()
    with simulator.changing() as world:
        for number, ticket in enumerate(sorted(world.tickets)):
            changes.update_ticket(world, ticket, {"TicketTitle": f"Title {number}"}, now=now)
            world.ticket_modified[ticket] = now - timedelta(hours=5, minutes=-number)
    async with engine.begin() as connection:
        away = "UPDATE helpdesk.sync_run SET watermark = watermark - interval '6 hours'"
        await connection.execute(text(away))
    simulator.faults.rules = [Fault("shifting-pages", path_prefix="/tickets/lastmodified", times=times)]
    for _ in range(cycles):
        await sync()
        simulator.faults.clear()
    await equal()


async def test_two_readings_that_each_miss_others_are_enough_to_move_on(sync, rows, simulator, engine, now):
    """Or a busy account would have a long delta read twice in each cycle until its people sleep."""
    await sync()
    with simulator.changing() as world:
        for number, ticket in enumerate(sorted(world.tickets)):
            world.ticket_modified[ticket] = now - timedelta(hours=5, minutes=-number)
    async with engine.begin() as connection:
        await connection.execute(
            text("UPDATE helpdesk.sync_run SET watermark = watermark - interval '6 hours'")
        )
    simulator.faults.rules = [Fault("shifting-pages", path_prefix="/tickets/lastmodified")]
    await sync()
    (rule,) = simulator.faults.rules
    assert rule.spoilt > 1
    assert await age_of_watermark(rows) < timedelta(minutes=1)


async def age_of_watermark(rows):
    (run,) = await rows(
        "SELECT now() - watermark AS age FROM helpdesk.sync_run WHERE stream = 'tickets' ORDER BY id DESC LIMIT 1"
    )
    return run["age"]


class Overcounting(AteraClient):
    """Hears of more records than are listed, as for some that no list shows."""

    async def page(self, path, *arguments, **options):
        page = await super().page(path, *arguments, **options)
        return replace(page, total_count=page.total_count + 1) if path == "tickets/lastmodified" else page


async def test_a_count_that_stays_too_high_does_not_keep_deltas_from_moving_on(
    sync, engine, make_client, rows
):
    await sync()
    (tickets,) = (stream for stream in STREAMS if stream.name == "tickets")
    async with engine.begin() as connection:
        away = "UPDATE helpdesk.sync_run SET watermark = watermark - interval '1 hour'"
        await connection.execute(text(away))
    async with make_client(Overcounting) as client:
        report = await run_stream(client, engine, tickets)
    assert (report.outcome, report.requests) == ("ok", 2)
    assert await age_of_watermark(rows) < timedelta(minutes=1)
