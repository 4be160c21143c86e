"""Runs, bad records, locks, sweeps, threads and technicians."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.dialects import postgresql

from helpdesk_mcp.store import quarantine, runs, threads
from helpdesk_mcp.store.locks import stream_lock
from helpdesk_mcp.store.sweep import mark_deleted, missing
from helpdesk_mcp.store.tables import customer, sync_run, technician, ticket, ticket_comment
from helpdesk_mcp.store.technicians import sighted
from helpdesk_mcp.store.upsert import upsert

pytestmark = pytest.mark.anyio

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def minutes(count):
    return NOON + timedelta(minutes=count)


async def run(connection, outcome, **options):
    run_id = await runs.start(connection, "tickets", timedelta(0))
    await runs.finish(connection, run_id, outcome=outcome, counts=runs.Counts(), seconds=1.0, **options)
    return run_id


async def test_a_run_tells_how_often_its_stream_runs(connection):
    await runs.start(connection, "tickets.full", timedelta(days=7))
    assert (await connection.execute(select(sync_run.c.every_s))).scalar_one() == 604_800


async def test_a_stream_that_never_ran_has_no_state(connection):
    assert await runs.states(connection) == {}


async def test_the_watermark_is_that_of_the_newest_complete_pass(connection):
    await run(connection, "ok", watermark=NOON, data_as_of=NOON)
    await run(connection, "ok", watermark=minutes(5), data_as_of=minutes(6))
    await run(connection, "failed", error="Atera was away.")
    state = (await runs.states(connection))["tickets"]
    assert state.watermark == minutes(5)
    assert state.last_ok < state.last_start
    assert await runs.as_of(connection, ["tickets", "machines"]) == {"tickets": minutes(6)}


async def test_a_cursor_survives_killed_and_failed_runs_until_a_pass_is_complete(connection):
    killed = await runs.start(connection, "tickets", timedelta(0))
    await runs.checkpoint(connection, killed, {"page": 7})
    await run(connection, "failed")
    assert (await runs.states(connection))["tickets"].cursor == {"page": 7}
    await run(connection, "ok")
    assert (await runs.states(connection))["tickets"].cursor is None


async def test_old_runs_are_dropped_but_not_the_last_word_of_a_stream(connection):
    marked = await run(connection, "ok", watermark=NOON)
    await run(connection, "failed")
    fine = await run(connection, "ok")
    newest = await run(connection, "failed")
    await connection.execute(update(sync_run).values(started_at=func.now() - timedelta(days=40)))
    assert await runs.prune(connection) == 1
    left = await connection.scalars(select(sync_run.c.id).order_by(sync_run.c.id))
    assert list(left) == [marked, fine, newest]


async def test_a_stream_runs_once_at_a_time_and_others_beside_it(engine):
    async with stream_lock(engine, "tickets") as first, stream_lock(engine, "tickets") as second:
        assert (first, second) == (True, False)
        async with stream_lock(engine, "machines") as other:
            assert other
    async with stream_lock(engine, "tickets") as again:
        assert again


async def test_a_bad_record_is_kept_once_and_released_when_it_reads_again(connection):
    bad = quarantine.Refused({"CustomerID": 5, "CustomerName": "a\0b"}, 99, "5", "CustomerName: odd")
    assert await quarantine.put_aside(connection, "customers", [bad, bad]) == 1
    assert await quarantine.put_aside(connection, "customers", [bad]) == 0
    assert await quarantine.keys_aside(connection, "customers") == {"5"}
    assert await quarantine.release(connection, "customers", ["5", "6"]) == 1


async def test_drift_is_news_once(connection):
    drift = {("Brand", "unknown"): 3, ("Fax", "missing"): 50}
    assert await quarantine.note_drift(connection, "customers", drift) == drift.keys()
    assert await quarantine.note_drift(connection, "customers", drift) == set()


def a_customer(key, at=NOON):
    return {"id": key, "name": str(key), "raw": {}, "raw_hash": key, "fetched_at": at}


async def test_a_sweep_marks_what_was_not_seen_and_not_read_meanwhile(connection):
    rows = [a_customer(1), a_customer(2), a_customer(3, minutes(5))]
    await upsert(connection, customer, rows)
    gone = await missing(connection, customer, {(1,)}, before=minutes(1))
    assert gone == [(2,)]
    assert await mark_deleted(connection, customer, gone, at=minutes(1)) == 1
    assert await missing(connection, customer, {(1,)}, before=minutes(1)) == []


async def test_an_answer_from_before_a_mark_does_not_take_it_away_and_one_from_after_it_does(connection):
    await upsert(connection, customer, [a_customer(1)])
    await mark_deleted(connection, customer, [(1,)], at=minutes(5))
    for at, alive in ((minutes(4), 0), (minutes(6), 1)):
        outcome = await upsert(connection, customer, [a_customer(1, at)])
        assert (outcome.stale, outcome.changed) == (1 - alive, alive)
        living = select(func.count()).select_from(customer).where(customer.c.deleted_at.is_(None))
        assert await connection.scalar(living) == alive


async def a_ticket(connection, key, **fields):
    row = {
        "id": key,
        "number": str(key),
        "title": "t",
        "description": "",
        "status": "Open",
        "created_at": NOON,
        "raw": {},
        "raw_hash": 0,
        "fetched_at": NOON,
    }
    await connection.execute(ticket.insert().values({**row, **fields}))


def a_comment(key, ticket_id=1):
    return {
        "key": key,
        "ticket_id": ticket_id,
        "at": NOON,
        "author_kind": "technician",
        "is_internal": True,
        "body": "b",
    }


async def live_comments(connection):
    statement = select(ticket_comment.c.key).where(ticket_comment.c.deleted_at.is_(None))
    return set(await connection.scalars(statement))


async def test_a_thread_becomes_what_a_complete_reading_found(connection):
    await a_ticket(connection, 1)
    await threads.replace_thread(connection, 1, [a_comment(1), a_comment(2)], read_at=minutes(1))
    outcome, gone = await threads.replace_thread(
        connection, 1, [a_comment(2), a_comment(3)], read_at=minutes(2)
    )
    assert (outcome.inserted, outcome.unchanged, gone) == (1, 1, 1)
    assert await live_comments(connection) == {2, 3}
    back, _ = await threads.replace_thread(connection, 1, [a_comment(1)], read_at=minutes(3))
    assert back.changed == 1
    assert await live_comments(connection) == {1}
    assert await threads.due(connection, 10, history=False) == []


async def test_an_older_reading_of_a_thread_changes_nothing(connection):
    await a_ticket(connection, 1)
    await threads.replace_thread(connection, 1, [a_comment(1)], read_at=minutes(2))
    await threads.replace_thread(connection, 1, [], read_at=minutes(1))
    assert await live_comments(connection) == {1}


async def test_a_thread_stays_due_when_its_ticket_changed_after_the_reading(connection):
    await a_ticket(connection, 1, fetched_at=minutes(5))
    await threads.replace_thread(connection, 1, [], read_at=minutes(4))
    assert await threads.due(connection, 10, history=False) == [1]


async def test_open_and_recent_threads_come_before_the_history(connection):
    long_ago = NOON - timedelta(days=400)
    await a_ticket(connection, 1, created_at=long_ago)
    await a_ticket(connection, 2, created_at=long_ago, status="Closed")
    await a_ticket(connection, 3, status="Closed", created_at=datetime.now(UTC))
    await a_ticket(connection, 4, created_at=datetime.now(UTC))
    assert await threads.due(connection, 10, history=False) == [4, 1, 3]
    assert await threads.due(connection, 10, history=True) == [2]
    assert await threads.count_due(connection, history=False) == 3


async def test_open_threads_are_read_again_after_a_while(connection):
    await a_ticket(connection, 1, thread_due=False, thread_read_at=func.now() - timedelta(hours=2))
    await a_ticket(connection, 2, thread_due=False, thread_read_at=func.now())
    assert await threads.stale(connection, 10, older_than=timedelta(hours=1)) == [1]


def a_sighting(at, name="Tom Ray", email=None):
    return {"id": 7, "name": name, "email": email, "last_seen_at": at}


async def test_the_newest_sighting_names_a_technician_and_no_address_is_lost(connection):
    await sighted(connection, [a_sighting(minutes(1), "Tom Day"), a_sighting(NOON, email="tom@msp.test")])
    written = [
        await sighted(connection, [a_sighting(minutes(2), "Tom Day")]),
        await sighted(connection, [a_sighting(NOON - timedelta(days=9), "Old Name")]),
        await sighted(connection, [a_sighting(minutes(3), "Tom May")]),
        await sighted(connection, [a_sighting(minutes(2), "Tom Day")]),
        await sighted(connection, [a_sighting(minutes(3) + timedelta(days=1), "Tom May")]),
    ]
    assert written == [0, 0, 1, 0, 1]
    row = (await connection.execute(select(technician))).one()
    assert (row.name, row.email) == ("Tom May", "tom@msp.test")


async def test_the_clock_is_the_database_s(connection):
    before = (await connection.execute(text("SELECT clock_timestamp()"))).scalar_one()
    assert await runs.clock(connection) > before


DAYS_OF_RUNS = """
    INSERT INTO helpdesk.sync_run (stream, started_at, finished_at, data_as_of, outcome, watermark)
    SELECT stream, now() - n * interval '5 min', now() - n * interval '5 min', now() - n * interval '5 min', 'ok',
           CASE WHEN stream = 'stream 7' THEN now() END
    FROM generate_series(1000, 1, -1) AS n, (SELECT 'stream ' || i AS stream FROM generate_series(1, 20) AS i) AS streams
    ORDER BY n DESC
"""


@pytest.mark.parametrize("question", [runs._STATES, runs.newest_of_each(finished=True)])
async def test_runs_of_days_are_not_looked_through_for_the_newest_of_each(connection, question):
    await connection.execute(text(DAYS_OF_RUNS))
    await connection.execute(text("ANALYZE helpdesk.sync_run"))
    said = question.compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True})
    explained = await connection.exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT TEXT) {said}")
    plan = "\n".join(explained.scalars())
    touched = [int(rows) for rows in re.findall(r"Rows Removed by Filter: (\d+)", plan)]
    touched += [int(rows) for rows in re.findall(r"actual time=\S+ rows=(\d+)", plan)]
    assert max(touched) < 100, plan
