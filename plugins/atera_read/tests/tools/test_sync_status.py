from datetime import UTC, datetime, timedelta

import pytest

from helpdesk_mcp.sdk import tables

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def ago(**span):
    return NOW - timedelta(**span)


async def run(mirror, stream, at, outcome, **values):
    finished = at if outcome else None
    await mirror.add(
        tables.sync_run, stream=stream, started_at=at, finished_at=finished, outcome=outcome, **values
    )


async def test_the_whole_answer(mirror, ask):
    counts = {"requests": 1, "rows_read": 1200, "inserted": 2, "changed": 3, "unchanged": 1194, "deleted": 1}
    read = {"data_as_of": ago(minutes=3), **counts}
    await run(mirror, "tickets", ago(minutes=3), "ok", **read, every_s=0)
    await run(mirror, "customers", ago(minutes=3), "ok", **read)
    await run(mirror, "machines", ago(minutes=3), "ok", **{**read, "requests": 100}, every_s=1800)
    await run(mirror, "articles", ago(minutes=31), "ok", data_as_of=ago(minutes=31), every_s=1800)
    await mirror.synced("contacts", at=ago(hours=5))
    await run(mirror, "contacts", ago(minutes=4), "failed", error="Atera answered 500\nfive times.")
    await run(mirror, "alerts", ago(minutes=2), None)
    await run(mirror, "conversations", ago(minutes=6), "partial", error="1,200 to go.", every_s=0)
    await mirror.synced("tickets.full", at=ago(days=6))
    await run(mirror, "tickets.full", ago(hours=2), "failed", error="Stopped.")
    await mirror.synced("contacts.full")
    await mirror.ticket(1, thread_due=False)
    await mirror.ticket(2, thread_read_at=None)
    await mirror.ticket(3, thread_due=True)
    await mirror.ticket(4, deleted_at=NOW, thread_due=False)
    held = {"raw": {}, "first_seen_at": NOW}
    for raw_hash in (1, 2):
        row = {
            "stream": "tickets",
            "raw_hash": raw_hash,
            "key": "9",
            "reason": "TicketTitle is missing",
            **held,
        }
        await mirror.add_all(tables.quarantine, [row])
    await mirror.add(tables.field_drift, stream="tickets", field="Mood", kind="unknown", first_seen_at=NOW)
    assert await ask("sync_status") == (
        "stream: rows, age of the data, next run, newest run\n"
        "tickets: 3 rows, 3 min old, due in the next cycle, ok (1 request, 1,200 read, 6 changed)\n"
        "conversations: 0 rows, never loaded completely, due in the next cycle, PARTIAL 6 min ago"
        " (0 requests, 0 read, 0 changed): 1,200 to go.\n"
        "time_entries: 0 rows, never loaded completely, no run yet\n"
        "customers: 0 rows, 3 min old, ok (1 request, 1,200 read, 6 changed)\n"
        "contacts: 0 rows, 5 h old, FAILED 4 min ago (0 requests, 0 read, 0 changed): Atera answered 500 five times.\n"
        "contracts: 0 rows, never loaded completely, no run yet\n"
        "alerts: 0 rows, never loaded completely, running since 2 min (or killed)\n"
        "machines: 0 rows, 3 min old, due in 27 min, ok (100 requests, 1,200 read, 6 changed)\n"
        "articles: 0 rows, 31 min old, due in the next cycle, ok (0 requests, 0 read, 0 changed)\n"
        "custom_fields: 0 rows, never loaded completely, no run yet\n"
        "tickets.full: 6 d old, FAILED 2 h ago (0 requests, 0 read, 0 changed): Stopped.\n"
        "1 conversation is still to be read for the first time, open tickets first.\n"
        "1 conversation changed and will be read again in the next run.\n"
        "2 records of tickets could not be stored, for example: TicketTitle is missing\n"
        "Fields that differ from the models: tickets.Mood (unknown)."
    )
