"""How Postgres answers the tools' statements where there are many tickets: through indexes, never by reading every row."""

import json

import asyncpg
import pytest
from benchmarks.capture import captured
from benchmarks.plans import fill, read_whole

pytestmark = pytest.mark.anyio

TICKETS = """
INSERT INTO mirror.ticket (id, number, title, description, status, priority, type, customer_id, customer_name, contact_id, contact_name,
                           technician_id, technician_name, created_at, thread_due, raw, raw_hash, fetched_at)
SELECT n, (n + 100000)::text, 'Ticket about word' || n % 5000, repeat('text ', 20), CASE WHEN n % 100 = 0 THEN 'Open' ELSE 'Closed' END,
       'Medium', 'Incident', n % 200, 'Customer ' || n % 200, n % 2000, 'Contact ' || n % 2000, n % 20, 'Engineer ' || n % 20,
       timestamptz '2026-11-24 09:00Z' - n * interval '80 minutes', false,
       jsonb_build_object('Padding', repeat(md5(n::text), 40)), n, now()
FROM generate_series(1, 20000) AS n
"""
COMMENTS = """
INSERT INTO mirror.ticket_comment (key, ticket_id, at, author_kind, is_internal, body)
SELECT n * 4 + i, n, now(), 'technician', false, repeat('Comment ', 20) || 'with remark' || n % 4000 FROM generate_series(1, 20000) AS n, generate_series(1, 2) AS i
"""
PEOPLE = """
INSERT INTO mirror.technician (id, name, last_seen_at) SELECT n, 'Engineer ' || n, now() FROM generate_series(1, 20) AS n;
INSERT INTO mirror.customer (id, name, raw, raw_hash, fetched_at) SELECT n, 'Customer ' || n, '{}', n, now() FROM generate_series(1, 200) AS n
"""
RUNS = """
INSERT INTO helpdesk.sync_run (stream, started_at, finished_at, outcome, data_as_of)
SELECT stream, at, at, CASE WHEN n % 50 = 0 THEN 'failed' ELSE 'ok' END, at
FROM generate_series(2000, 1, -1) AS n, unnest(ARRAY['tickets', 'alerts', 'machines']) AS stream, LATERAL (SELECT now() - n * interval '5 minutes' AS at) AS run
"""
BIG = {"ticket", "ticket_comment"}
QUESTIONS = [
    ("search_tickets", {}),
    ("search_tickets", {"engineer": "Engineer 7"}),
    ("search_tickets", {"customer": "Customer 120", "status": "all"}),
    ("search_tickets", {"status": "closed", "page": 3}),
    ("search_tickets", {"created_after": "7d", "status": "all"}),
    ("search_tickets", {"overdue": True, "sort": "due"}),
    ("search_tickets", {"stale_days": 14, "sort": "stale"}),
    ("search_tickets", {"group_by": "engineer"}),
    ("search_tickets", {"text": "word77", "status": "all"}),
    ("search_tickets", {"text": "remark1234", "status": "all"}),
    ("search_tickets", {"text": "nowhere"}),
    ("search_tickets", {"text": "100500"}),
    ("similar_tickets", {"text": "about word77"}),
    ("get_ticket", {"ticket": "100500"}),
    ("list_alerts", {}),
]
"""Without the question that counts all tickets ever: it has to touch each of them, in the index or in the table."""


@pytest.fixture(scope="module")
def plugin_database_url(own_database_url):
    """A database that no other test has filled and emptied: the plans depend on its statistics."""
    return own_database_url


@pytest.fixture(scope="module")
async def connection(plugin_database_url):
    """To the database with many tickets."""
    connection = await asyncpg.connect(plugin_database_url.replace("+asyncpg", ""))
    await fill(connection, TICKETS, COMMENTS, PEOPLE)
    yield connection
    await connection.close()


async def test_no_question_reads_every_ticket_or_every_comment(connection, ask):
    found = {str(question): await read(connection, ask, *question) for question in QUESTIONS}
    assert {question: tables for question, tables in found.items() if tables} == {}


@pytest.mark.parametrize(
    ("index", "question", "table"),
    [
        ("ix_ticket_created", ("search_tickets", {"status": "closed", "page": 3}), "ticket"),
        ("ix_ticket_status_created", ("search_tickets", {"status": "closed", "page": 3}), "ticket"),
        (
            "ix_ticket_comment_search",
            ("search_tickets", {"text": "remark1234", "status": "all"}),
            "ticket_comment",
        ),
    ],
)
async def test_without_its_index_a_question_is_found_out(connection, ask, index, question, table):
    statements = await asked(ask, *question)
    await connection.execute(f"BEGIN; DROP INDEX mirror.{index}")
    found = await read_whole(connection, statements)
    await connection.execute("ROLLBACK")
    assert table in found


@pytest.mark.usefixtures("connection")
async def test_the_tickets_of_a_word_that_statistics_call_common_are_not_read(ask):
    statements = await asked(ask, "similar_tickets", {"text": "ticket about word77"})
    terms = [values[1] for said, values in statements if "LATERAL" in said and "mirror.ticket " in said]
    assert terms == [["word77"]]


async def test_of_a_month_of_runs_only_the_newest_are_read(connection, ask):
    await connection.execute(RUNS)
    await connection.execute("ANALYZE helpdesk.sync_run")
    statements = [one for one in await asked(ask, "sync_status", {}) if "helpdesk.sync_run" in one[0]]
    plans = [
        await connection.fetchval(f"EXPLAIN (ANALYZE, FORMAT JSON) {said}", *values)
        for said, values in statements
    ]
    assert plans
    assert max(rows for plan in plans for rows in counted(json.loads(plan)[0]["Plan"])) < 20


def counted(node):
    """Yield how many rows each step of a plan gave."""
    yield node["Actual Rows"] * node["Actual Loops"]
    for child in node.get("Plans", ()):
        yield from counted(child)


async def read(connection, ask, tool, arguments):
    """Which of the two big tables a question reads from end to end."""
    return await read_whole(connection, await asked(ask, tool, arguments)) & BIG


async def asked(ask, tool, arguments):
    with captured(await ask.desk.engine()) as statements:
        await ask(tool, **arguments)
    return statements
