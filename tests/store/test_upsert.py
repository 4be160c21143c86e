"""Writing records: only what differs, never backwards, and history beside it."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from helpdesk_mcp.store.rescue import is_bad_data, upsert_singly
from helpdesk_mcp.store.tables import custom_field, customer, machine, ticket, ticket_history
from helpdesk_mcp.store.upsert import WORTH_COPYING, Outcome, compare, upsert, write

pytestmark = pytest.mark.anyio

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def minutes(count):
    return NOON + timedelta(minutes=count)


def a_customer(key, name, *, at=NOON, raw_hash=None):
    raw = {"CustomerID": key, "CustomerName": name}
    return {
        "id": key,
        "name": name,
        "raw": raw,
        "raw_hash": hash(name) if raw_hash is None else raw_hash,
        "fetched_at": at,
    }


def a_ticket(key, *, at=NOON, **fields):
    row = {
        "id": key,
        "number": str(1000 + key),
        "title": "Printer",
        "description": "",
        "status": "Open",
        "priority": "Low",
        "impact": "Minor",
        "type": "Incident",
        "technician_name": None,
        "contact_name": "Ann Other",
        "created_at": NOON - timedelta(days=1),
        "due_at": NOON + timedelta(days=1),
        "last_contact_comment_at": None,
        "last_technician_comment_at": None,
        "on_site_minutes": 0,
        "off_site_minutes": 15,
        "total_minutes": 15,
        "raw": {},
        "fetched_at": at,
        **fields,
    }
    return {**row, "raw_hash": hash(tuple(sorted((k, str(v)) for k, v in row.items() if k != "fetched_at")))}


def counts(outcome: Outcome):
    return outcome.inserted, outcome.changed, outcome.unchanged, outcome.stale


async def names(connection):
    return dict((await connection.execute(select(customer.c.id, customer.c.name))).all())


async def test_new_changed_and_equal_rows_are_told_apart(connection):
    first = await upsert(connection, customer, [a_customer(1, "One"), a_customer(2, "Two")])
    again = [
        a_customer(1, "One", at=minutes(1)),
        a_customer(2, "Zwei", at=minutes(1)),
        a_customer(3, "Drei", at=minutes(1)),
    ]
    second = await upsert(connection, customer, again)
    assert counts(first) == (2, 0, 0, 0)
    assert counts(second) == (1, 1, 1, 0)
    assert second.written == {(2,), (3,)}
    assert await names(connection) == {1: "One", 2: "Zwei", 3: "Drei"}


async def test_an_equal_row_is_not_written(engine):
    async def store(at):
        async with engine.begin() as connection:
            await upsert(connection, customer, [a_customer(1, "One", at=at)])
            statement = text("SELECT xmin::text, ctid::text, fetched_at FROM mirror.customer")
            return (await connection.execute(statement)).one()

    assert await store(NOON) == await store(minutes(5))


async def test_an_older_version_does_not_replace_a_newer_one(connection):
    await upsert(connection, customer, [a_customer(1, "New", at=minutes(2))])
    outcome = await upsert(connection, customer, [a_customer(1, "Old", at=minutes(1))])
    assert counts(outcome) == (0, 0, 0, 1)
    assert await names(connection) == {1: "New"}


async def test_a_renewed_equal_row_holds_against_answers_given_before(connection):
    await upsert(connection, customer, [a_customer(1, "A", at=NOON)])
    renewed = await upsert(connection, customer, [a_customer(1, "A", at=minutes(2))], renew=True)
    late = await upsert(connection, customer, [a_customer(1, "B", at=minutes(1))])
    assert counts(renewed) == (0, 0, 1, 0)
    assert counts(late) == (0, 0, 0, 1)
    assert await names(connection) == {1: "A"}


async def test_a_record_that_comes_back_is_alive_again(connection):
    await upsert(connection, customer, [a_customer(1, "One")])
    await connection.execute(customer.update().values(deleted_at=minutes(1)))
    outcome = await upsert(connection, customer, [a_customer(1, "One", at=minutes(2))])
    assert counts(outcome) == (0, 1, 0, 0)
    assert (await connection.execute(select(customer.c.deleted_at))).scalar_one() is None


async def test_a_record_that_comes_twice_in_a_page_is_stored_once(connection):
    outcome = await upsert(connection, customer, [a_customer(1, "One"), a_customer(1, "One more")])
    assert counts(outcome) == (1, 0, 0, 0)
    assert await names(connection) == {1: "One more"}


async def test_no_rows_are_no_work(connection):
    assert counts(await upsert(connection, customer, [])) == (0, 0, 0, 0)


async def test_a_nul_in_a_text_is_stored_as_the_replacement_character(connection):
    await upsert(connection, customer, [a_customer(1, "O\0ne")])
    row = (await connection.execute(select(customer.c.name, customer.c.raw))).one()
    assert row.name == "O\ufffdne"
    assert row.raw == {"CustomerID": 1, "CustomerName": "O\ufffdne"}


async def test_arrays_documents_and_computed_columns_arrive(connection):
    row = {
        "id": 1,
        "name": "PC",
        "ip_addresses": ["10.0.0.1", 'a "quoted" {one}, with a comma'],
        "system_drive": "C:",
        "disks": [
            {"drive": "C:", "total_mb": 100, "free_mb": 40},
            {"drive": "D:", "total_mb": 50, "free_mb": 5},
        ],
        "raw": {},
        "raw_hash": 1,
        "fetched_at": NOON,
    }
    await upsert(connection, machine, [row])
    stored = (await connection.execute(select(machine))).one()
    assert stored.ip_addresses == row["ip_addresses"]
    assert (stored.disk_total_mb, stored.disk_free_mb) == (150, 45)
    assert (stored.system_total_mb, stored.system_free_mb) == (100, 40)


async def history(connection):
    statement = select(
        ticket_history.c.ticket_id, ticket_history.c.field, ticket_history.c.old, ticket_history.c.new
    ).order_by(ticket_history.c.field)
    return [tuple(row) for row in await connection.execute(statement)]


async def test_changes_of_a_ticket_are_kept_once_each(connection):
    await upsert(connection, ticket, [a_ticket(1), a_ticket(2)])
    moved = {"status": "Pending", "technician_name": "Tom", "due_at": None}
    for at in (1, 2):
        await upsert(connection, ticket, [a_ticket(1, at=minutes(at), **moved), a_ticket(2, at=minutes(at))])
    assert await history(connection) == [
        (1, "due_at", (NOON + timedelta(days=1)).isoformat(), None),
        (1, "status", "Open", "Pending"),
        (1, "technician_name", None, "Tom"),
    ]
    changed = await connection.execute(select(ticket.c.field_changed_at).order_by(ticket.c.id))
    assert list(changed.scalars()) == [minutes(1), None]


async def test_a_stale_ticket_leaves_no_history(connection):
    await upsert(connection, ticket, [a_ticket(1, at=minutes(2), status="Closed")])
    await upsert(connection, ticket, [a_ticket(1, at=minutes(1), status="Open")])
    assert await history(connection) == []


@pytest.mark.parametrize(
    ("change", "due"),
    [
        ({"last_contact_comment_at": NOON}, True),
        ({"last_technician_comment_at": NOON}, True),
        ({"status": "Closed"}, True),
        ({"priority": "High"}, False),
    ],
)
async def test_a_thread_is_due_when_somebody_spoke_or_the_status_moved(connection, change, due):
    await upsert(connection, ticket, [a_ticket(1)])
    await connection.execute(ticket.update().values(thread_due=False))
    await upsert(connection, ticket, [a_ticket(1, at=minutes(1), **change)])
    assert (await connection.execute(select(ticket.c.thread_due))).scalar_one() is due


async def test_a_new_ticket_s_thread_is_due(connection):
    await upsert(connection, ticket, [a_ticket(1)])
    assert (await connection.execute(select(ticket.c.thread_due))).scalar_one() is True


async def test_keys_that_are_texts_are_compared_as_they_are(connection):
    names = ["plain", 'a "quoted" one', "{1,2}", "back\\slash", "NULL", "", "comma, comma"]
    rows = [{"target": "Agent", "name": name, "raw": {}, "raw_hash": 1, "fetched_at": NOON} for name in names]
    assert counts(await upsert(connection, custom_field, rows)) == (len(names), 0, 0, 0)
    assert counts(await upsert(connection, custom_field, rows)) == (0, 0, len(names), 0)


def many_customers(*, at=NOON):
    return [a_customer(key, f"Customer {key}", at=at) for key in range(WORTH_COPYING + 5)]


@pytest.mark.parametrize("count", [WORTH_COPYING - 1, WORTH_COPYING + 5], ids=["few", "many"])
async def test_what_was_stored_since_the_comparison_is_not_undone(engine, count):
    mine = [a_ticket(key, at=minutes(1), status="Pending") for key in range(count)]
    async with engine.connect() as connection:
        comparison = await compare(connection, ticket, mine)
    async with engine.begin() as connection:
        await upsert(connection, ticket, [a_ticket(0), a_ticket(1, at=minutes(2), status="Closed")])
    async with engine.begin() as connection:
        outcome = await write(connection, ticket, comparison)
    assert counts(outcome) == (count - 2, 1, 0, 1)
    async with engine.connect() as connection:
        stored = select(ticket.c.id, ticket.c.status).where(ticket.c.id < 3).order_by(ticket.c.id)
        assert (await connection.execute(stored)).all() == [(0, "Pending"), (1, "Closed"), (2, "Pending")]
        assert await history(connection) == [(0, "status", "Open", "Pending")]


@pytest.mark.parametrize(
    "spoilt",
    [{"id": 2**63}, {"modified_at": "soon"}, {"name": None}],
    ids=["a number too large", "a date that is none", "nothing where something must be"],
)
async def test_among_many_new_rows_a_bad_one_is_refused_alone(connection, spoilt):
    rows = [{**row, "modified_at": None} for row in many_customers()]
    rows[3] |= spoilt
    savepoint = await connection.begin_nested()
    with pytest.raises(DBAPIError) as caught:
        await upsert(connection, customer, rows)
    assert is_bad_data(caught.value)
    await savepoint.rollback()
    outcome, refused = await upsert_singly(connection, customer, rows)
    assert counts(outcome) == (len(rows) - 1, 0, 0, 0)
    assert [row for row, _ in refused] == [rows[3]]


async def test_many_new_rows_are_stored_as_few_are(connection):
    few, *more = [a_machine(key) for key in range(WORTH_COPYING + 5)]
    await upsert(connection, machine, [few])
    await upsert(connection, machine, more)
    columns = [column for column in machine.c if column.name not in {"id", "name", "disks"}]
    stored = (await connection.execute(select(*columns))).all()
    assert len(stored) == WORTH_COPYING + 5
    assert {str(row) for row in stored} == {str(stored[0])}


def a_machine(key):
    return {
        "id": key,
        "name": f"PC-{key}",
        "ip_addresses": ["10.0.0.1", 'a "quoted" {one}, with a comma'],
        "system_drive": "C:",
        "disks": [{"drive": "C:", "total_mb": 100, "free_mb": 40}],
        "last_seen_at": NOON,
        "is_online": True,
        "raw": {"Name": "O\0ne", "Nothing": None, "Depth": [{"a": 1.5}]},
        "raw_hash": 1,
        "fetched_at": NOON,
    }
