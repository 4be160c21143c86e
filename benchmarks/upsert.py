"""How fast records are stored, next to what Postgres can do at most: COPY of the same rows into the same table.

Both start from the same Python rows and end with a commit on disk; a checkpoint before each makes every first touch of a page
cost the same.
"""

import asyncio
import gc
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import orjson
from sqlalchemy.ext.asyncio import AsyncEngine

from helpdesk_mcp.store.engines import write_engine
from helpdesk_mcp.store.migrate import upgrade
from helpdesk_mcp.store.payloads import Row
from helpdesk_mcp.store.tables import ticket
from helpdesk_mcp.store.upsert import compare, write
from helpdesk_mcp.sync.reading import GATHERED_MOST

from .data import dsn_of
from .postgres import scratch_postgres
from .report import Report
from .words import COMMON_WORDS

PAGE = 50
"""Records on a page of Atera's API."""
ROUNDS = 3
"""The quickest run of each way counts: what else the machine does can only make it slower."""
ROWS = {"full": 100_000, "small": 20_000}
_NOW = datetime(2026, 11, 24, tzinfo=UTC)
_WORDS = COMMON_WORDS.split()


@dataclass(frozen=True, slots=True)
class Cost:
    """What storing some rows took."""

    rows: int
    seconds: float
    wal_bytes: int

    @property
    def rate(self) -> float:
        """Return rows per second."""
        return self.rows / self.seconds


def run(scale: str, command: str, *, keep: bool) -> None:
    """Measure, print, and keep the result."""
    report = Report("upsert", "Storing records", f"{ROWS[scale]:,} tickets, best of {ROUNDS} rounds")
    with scratch_postgres("upsert", keep=keep) as url:
        upgrade(url)
        rounds = [asyncio.run(_measure(url, ROWS[scale])) for _ in range(ROUNDS)]
    costs = {way: max((costs[way] for costs in rounds), key=lambda cost: cost.rate) for way in _AIMS}
    limit = costs["COPY (the limit)"]
    report.table(
        ["way", "rows/s", "÷ COPY", "WAL MB", "aim"],
        [
            (
                way,
                f"{cost.rate:,.0f}",
                f"{cost.rate / limit.rate:.2f}",
                f"{cost.wal_bytes / 1e6:.1f}",
                _AIMS[way],
            )
            for way, cost in costs.items()
        ],
    )
    report.save(command)


_AIMS = {
    "COPY (the limit)": "",
    "new, pages of 50": "≥ 0.45",
    "new, first fill": "≥ 0.8",
    "unchanged, pages of 50": "no WAL",
    "unchanged, gathered": "≥ 10, no WAL",
    "1 % changed, pages of 50": "",
    "1 % changed, gathered": "≥ 8",
}


async def _measure(url: str, count: int) -> dict[str, Cost]:
    rows = [_ticket(number) for number in range(count)]
    later = [{**row, "fetched_at": _NOW + timedelta(minutes=5)} for row in rows]
    changed = [_moved(row) if number % 100 == 0 else row for number, row in enumerate(later)]
    # A sync never holds so many at once, and to look through them for garbage would be a part of each time.
    gc.collect()
    gc.freeze()
    engine = write_engine(url)
    probe = await asyncpg.connect(dsn_of(url))

    async def cost(way: Callable[[], Awaitable[None]]) -> Cost:
        await probe.execute("CHECKPOINT")
        async with _wal(probe) as wal:
            began = time.perf_counter()
            await way()
            seconds = time.perf_counter() - began
        return Cost(count, seconds, wal[0])

    try:
        await _empty(probe)
        await upsert_pages(engine, rows[: PAGE * 2], PAGE)  # prepares statements and catalogues on both sides
        await _empty(probe)
        costs = {"COPY (the limit)": await cost(lambda: _copy(url, rows))}
        await _empty(probe)
        costs["new, first fill"] = await cost(lambda: upsert_pages(engine, rows, GATHERED_MOST))
        await _empty(probe)
        costs["new, pages of 50"] = await cost(lambda: upsert_pages(engine, rows, PAGE))
        await probe.execute("VACUUM ANALYZE mirror.ticket")
        costs["unchanged, pages of 50"] = await cost(lambda: upsert_pages(engine, later, PAGE))
        costs["unchanged, gathered"] = await cost(lambda: upsert_pages(engine, later, GATHERED_MOST))
        costs["1 % changed, pages of 50"] = await cost(lambda: upsert_pages(engine, changed, PAGE))
        again = [_moved(row, 10) if number % 100 == 0 else row for number, row in enumerate(changed)]
        costs["1 % changed, gathered"] = await cost(lambda: upsert_pages(engine, again, GATHERED_MOST))
    finally:
        await probe.close()
        await engine.dispose()
        gc.unfreeze()
    return {way: costs[way] for way in _AIMS}


