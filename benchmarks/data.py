"""A helpdesk of any size, made by the database itself: a million tickets in minutes instead of hours.

Everything follows from the row's number by a hash, so two runs on two machines measure the same data. Engineers, customers
and words are skewed as in life: few have much, many have little.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg

from atera_simulator.seed import processors
from atera_simulator.seed.systems import CLIENTS, SERVERS, System
from helpdesk_mcp.store.migrate import upgrade

from .words import COMMON_WORDS, RARE_WORD

_SYSTEMS: tuple[System, ...] = tuple(system for _, system in (*CLIENTS, *SERVERS))
_PROCESSORS = tuple(
    one.name
    for listed in (
        processors.NOTEBOOK_CURRENT,
        processors.NOTEBOOK_OLD,
        processors.DESKTOP_CURRENT,
        processors.DESKTOP_OLD,
        processors.SERVER,
    )
    for one in listed
)

PHRASES = 20_000
"""Sentences of ten words from which all texts are made."""
VOCABULARY = 6_000
SHARDS = 2
"""Connections that fill the big tables side by side."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many records of each kind; comments follow from the tickets, about five for each."""

    tickets: int
    machines: int
    contacts: int
    customers: int
    alerts: int
    engineers: int = 40

    @property
    def summary(self) -> str:
        """Return the sizes in words."""
        return (
            f"{self.tickets:,} tickets, {self.tickets * 5:,} comments, {self.machines:,} machines, "
            f"{self.contacts:,} contacts, {self.customers:,} customers, {self.alerts:,} alerts"
        )


SIZES = {
    "full": Sizes(1_000_000, 100_000, 50_000, 2_000, 200_000),
    "small": Sizes(100_000, 10_000, 5_000, 200, 20_000),
}

_TOOLS = """
CREATE SCHEMA bench;
CREATE FUNCTION bench.part(number bigint, what int) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (hashint8extended(number, what) & 1073741823) / 1073741824.0;
CREATE TABLE bench.word AS
    SELECT n AS no, CASE WHEN n < array_length(common, 1) THEN common[n + 1]
                   ELSE substr(translate(md5(n::text), '0123456789', 'klmnorstuv'), 1, 4 + n % 6) END AS word
    FROM generate_series(0, $vocabulary - 1) AS n, (SELECT string_to_array('$words', ' ') AS common) AS said;
CREATE TABLE bench.phrase AS
    SELECT p AS no, string_agg(word, ' ' ORDER BY i) AS phrase
    FROM generate_series(0, $phrases - 1) AS p, generate_series(1, 10) AS i,
         bench.word AS w
    WHERE w.no = floor($vocabulary * bench.part(p * 16 + i, 1) ^ 3)::int
    GROUP BY p;
CREATE UNIQUE INDEX ON bench.phrase (no);
ANALYZE bench.phrase;
"""

_PEOPLE = """
INSERT INTO mirror.account (id, name, zone, raw, raw_hash, fetched_at) VALUES ('a1', 'Provider', 'Europe/Copenhagen', '{}', 0, $now);
INSERT INTO mirror.customer (id, name, domain, city, phone, raw, raw_hash, fetched_at)
    SELECT n, initcap(a.word || ' ' || b.word) || ' ' || (ARRAY['GmbH', 'A/S', 'Ltd', 'Inc'])[n % 4 + 1],
           a.word || n || '.example', initcap(b.word) || 'by', '+45 70 ' || lpad(n::text, 6, '0'), '{}', 0, $now
    FROM generate_series(1, $customers) AS n
    JOIN bench.word a ON a.no = 500 + n % 5000 JOIN bench.word b ON b.no = 700 + n * 7 % 5000;
INSERT INTO mirror.contact (id, customer_id, customer_name, first_name, last_name, email, phone, mobile, is_main_contact, raw, raw_hash, fetched_at)
    SELECT n, c.id, c.name, initcap(a.word), initcap(b.word), a.word || '.' || b.word || n || '@' || c.domain,
           '+45 40 ' || lpad((n * 7919 % 1000000)::text, 6, '0'), '+45 20 ' || lpad((n::bigint * 104729 % 1000000)::text, 6, '0'),
           n % 25 = 0, '{}', 0, $now
    FROM generate_series(1, $contacts) AS n
    JOIN mirror.customer c ON c.id = 1 + floor($customers * bench.part(n, 2) ^ 2)::bigint
    JOIN bench.word a ON a.no = 300 + n % 700 JOIN bench.word b ON b.no = 1000 + n * 13 % 5000;
INSERT INTO mirror.technician (id, name, email, last_seen_at)
    SELECT n, initcap(a.word || ' ' || b.word), a.word || '.' || b.word || '@provider.example', $now
    FROM generate_series(1, $engineers) AS n JOIN bench.word a ON a.no = 400 + n JOIN bench.word b ON b.no = 900 + n;
"""

