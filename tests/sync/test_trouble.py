"""When things go wrong: nothing that was stored is lost, nothing that is there is deleted, and the next run goes on."""

import asyncio
import copy
import logging
import socket
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from atera_simulator import changes
from atera_simulator.faults import Fault
from helpdesk_mcp import metrics
from helpdesk_mcp.atera import AteraClient
from helpdesk_mcp.atera.errors import Unavailable
from helpdesk_mcp.store.engines import StoreUnavailable, write_engine
from helpdesk_mcp.store.tables import ticket as tickets
from helpdesk_mcp.sync import lane
from helpdesk_mcp.sync.cycle import sync_once
from helpdesk_mcp.sync.schedule import Worker
from helpdesk_mcp.sync.ticket import refresh_ticket

pytestmark = pytest.mark.anyio


@pytest.fixture
def many_machines(world):
    """Three pages of machines."""
    one = max(world.agents)
    for number in range(1, 120):
        name = f"PC-{number}"
        world.agents[one + number] = {
            **copy.deepcopy(world.agents[one]),
            "AgentID": one + number,
            "MachineName": name,
        }
    return world


@pytest.fixture
def unused_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


async def live_machines(rows):
    return (await rows("SELECT count(*) FROM mirror.machine WHERE deleted_at IS NULL"))[0]["count"]


async def test_an_incomplete_pass_deletes_nothing(many_machines, simulator, sync, rows):
    await sync(only={"machines"})
    with simulator.changing() as world:
        changes.delete_agent(world, min(world.agents))
        simulator.faults.rules = [Fault("status", path_prefix="/agents", after=1)]
    broken = (await sync(only={"machines"}, full=True))["machines"]
    assert (broken.outcome, broken.deleted) == ("partial", 0)
    assert await live_machines(rows) == len(many_machines.agents) + 1
    simulator.faults.clear()
    assert (await sync(only={"machines"}, full=True))["machines"].deleted == 1
    assert await live_machines(rows) == len(many_machines.agents)


class Forgetful(AteraClient):
    """Lists nothing, as a key without the right to see machines might."""

    async def page(self, path, *arguments, **options):
        page = await super().page(path, *arguments, **options)
        return replace(page, items=[], total_count=0, total_pages=0)


async def test_an_empty_list_is_not_taken_for_a_mass_deletion(sync, make_client, engine, rows, world):
    await sync(only={"machines"})
    async with make_client(Forgetful) as forgetful:
        report, *_ = await sync_once(forgetful, engine, only={"machines"}, full=True)
    assert report.deleted == 0
    assert await live_machines(rows) == len(world.agents)


async def test_an_interrupted_first_load_goes_on_where_it_stopped(simulator, sync, rows, world):
    simulator.faults.rules = [Fault("status", path_prefix="/tickets", after=3)]
    broken = (await sync(only={"tickets"}))["tickets"]
    assert (broken.outcome, broken.rows_read) == ("partial", 50)
    assert "Atera" in broken.error
    simulator.faults.clear()
    before = simulator.requests["GET /tickets"]
    resumed = (await sync(only={"tickets"}))["tickets"]
    assert (resumed.outcome, resumed.rows_read) == ("ok", 10)
    assert simulator.requests["GET /tickets"] - before == 1
    assert len(await rows("SELECT id FROM mirror.ticket")) == len(world.tickets)


async def test_time_older_than_the_tickets_loaded_so_far_is_read(simulator, sync, rows, world):
    simulator.faults.rules = [Fault("status", path_prefix="/tickets", after=3)]
    await sync(only={"tickets", "time_entries"})
    assert len(await rows("SELECT id FROM mirror.ticket")) < len(world.tickets)
    assert len(await rows("SELECT id FROM mirror.time_entry")) == len(world.work_hours)