async def upsert_pages(engine: AsyncEngine, rows: list[Row], size: int) -> None:
    """Store rows the way the sync does: page by page, compared first, each written in its own transaction."""
    asking = engine.execution_options(isolation_level="AUTOCOMMIT")
    for page in _pages(rows, size):
        async with asking.connect() as connection:
            comparison = await compare(connection, ticket, page)
        async with engine.begin() as connection:
            await write(connection, ticket, comparison)


def _pages(rows: list[Row], size: int) -> Iterator[list[Row]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


async def _copy(url: str, rows: list[Row]) -> None:
    columns = tuple(rows[0])
    connection = await asyncpg.connect(dsn_of(url))
    records = (tuple(_binary(value) for value in row.values()) for row in rows)
    try:
        await connection.copy_records_to_table(
            "ticket", schema_name="mirror", columns=columns, records=records
        )
    finally:
        await connection.close()


def _binary(value: Any) -> Any:
    return orjson.dumps(value).decode() if isinstance(value, dict) else value


async def _empty(probe: asyncpg.Connection) -> None:
    await probe.execute("TRUNCATE mirror.ticket, mirror.ticket_history")


@asynccontextmanager
async def _wal(probe: asyncpg.Connection) -> AsyncIterator[list[int]]:
    before = await probe.fetchval("SELECT pg_current_wal_insert_lsn()::text")
    written = [0]
    yield written
    difference = "SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), $1::text::pg_lsn)::bigint"
    written[0] = await probe.fetchval(difference, before)


def _ticket(number: int) -> Row:
    said = [_WORDS[(number * 31 + place * place * 7) % len(_WORDS)] for place in range(30)]
    at = _NOW - timedelta(minutes=number * 26 % 2_600_000)
    columns = {
        "id": 400_000 + number,
        "number": str(100_000 + number),
        "title": " ".join(said[:6]),
        "description": f"{' '.join(said)} case{number}",
        "hidden": None,
        "status": "Open" if number % 100 == 0 else "Closed",
        "priority": "Medium",
        "impact": "Minor",
        "type": "Incident",
        "source": "Email",
        "customer_id": number % 200,
        "customer_name": f"Customer {number % 200}",
        "contact_id": number % 8000,
        "contact_name": f"Contact {number % 8000}",
        "contact_email": f"contact{number % 8000}@customer.example",
        "contact_phone": None,
        "technician_id": number % 24,
        "technician_name": f"Engineer {number % 24}",
        "contract_id": None,
        "created_at": at,
        "resolved_at": None,
        "first_response_due_at": at + timedelta(hours=4),
        "due_at": at + timedelta(days=3),
        "first_response_at": at + timedelta(hours=1),
        "last_contact_comment_at": at + timedelta(hours=2),
        "last_technician_comment_at": at + timedelta(hours=3),
        "on_site_minutes": 0,
        "off_site_minutes": 30,
        "total_minutes": 30,
    }
    raw = {name: None if value is None else str(value) for name, value in columns.items()}
    raw["LastTechnicianComment"] = " ".join(said[10:])
    return {**columns, "raw": raw, "raw_hash": number, "fetched_at": _NOW}


def _moved(row: Row, minutes: int = 0) -> Row:
    moment = row["fetched_at"] + timedelta(minutes=minutes)
    status = "Pending" if row["status"] != "Pending" else "Open"
    return {**row, "status": status, "raw_hash": row["raw_hash"] + 1_000_000_000, "fetched_at": moment}
