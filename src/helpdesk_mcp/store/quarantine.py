"""Records that could not be stored, and fields that Atera's records had too many or too few of: kept, so that they are seen."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from helpdesk_mcp.store.payloads import without_nul
from helpdesk_mcp.store.tables import field_drift, quarantine

Drift = tuple[str, Literal["unknown", "missing"]]


@dataclass(frozen=True, slots=True)
class Refused:
    """A record that could not be stored."""

    raw: Any
    raw_hash: int
    key: str | None
    """Its id as text, where it has one."""
    reason: str


async def put_aside(connection: AsyncConnection, stream: str, refused: Iterable[Refused]) -> int:
    """Keep records that could not be stored and return how many are new here."""
    rows = {
        one.raw_hash: {
            "stream": stream,
            "raw_hash": one.raw_hash,
            "key": one.key,
            "reason": one.reason,
            "raw": without_nul(one.raw),
        }
        for one in refused
    }
    if not rows:
        return 0
    known = set(
        await connection.scalars(
            select(quarantine.c.raw_hash).where(
                quarantine.c.stream == stream, quarantine.c.raw_hash.in_(rows)
            )
        )
    )
    new = [row for raw_hash, row in rows.items() if raw_hash not in known]
    if new:
        statement = insert(quarantine).values(first_seen_at=func.clock_timestamp()).on_conflict_do_nothing()
        await connection.execute(statement, new)
    return len(new)


async def release(connection: AsyncConnection, stream: str, keys: Collection[str]) -> int:
    """Forget records under these keys, whose newer versions could be stored; return how many."""
    statement = delete(quarantine).where(quarantine.c.stream == stream, quarantine.c.key.in_(keys))
    return (await connection.execute(statement)).rowcount


async def keep_only(connection: AsyncConnection, stream: str, refused: Collection[int]) -> int:
    """Forget a stream's records, given by hash, except those that a pass through all of them refused; return how many."""
    statement = delete(quarantine).where(quarantine.c.stream == stream, quarantine.c.raw_hash.not_in(refused))
    return (await connection.execute(statement)).rowcount


async def keys_aside(connection: AsyncConnection, stream: str) -> set[str]:
    """Return the keys of a stream's records that could not be stored."""
    statement = select(quarantine.c.key).where(quarantine.c.stream == stream, quarantine.c.key.is_not(None))
    return set(await connection.scalars(statement))


async def note_drift(connection: AsyncConnection, stream: str, drift: Mapping[Drift, int]) -> set[Drift]:
    """Record fields that differ from the models; return those that were not known before."""
    if not drift:
        return set()
    known = await connection.execute(
        select(field_drift.c.field, field_drift.c.kind).where(field_drift.c.stream == stream)
    )
    new = drift.keys() - {(row.field, row.kind) for row in known}
    if new:
        rows = [{"stream": stream, "field": field, "kind": kind} for field, kind in sorted(new)]
        statement = insert(field_drift).values(first_seen_at=func.clock_timestamp()).on_conflict_do_nothing()
        await connection.execute(statement, rows)
    return new