@pytest.mark.parametrize("faults", [[], [Fault("duplicate-row")]], ids=["in peace", "while a row comes in"])
async def test_comments_that_are_alike_are_each_stored_once(simulator, sync, rows, now, faults):
    with simulator.changing() as world:
        ticket, person = max(world.tickets), min(world.contacts)
        world.comments[ticket] = []
        for _ in range(60):
            changes.add_comment(world, ticket, "Hello?", end_user_id=person, now=now)
    simulator.faults.rules = faults
    await sync(only={"tickets", "conversations"})
    stored = await rows("SELECT count(*) FROM mirror.ticket_comment WHERE ticket_id = :ticket", ticket=ticket)
    assert stored == [{"count": 60}]


class Ascending(AteraClient):
    """Lists the oldest first, and breaks down at the fourth page."""

    asked = 0

    async def page(self, path, params, number, **options):
        self.asked += 1
        if self.asked > 3:
            raise Unavailable("Atera is away.")
        pages = (await super().page(path, params, 1)).total_pages
        page = await super().page(path, params, pages + 1 - number, **options)
        return replace(page, page=number, items=page.items[::-1])


async def test_the_first_load_begins_with_the_newest_tickets_whatever_the_order(
    make_client, engine, rows, world
):
    async with make_client(Ascending) as ascending:
        (report,) = await sync_once(ascending, engine, only={"tickets"})
    assert report.outcome == "partial"
    created = sorted(one["TicketCreatedDate"] for one in world.tickets.values())
    (stored,) = await rows("SELECT min(created_at) AS oldest, count(*) FROM mirror.ticket")
    assert stored["oldest"].isoformat()[:19] == created[-stored["count"]][:19]


async def test_what_changes_during_the_first_load_is_read_by_the_next_cycle(simulator, sync, rows, now):
    simulator.faults.rules = [Fault("status", path_prefix="/tickets", after=3)]
    await sync(only={"tickets"})
    simulator.faults.clear()
    (newest,) = await rows("SELECT max(id) AS id FROM mirror.ticket")
    with simulator.changing() as world:
        changes.update_ticket(world, newest["id"], {"TicketStatus": "Pending"}, now=now)
    await sync(only={"tickets"})
    await sync(only={"tickets"})
    found = await rows("SELECT status FROM mirror.ticket WHERE id = :id", **newest)
    assert found == [{"status": "Pending"}]


async def test_a_bad_record_is_put_aside_and_the_rest_is_stored(simulator, sync, rows, world):
    simulator.faults.rules = [Fault("wrong-type", path_prefix="/customers", value="CustomerName")]
    report = (await sync(only={"customers"}))["customers"]
    assert report.outcome == "ok"
    assert report.quarantined > 0
    assert report.inserted == len(world.customers) - 1
    (bad,) = await rows("SELECT stream, key, reason FROM helpdesk.quarantine")
    assert bad["stream"] == "customers"
    assert int(bad["key"]) in world.customers
    assert "CustomerName" in bad["reason"]
    simulator.faults.clear()
    assert (await sync(only={"customers.full"}, full=True))["customers.full"].inserted == 1
    assert await rows("SELECT key FROM helpdesk.quarantine") == []


async def test_a_record_that_reads_again_leaves_the_quarantine(simulator, sync, rows, now):
    simulator.faults.rules = [Fault("wrong-type", path_prefix="/customers", value="CustomerName")]
    await sync(only={"customers"})
    (bad,) = await rows("SELECT key FROM helpdesk.quarantine")
    simulator.faults.clear()
    with simulator.changing() as world:
        changes.update_customer(world, int(bad["key"]), {"City": "Bremen"}, now=now)
    await sync(only={"customers"})
    assert await rows("SELECT key FROM helpdesk.quarantine") == []


async def test_a_record_that_the_database_refuses_does_not_take_its_page_along(simulator, sync, rows, world):
    huge = max(world.customers)
    world.customers[2**63 + 1] = {**world.customers[huge], "CustomerID": 2**63 + 1}
    report = (await sync(only={"customers"}))["customers"]
    assert report.outcome == "ok"
    assert len(await rows("SELECT id FROM mirror.customer")) == len(world.customers) - 1
    assert [row["key"] for row in await rows("SELECT key FROM helpdesk.quarantine")] == [str(2**63 + 1)]