_MACHINES = """
INSERT INTO mirror.machine (id, device_guid, customer_id, customer_name, name, domain, logged_in_users, last_login_user, is_monitored,
    is_online, last_seen_at, last_reboot_at, ip_addresses, os, os_version, os_build, device_class, processor, processor_cores,
    processor_ghz, memory_mb, vendor, model, product, serial, bios_version, bios_date, system_drive, disks, raw, raw_hash, fetched_at)
    SELECT n, md5(n::text), c.id, c.name,
           CASE WHEN s.class = 'Server' THEN 'SRV-' ELSE (ARRAY['PC-', 'LT-', 'WS-', 'DESKTOP-'])[n % 4 + 1] END || upper(substr(md5(n::text), 1, 7)),
           upper(split_part(c.domain, '.', 1)), 'DOM\\\\' || w.word || n, 'DOM\\\\' || w.word || n, true,
           bench.part(n, 3) < 0.6, $now - interval '400 days' * bench.part(n, 4) ^ 6, $now - interval '90 days' * bench.part(n, 5),
           ARRAY['10.' || n / 65536 || '.' || n / 256 % 256 || '.' || n % 256], s.os, s.version, s.build, s.class, p.name,
           2 + 2 * (n % 8), 1.5 + n % 20 / 10.0, (ARRAY[4, 8, 8, 16, 16, 16, 32, 64])[1 + n % 8] * 1024 - 180,
           v.vendor, v.vendor || ' model ' || n % 90, v.vendor || ' ' || n % 90, upper(substr(md5('s' || n), 1, 10)), '1.' || n % 30,
           date '2014-01-01' + (4000 * bench.part(n, 6))::int, 'C:',
           jsonb_build_array(jsonb_build_object('drive', 'C:', 'total_mb', d.total, 'free_mb', (d.total * bench.part(n, 7) ^ 2)::int))
               || CASE WHEN n % 5 = 0 THEN '[{"drive": "D:", "total_mb": 953860, "free_mb": 400000}]' ELSE '[]'::jsonb END,
           jsonb_build_object('AgentID', n, 'Padding', repeat('machine ', 150)), n, $now
    FROM generate_series(1, $machines) AS n
    JOIN mirror.customer c ON c.id = 1 + floor($customers * bench.part(n, 8) ^ 2)::bigint
    JOIN bench.word w ON w.no = 300 + n % 700
    CROSS JOIN LATERAL (SELECT (ARRAY[60000, 122000, 243000, 243000, 487000, 953000])[1 + n % 6] AS total) AS d
    CROSS JOIN LATERAL (SELECT (ARRAY['Dell Inc.', 'HP', 'LENOVO', 'Microsoft Corporation'])[1 + n % 4] AS vendor) AS v
    JOIN bench.system s ON s.no = floor($systems * bench.part(n, 9) ^ 2)::int JOIN bench.processor p ON p.no = n % $processors;
INSERT INTO mirror.custom_field (target, name, kind, raw, raw_hash, fetched_at)
    SELECT 'Agent', name, 'Text', '{}', 0, $now FROM unnest(ARRAY['Disk type', 'TPM version', 'Secure Boot', 'Firmware']) AS name;
INSERT INTO mirror.custom_value (target, item_id, name, value, fetched_at)
    SELECT 'Agent', n, f.name, f.value, $now FROM generate_series(1, $machines) AS n,
        LATERAL (VALUES ('Disk type', (ARRAY['SSD', 'NVMe', 'HDD'])[n % 3 + 1]), ('TPM version', (ARRAY['2.0', '2.0', '1.2'])[n % 3 + 1]),
                        ('Secure Boot', (ARRAY['On', 'Off'])[n % 2 + 1]), ('Firmware', 'UEFI')) AS f(name, value)
    WHERE bench.part(n, 10) < 0.7;
INSERT INTO mirror.alert (id, title, message, severity, category, machine_id, device_guid, device_name, customer_id, customer_name,
    ticket_id, created_at, snoozed_until, archived_at, is_archived, raw, raw_hash, fetched_at)
    SELECT n, (ARRAY['Disk space low', 'Machine offline', 'CPU load', 'Memory usage', 'Service stopped', 'Event 41'])[1 + n % 6],
           'Threshold exceeded ' || n, (ARRAY['Warning', 'Critical', 'Information', 'Warning'])[1 + n % 4],
           (ARRAY['Disk', 'Availability', 'Performance', 'Hardware', 'General'])[1 + n % 5], m.id, m.device_guid, m.name, m.customer_id, m.customer_name,
           CASE WHEN n % 20 = 0 THEN 1 + n % $tickets END, a.at, CASE WHEN n % 1000 = 7 THEN $now + interval '1 day' END,
           CASE WHEN n % 100 > 1 THEN a.at + interval '1 day' END, n % 100 > 1, jsonb_build_object('AlertID', n, 'Padding', repeat('alert ', 60)), n, $now
    FROM generate_series(1, $alerts) AS n
    CROSS JOIN LATERAL (SELECT $now - interval '1000 days' * bench.part(n, 11) AS at) AS a
    JOIN mirror.machine m ON m.id = 1 + floor($machines * bench.part(n, 12) ^ 2)::bigint;
"""

