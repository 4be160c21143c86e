"""`list_certificates`: what it is asked, and how its answer reads."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from helpdesk_mcp.sdk import Answer, Call, names, times, words
from helpdesk_mcp_certificates import queries
from helpdesk_mcp_certificates.hosts import HTTPS
from helpdesk_mcp_certificates.queries import HostRow


async def list_certificates(
    call: Call,
    *,
    customer: str | None = None,
    ends_within_days: Annotated[int, Field(ge=0, le=3650)] = 30,
    limit: Annotated[int, Field(ge=1, le=50)] = 20,
) -> Answer:
    """List hosts whose TLS certificate fails, with the reason, then those whose certificate ends soonest."""
    customer_id = None if customer is None else (await names.customer(call, customer)).id
    before = call.now + timedelta(days=ends_within_days)
    rows = await queries.find(call.db, customer_id, before, limit)
    if not rows:
        seen = await queries.watched(call.db, customer_id)
        well = f"none of the {seen.hosts} watched fails or ends within {ends_within_days} days."
        text = f"No certificate to worry about: {well}" if seen.hosts else "No host is watched here."
        return Answer(text=text, shown=0, total=0)
    total = rows[0].total
    return Answer(
        text="\n".join(_line(row, call) for row in rows),
        shown=len(rows),
        total=total,
        more="a larger limit, or one customer" if total > len(rows) else None,
    )


def _line(row: HostRow, call: Call) -> str:
    where = words.inert(row.name if row.port == HTTPS else f"{row.name}:{row.port}")
    issuer = f"issuer {words.inert(row.issuer, 40)}" if row.issuer else None
    return (
        f"- {words.joined((where, _failure(row, call), _end(row, call), words.inert(row.customer), issuer))}"
    )


def _failure(row: HostRow, call: Call) -> str | None:
    if row.error is None:
        return None
    since = times.shown(row.failing_since, call.now, call.zone)
    return f"FAILS: {words.inert(row.error, 100)} (since {since})"


def _end(row: HostRow, call: Call) -> str | None:
    if row.not_after is None:
        return None
    left = row.not_after - call.now
    at, length = times.shown(row.not_after, call.now, call.zone), times.span(left)
    return f"ends {at} (in {length})" if left > timedelta(0) else f"ended {at} ({length} ago)"
