"""How Postgres answers the tools' statements where there are many tickets: through indexes, never by reading every row."""

import json

import asyncpg
import pytest
from benchmarks.capture import captured

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
    ("get_ticket", {"ticket": "100500"}),
    ("list_alerts", {}),
]
"""Without the question that counts all tickets ever: it has to touch each of them, in the index or in the table."""


@pytest.fixture
def plugin_database_url(database_url):
    """A database that no other test has filled and emptied: the plans depend on its statistics."""
    return database_url


async def test_no_question_reads_every_ticket_or_every_comment(mirror, ask, database_url):
    connection = await asyncpg.connect(database_url.replace("+asyncpg", ""))
    for script in (TICKETS, COMMENTS, PEOPLE, "VACUUM ANALYZE"):
        await connection.execute(script)
    engine = await ask.desk.engine()
    asked = {}
    for tool, arguments in QUESTIONS:
        with captured(engine) as statements:
            await ask(tool, **arguments)
        asked[f"{tool} {arguments}"] = statements
    found = {question: await read_whole(connection, statements) for question, statements in asked.items()}
    await connection.close()
    assert {question: tables for question, tables in found.items() if tables} == {}


async def read_whole(connection, statements):
    """Which of the two big tables the statements read from end to end."""
    plans = [
        await connection.fetchval(f"EXPLAIN (FORMAT JSON) {statement}", *values)
        for statement, values in statements
    ]
    return {table for plan in plans for table in scanned(json.loads(plan)[0]["Plan"])} & BIG


def scanned(node):
    if node["Node Type"] == "Seq Scan":
        yield node["Relation Name"]
    for child in node.get("Plans", ()):
        yield from scanned(child)