# Ticket n was made at a moment that its hash tells, not in order of n: rows of one day are spread over the table, as updates do.
_TICKETS = """
INSERT INTO mirror.ticket (id, number, title, description, status, priority, impact, type, source, customer_id, customer_name, contact_id,
    contact_name, contact_email, technician_id, technician_name, created_at, resolved_at, first_response_due_at, due_at, first_response_at,
    last_contact_comment_at, last_technician_comment_at, total_minutes, thread_read_at, thread_due, raw, raw_hash, fetched_at)
    SELECT n, (n + 5000000)::text, initcap(substr(p0.phrase, 1, 60)),
           p1.phrase || '. ' || p2.phrase
               || '. ' || p3.phrase
               || CASE WHEN n % 25000 = 17 THEN ' $rare' ELSE '' END || ' case' || n || CASE WHEN n % 200 = 3 THEN ' midway' ELSE '' END,
           CASE WHEN is_open THEN (ARRAY['Open', 'Open', 'Pending', 'On hold'])[1 + n % 4] WHEN n % 400 = 1 THEN 'Deleted' WHEN n % 3 = 0 THEN 'Resolved' ELSE 'Closed' END,
           (ARRAY['Low', 'Medium', 'Medium', 'High', 'Critical', 'Low'])[1 + n % 6], 'Minor', (ARRAY['Incident', 'Problem', 'Request', 'Change'])[1 + n % 4],
           'Email', k.customer_id, k.customer_name, k.id, k.full_name, k.email,
           e.id, e.name, at, CASE WHEN NOT is_open THEN at + interval '9 days' * bench.part(n, 24) ^ 2 END, at + interval '4 hours', at + interval '3 days',
           CASE WHEN n % 9 > 0 THEN at + interval '5 hours' * bench.part(n, 25) END, at + interval '2 days' * bench.part(n, 26),
           at + interval '2 days' * bench.part(n, 27), (120 * bench.part(n, 28))::int, $now, false,
           jsonb_build_object('TicketID', n, 'TicketNumber', n + 5000000, 'TicketTitle', 'as above', 'FirstComment', p1.phrase,
               'CustomerName', k.customer_name, 'EndUserEmail', k.email, 'TechnicianFullName', e.name, 'TicketCreatedDate', at, 'CustomFields', repeat('value ', 60)),
           n, $now
    FROM generate_series(1 + $shard, $tickets, $shards) AS n
    JOIN bench.phrase p0 ON p0.no = floor($phrases * bench.part(n, 20))::int
    JOIN bench.phrase p1 ON p1.no = floor($phrases * bench.part(n, 21))::int
    JOIN bench.phrase p2 ON p2.no = floor($phrases * bench.part(n, 22))::int
    JOIN bench.phrase p3 ON p3.no = floor($phrases * bench.part(n, 23))::int
    CROSS JOIN LATERAL (SELECT $now - interval '5 years' * bench.part(n, 29) AS any_at, bench.part(n, 30) < 0.01 AS is_open) AS o
    CROSS JOIN LATERAL (SELECT CASE WHEN is_open THEN $now - interval '60 days' * bench.part(n, 29) ^ 2 ELSE any_at END AS at) AS a
    JOIN mirror.contact k ON k.id = 1 + floor($contacts * bench.part(n, 31) ^ 1.5)::bigint
    LEFT JOIN mirror.technician e ON e.id = CASE WHEN bench.part(n, 32) < 0.94 THEN 1 + floor($engineers * bench.part(n, 33) ^ 2)::bigint END;
"""

