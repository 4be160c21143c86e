"""How Postgres answers what is asked in a big fleet: through indexes."""

import asyncpg
import pytest
from benchmarks.capture import captured
from benchmarks.plans import fill, read_whole

pytestmark = pytest.mark.anyio

MACHINES = """
INSERT INTO mirror.machine (id, name, customer_id, customer_name, serial, os, processor, memory_mb, raw, raw_hash, fetched_at)
SELECT n, 'PC-' || md5(n::text), n % 200, 'Customer ' || n % 200, 'SN' || n, 'Microsoft Windows 10 Pro x64', 'Processor ' || n % 50,
       CASE WHEN n % 100 = 0 THEN 3900 ELSE 8065 END, jsonb_build_object('Padding', repeat(md5(n::text), 40)), n, now()
FROM generate_series(1, 20000) AS n
"""
CUSTOMERS = """
INSERT INTO mirror.customer (id, name, raw, raw_hash, fetched_at) SELECT n, 'Customer ' || n, '{}', n, now() FROM generate_series(1, 200) AS n
"""
QUESTIONS = [
    ("search_machines", {"customer": "Customer 120"}),
    ("search_machines", {"memory_max_gb": 4}),
    ("search_machines", {"os": "Windows 10"}),
    ("search_machines", {"disk_type": "HDD", "customer": "Customer 120"}),
    ("get_machine", {"machine": "SN777"}),
    ("get_machine", {"machine": "777"}),
    ("windows11_readiness", {"customer": "Customer 120"}),
    ("windows11_readiness", {"machine": "SN777"}),
    ("windows11_readiness", {}),
    ("windows11_readiness", {"by_customer": True}),
]
"""Without those that list a part of the fleet so large that the table is the shortest way to it."""


@pytest.fixture
def plugin_database_url(database_url):
    """Not the one that is shared: statistics are left behind."""
    return database_url


async def test_no_question_reads_the_whole_table(database_url, ask):
    connection = await asyncpg.connect(database_url.replace("+asyncpg", ""))
    await fill(connection, MACHINES, CUSTOMERS)
    engine = await ask.desk.engine()
    asked = {}
    for tool, arguments in QUESTIONS:
        with captured(engine) as statements:
            await ask(tool, **arguments)
        asked[f"{tool} {arguments}"] = statements
    found = [
        name for name, statements in asked.items() if "machine" in await read_whole(connection, statements)
    ]
    await connection.close()
    assert found == []
