"""The job: look at every host, and store what was seen."""

import asyncio
from datetime import datetime
from typing import Any

from sqlalchemy import case, delete, func, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from helpdesk_mcp.sdk import JobRun, tables

from .hosts import Customer, Host, wanted
from .probe import Look, Looker
from .settings import own
from .tables import host

AT_ONCE = 20
"""Handshakes under way at the same time."""

_customer = tables.customer.c
_CUSTOMERS = (
    select(_customer.id, _customer.domain)
    .where(_customer.deleted_at.is_(None), _customer.domain.is_not(None))
    .order_by(_customer.id)
)


async def look_at_hosts(job: JobRun) -> None:
    """Look at the certificate of every host, and forget hosts that are not watched any more."""
    settings = own(job.settings)
    hosts = wanted([Customer(*row) for row in await job.db.rows(_CUSTOMERS)], settings)
    looks = await _look_at_all(list(hosts), Looker(settings.ca_file))
    rows = [_row(one, hosts[one], look, job.now) for one, look in looks.items()]
    async with job.db.transaction() as transaction:
        known = {(row.name, row.port) for row in await transaction.execute(select(host.c.name, host.c.port))}
        await _store(transaction, rows)
        gone = delete(host).where(tuple_(host.c.name, host.c.port).not_in([(h.name, h.port) for h in hosts]))
        job.counts.deleted = (await transaction.execute(gone)).rowcount
    job.counts.rows_read = len(rows)
    job.counts.inserted = sum((row["name"], row["port"]) not in known for row in rows)
    job.counts.changed = job.counts.rows_read - job.counts.inserted
    job.log.info("hosts_looked_at hosts=%d failing=%d", len(rows), sum(bool(row["error"]) for row in rows))


async def _look_at_all(hosts: list[Host], looker: Looker) -> dict[Host, Look]:
    turn = asyncio.Semaphore(AT_ONCE)

    async def in_turn(one: Host) -> Look:
        async with turn:
            return await looker.look(one)

    return dict(zip(hosts, await asyncio.gather(*map(in_turn, hosts)), strict=True))


def _row(one: Host, customer_id: int | None, look: Look, now: datetime) -> dict[str, Any]:
    seen = look.certificate
    return {
        "name": one.name,
        "port": one.port,
        "customer_id": customer_id,
        "looked_at": now,
        "not_before": seen and seen.not_before,
        "not_after": seen and seen.not_after,
        "issuer": seen and seen.issuer,
        "names": seen and list(seen.names),
        "error": look.error,
        "failing_since": now if look.error else None,
    }


async def _store(transaction: AsyncConnection, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    statement = insert(host)
    new = statement.excluded
    # A host that does not answer keeps what its certificate said.
    kept = {
        name: func.coalesce(new[name], host.c[name])
        for name in ("not_before", "not_after", "issuer", "names")
    }
    since = case((new.error.is_(None), None), else_=func.coalesce(host.c.failing_since, new.failing_since))
    replaced = {name: new[name] for name in ("customer_id", "looked_at", "error")}
    upsert = statement.on_conflict_do_update(
        index_elements=[host.c.name, host.c.port], set_={**replaced, **kept, "failing_since": since}
    )
    await transaction.execute(upsert, rows)