_COMMENTS = """
INSERT INTO mirror.ticket_comment (key, ticket_id, at, author_kind, author_id, author_name, is_internal, body)
    SELECT n::bigint * 64 + i, n, a.at + interval '3 hours' * i, CASE WHEN i % 2 = 0 THEN 'technician' ELSE 'contact' END, i % $engineers,
           CASE WHEN i % 2 = 0 THEN 'Engineer ' || n % $engineers ELSE 'Contact ' || n % $contacts END, i % 4 = 0,
           p1.phrase || '. ' || p2.phrase
               || CASE WHEN (n * 64 + i) % 100003 = 17 THEN ' $rare' ELSE '' END
    FROM generate_series(1 + $shard, $tickets, $shards) AS n
    CROSS JOIN LATERAL (SELECT $now - interval '5 years' * bench.part(n, 29) AS at) AS a
    CROSS JOIN LATERAL generate_series(1, 1 + floor(49 * bench.part(n, 42) ^ 11)::int) AS i
    JOIN bench.phrase p1 ON p1.no = floor($phrases * bench.part(n::bigint * 64 + i, 40))::int
    JOIN bench.phrase p2 ON p2.no = floor($phrases * bench.part(n::bigint * 64 + i, 41))::int;
"""

_BESIDES = """
INSERT INTO mirror.time_entry (id, ticket_id, customer_id, technician_id, technician_name, started_at, ended_at, is_billable, is_on_site, description, raw, raw_hash, fetched_at)
    SELECT n, 1 + n * 3 % $tickets, 1, 1 + n % $engineers, 'Engineer', $now - interval '5 years' * bench.part(n, 50),
           $now - interval '5 years' * bench.part(n, 50) + interval '40 minutes', true, n % 3 = 0, 'Worked on it', '{}', n, $now
    FROM generate_series(1, $tickets / 2) AS n;
INSERT INTO mirror.ticket_history (id, ticket_id, seen_at, field, old, new)
    SELECT n, 1 + n * 3 % $tickets, $now - interval '1 year' * bench.part(n, 51), 'status', 'Open', 'Closed' FROM generate_series(1, $tickets / 2) AS n;
INSERT INTO mirror.article (id, title, body, section, raw, raw_hash, fetched_at)
    SELECT n, initcap(p.phrase), p.phrase || '. ' || q.phrase, 'Guides', '{}', n, $now
    FROM generate_series(1, 500) AS n JOIN bench.phrase p ON p.no = n * 17 JOIN bench.phrase q ON q.no = n * 23;
INSERT INTO mirror.contract (id, customer_id, name, kind, raw, raw_hash, fetched_at)
    SELECT id, id, 'Flat fee', 'RetainerFlatFee', '{}', id, $now FROM mirror.customer;
INSERT INTO helpdesk.sync_run (id, stream, started_at, finished_at, outcome, data_as_of, seconds)
    SELECT n, (ARRAY['tickets', 'conversations', 'alerts', 'machines', 'customers', 'contacts', 'time_entries', 'articles'])[1 + n % 8],
           $now - interval '5 minutes' * (20000 - n) / 8, $now - interval '5 minutes' * (20000 - n) / 8, 'ok', $now - interval '5 minutes' * (20000 - n) / 8, 2
    FROM generate_series(1, 20000) AS n;
"""