async def test_new_and_missing_fields_are_recorded_once(simulator, sync, rows):
    simulator.faults.rules = [
        Fault("extra-field", path_prefix="/customers", value="Mood"),
        Fault("missing-field", path_prefix="/customers", value="Fax"),
    ]
    await sync(only={"customers"})
    await sync(only={"customers"}, full=True)
    found = await rows(
        "SELECT field, kind FROM helpdesk.field_drift WHERE stream = 'customers' ORDER BY field"
    )
    assert found == [{"field": "Fax", "kind": "missing"}, {"field": "Mood", "kind": "unknown"}]


async def test_one_stream_s_trouble_does_not_stop_the_others(simulator, sync):
    simulator.faults.rules = [Fault("status", path_prefix="/contracts", value=400)]
    reports = await sync()
    assert reports["contracts"].outcome == "failed"
    assert reports["custom_fields"].outcome == "ok"


async def test_a_conversation_that_cannot_be_read_does_not_hold_up_the_others(simulator, sync, rows, world):
    poison = max(world.tickets)
    simulator.faults.rules = [Fault("status", path_prefix=f"/tickets/{poison}/comments")]
    reports = await sync()
    unread = await rows("SELECT id FROM mirror.ticket WHERE thread_due")
    assert unread == [{"id": poison}]
    (report,) = [one for one in reports.values() if one.error]
    assert str(poison) in report.error
    simulator.faults.clear()
    assert {one.outcome for one in (await sync()).values()} == {"ok"}
    assert await rows("SELECT id FROM mirror.ticket WHERE thread_due") == []


async def test_many_next_to_each_other_that_can_never_be_read_hold_up_nobody(simulator, sync, rows, world):
    poisoned = sorted(world.tickets)[-lane.MOST_FAILURES + 1 :]
    simulator.faults.rules = [
        Fault("status", path_prefix=f"/tickets/{one}/comments", value=400) for one in poisoned
    ]
    reports = await sync()
    unread = await rows("SELECT id FROM mirror.ticket WHERE thread_due ORDER BY id")
    assert [row["id"] for row in unread] == poisoned
    assert {one.error is not None for one in reports.values() if one.stream.startswith("conversations")} == {
        True
    }


async def test_where_no_conversation_can_be_read_few_are_asked_for(simulator, sync, world):
    simulator.faults.rules = [Fault("status", path_prefix="/tickets/", value=400)]
    report = (await sync(only={"tickets", "conversations"}))["conversations.history"]
    assert (report.outcome, report.rows_read) == ("failed", 0)
    a_question_about_atera = 1
    asked = lane.MOST_FAILURES + lane.AT_ONCE + a_question_about_atera
    assert report.requests <= asked < len(world.tickets)


async def test_a_page_that_always_fails_does_not_keep_sync_going_for_ever(many_machines, simulator, sync):
    simulator.faults.rules = [Fault("status", path_prefix="/agents", after=1, value=400)]
    report = (await sync(only={"machines"}))["machines"]
    assert (report.outcome, report.rows_read) == ("partial", 50)


async def test_a_refused_key_ends_the_cycle_at_once(simulator, sync):
    simulator.faults.rules = [Fault("unauthorized")]
    reports = await sync()
    assert list(reports) == ["account"]
    assert "refused the key" in reports["account"].error