_SECONDARY = """
    SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition FROM pg_index
    WHERE indrelid IN ('mirror.ticket'::regclass, 'mirror.ticket_comment'::regclass) AND NOT indisprimary
"""


def dsn_of(url: str) -> str:
    """Return an SQLAlchemy URL as the driver itself takes it."""
    return url.replace("+asyncpg", "")


async def fill(url: str, sizes: Sizes) -> None:
    """Migrate the database and fill it, unless that was done; the indexes of the big tables are made once the rows are in."""
    dsn = dsn_of(url)
    connection = await asyncpg.connect(dsn)
    try:
        if await connection.fetchval("SELECT to_regclass('bench.done') IS NOT NULL"):
            await asyncio.to_thread(upgrade, url)  # a database that was kept may lack the newest migrations
            await connection.execute("VACUUM ANALYZE")
            return
        await connection.execute("DROP SCHEMA IF EXISTS bench, mirror, helpdesk CASCADE")
        await asyncio.to_thread(upgrade, url)
        await connection.execute(_told(_TOOLS, sizes))
        await _listed_hardware(connection)
        for script in (_PEOPLE, _MACHINES):
            await connection.execute(_told(script, sizes))
        indexes = await connection.fetch(_SECONDARY)
        for index in indexes:
            await connection.execute(f"DROP INDEX {index['name']}")
        shards = [_told(script, sizes, shard) for script in (_TICKETS, _COMMENTS) for shard in range(SHARDS)]
        await side_by_side(dsn, [*shards, _told(_BESIDES, sizes)])
        await side_by_side(dsn, [index["definition"] for index in indexes])
        await connection.execute("VACUUM ANALYZE")
        await connection.execute("CREATE TABLE bench.done (); CHECKPOINT")
    finally:
        await connection.close()


async def side_by_side(dsn: str, scripts: Sequence[str]) -> None:
    """Run scripts on `SHARDS` connections, each as soon as one is free."""
    turn = asyncio.Semaphore(SHARDS)

    async def run(script: str) -> None:
        async with turn:
            connection = await asyncpg.connect(dsn)
            try:
                await connection.execute("SET maintenance_work_mem = '1GB'; SET synchronous_commit = off")
                await connection.execute(script)
            finally:
                await connection.close()

    await asyncio.gather(*map(run, scripts))


async def _listed_hardware(connection: asyncpg.Connection) -> None:
    await connection.execute(
        "CREATE TABLE bench.system (no int, os text, version text, build text, class text)"
    )
    await connection.execute("CREATE TABLE bench.processor (no int, name text)")
    systems = [(n, one.text, one.version, one.build, one.device_class) for n, one in enumerate(_SYSTEMS)]
    await connection.copy_records_to_table("system", schema_name="bench", records=systems)
    names = list(enumerate(_PROCESSORS))
    await connection.copy_records_to_table("processor", schema_name="bench", records=names)


def _told(script: str, sizes: Sizes, shard: int = 0) -> str:
    """Return a script with its sizes; all of them are numbers and words of ours."""
    values = {
        "shards": SHARDS,
        "shard": shard,
        "systems": len(_SYSTEMS),
        "processors": len(_PROCESSORS),
        "phrases": PHRASES,
        "vocabulary": VOCABULARY,
        "words": COMMON_WORDS,
        "rare": RARE_WORD,
        "tickets": sizes.tickets,
        "machines": sizes.machines,
        "contacts": sizes.contacts,
        "customers": sizes.customers,
        "engineers": sizes.engineers,
        "alerts": sizes.alerts,
        "now": "date_trunc('minute', now())",
    }
    for name, value in sorted(values.items(), reverse=True):  # $shards before $shard
        script = script.replace(f"${name}", str(value))
    return script