async def test_a_refreshed_ticket_can_be_read_at_once(loaded, simulator, sync, client, engine, rows, now):
    with simulator.changing() as world:
        ticket, technician = min(world.tickets), min(world.technicians)
        changes.update_ticket(world, ticket, {"TicketPriority": "Critical"}, now=now)
        changes.add_comment(world, ticket, "Done.", technician_id=technician, is_internal=True, now=now)
        start = now - timedelta(minutes=15)
        worker = {"TechnicianContactID": technician}
        entry = changes.log_time(world, ticket, worker, start=start, end=now, now=now)
    assert await refresh_ticket(client, engine, ticket)
    found = await rows("SELECT priority, thread_due FROM mirror.ticket WHERE id = :id", id=ticket)
    assert found == [{"priority": "Critical", "thread_due": False}]
    assert len(await rows("SELECT key FROM mirror.ticket_comment WHERE body = 'Done.'")) == 1
    assert len(await rows("SELECT id FROM mirror.time_entry WHERE id = :id", id=entry)) == 1
    again = await sync(full=True)
    assert again["time_entries"].changed == again["tickets.full"].changed == again["tickets"].changed == 0


async def test_a_ticket_that_atera_does_not_have_is_marked(loaded, sync, simulator, client, engine, rows):
    with simulator.changing() as world:
        ticket = min(world.tickets)
        del world.tickets[ticket]
    assert not await refresh_ticket(client, engine, ticket)
    found = await rows("SELECT id FROM mirror.ticket WHERE deleted_at IS NOT NULL")
    assert found == [{"id": ticket}]


class Overtaken(AteraClient):
    """Is slow to hand over a page: meanwhile somebody changes the ticket and refreshes it."""

    meanwhile = None

    async def page(self, path, *arguments, **options):
        page = await super().page(path, *arguments, **options)
        if path == "tickets/lastmodified" and self.meanwhile is not None:
            await self.meanwhile()
        return page


@pytest.mark.parametrize("priority", ["Critical", None])
async def test_a_page_asked_for_earlier_does_not_undo_a_refresh(
    loaded, sync, simulator, make_client, client, engine, rows, now, priority
):
    ticket = min(simulator.world.tickets)
    wanted = priority or simulator.world.tickets[ticket]["TicketPriority"]
    with simulator.changing() as world:
        before = "High" if wanted != "High" else "Low"
        changes.update_ticket(world, ticket, {"TicketPriority": before}, now=now)

    async def meanwhile():
        with simulator.changing() as world:
            changes.update_ticket(world, ticket, {"TicketPriority": wanted}, now=now)
        await refresh_ticket(client, engine, ticket)

    async with make_client(Overtaken) as slow:
        slow.meanwhile = meanwhile
        await sync_once(slow, engine, only={"tickets"})
    found = await rows("SELECT priority FROM mirror.ticket WHERE id = :id", id=ticket)
    assert found == [{"priority": wanted}]


async def test_open_tickets_are_compared_status_by_status(loaded, sync, simulator, rows):
    with simulator.changing() as world:
        ticket = next(key for key, one in world.tickets.items() if one["TicketStatus"] == "Open")
        # Closed without a trace in lastmodified.
        world.tickets[ticket]["TicketStatus"] = "Closed"
        world.journal.append(("tickets", ticket))
    await sync(only={"tickets"})
    stale = await rows("SELECT status FROM mirror.ticket WHERE id = :id", id=ticket)
    await sync(only={"tickets.live"}, full=True)
    found = await rows("SELECT status FROM mirror.ticket WHERE id = :id", id=ticket)
    assert (stale, found) == ([{"status": "Open"}], [{"status": "Closed"}])


async def test_a_silent_note_on_an_open_ticket_is_found_after_an_hour(sync, simulator, engine, rows, now):
    simulator.faults.notes_do_not_bump = True
    await sync()
    with simulator.changing() as world:
        ticket = next(key for key, one in world.tickets.items() if one["TicketStatus"] == "Open")
        technician = min(world.technicians)
        changes.add_comment(
            world, ticket, "Quiet.", technician_id=technician, is_internal=True, now=now, bump=False
        )
    async with engine.begin() as connection:
        await connection.execute(update(tickets).values(thread_read_at=func.now() - timedelta(minutes=61)))
    await sync()
    assert len(await rows("SELECT key FROM mirror.ticket_comment WHERE body = 'Quiet.'")) == 1


async def test_two_workers_at_once_do_no_harm(make_client, engine, sync, rows, world):
    async def work():
        async with make_client() as client:
            return await sync_once(client, engine)

    both = await asyncio.gather(work(), work())
    outcomes = {report.outcome for reports in both for report in reports}
    assert outcomes <= {"ok", "busy"}
    # Each may have left something to the other, which had just ended with it.
    await sync()
    assert len(await rows("SELECT id FROM mirror.ticket")) == len(world.tickets)
    comments = sum(map(len, world.comments.values()))
    assert len(await rows("SELECT key FROM mirror.ticket_comment")) == comments
    assert await rows("SELECT id FROM mirror.ticket_history") == []


async def test_an_unknown_stream_is_refused_with_the_known_ones(sync):
    with pytest.raises(ValueError, match="machines"):
        await sync(only={"machine"})


async def test_the_worker_fills_the_mirror_and_leaves_when_told(client, engine, rows, world):
    stop = asyncio.Event()
    worker = asyncio.create_task(Worker(client, engine, timedelta(seconds=0.2)).run(stop))
    comments = sum(map(len, world.comments.values()))
    async with asyncio.timeout(30), engine.connect() as connection:
        while await connection.scalar(  # noqa: ASYNC110 - the database tells nobody
            select(func.count()).select_from(tickets)
        ) < len(world.tickets) or (len(await rows("SELECT key FROM mirror.ticket_comment")) < comments):
            await asyncio.sleep(0.02)
    stop.set()
    async with asyncio.timeout(10):
        await worker
    assert await rows("SELECT id FROM helpdesk.sync_run WHERE finished_at IS NULL") == []


async def test_the_worker_says_once_that_the_database_is_away(client, unused_port, caplog):
    away = write_engine(f"postgresql://nobody@127.0.0.1:{unused_port}/nowhere")
    worker = Worker(client, away, timedelta(minutes=5))
    assert [await worker.cycle(), await worker.cycle()] == [[], []]
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert "Postgres cannot be reached" in caplog.text


async def test_the_worker_says_once_that_atera_is_away_and_that_it_is_back(simulator, client, engine, caplog):
    worker = Worker(client, engine, timedelta(minutes=5))
    simulator.faults.rules = [Fault("status", value=503)]
    caplog.set_level(logging.INFO, "helpdesk_mcp.sync.schedule")
    await worker.cycle()
    await worker.cycle()
    simulator.faults.clear()
    await worker.cycle()
    told = [record.message.split()[0] for record in caplog.records if record.name.endswith("schedule")]
    assert told == ["sync_stands", "sync_works_again"]


async def test_a_worker_that_starts_anew_shows_prometheus_what_was_done_before(sync, client, engine, rows):
    await sync()
    metrics.recorded([], lambda: None)
    await Worker(client, engine, timedelta(minutes=5)).cycle()
    page, _ = metrics.page()
    shown = dict(line.rsplit(" ", 1) for line in page.decode().splitlines() if not line.startswith("#"))
    # The machines were not due again.
    (machines,) = await rows("SELECT requests, inserted FROM helpdesk.sync_run WHERE stream = 'machines'")
    assert float(shown['helpdesk_sync_last_run_requests{stream="machines"}']) == machines["requests"] > 0
    assert (
        float(shown['helpdesk_sync_last_run_rows{fate="inserted",stream="machines"}']) == machines["inserted"]
    )
    assert float(shown['helpdesk_sync_last_run_failed{stream="machines"}']) == 0
    assert 0 < float(shown['helpdesk_sync_lag_seconds{stream="machines"}']) < 60
    assert float(shown['helpdesk_sync_last_success_timestamp_seconds{stream="machines"}']) > 0


async def test_once_without_a_database_is_an_error_with_a_sentence(client, unused_port):
    away = write_engine(f"postgresql://nobody@127.0.0.1:{unused_port}/nowhere")
    with pytest.raises(StoreUnavailable, match="cannot be reached"):
        await sync_once(client, away)
