"""`search_tickets`: which tickets there are, as lines or as counts per group."""

from dataclasses import replace
from typing import Annotated

from pydantic import Field

from helpdesk_mcp.sdk import Advanced, Answer, Call
from helpdesk_mcp_atera_read import filters, lines
from helpdesk_mcp_atera_read.filters import Asked
from helpdesk_mcp_atera_read.queries import tickets
from helpdesk_mcp_atera_read.queries.tickets import Group, Sort, Statuses

_ORDER = {
    "newest": "newest first",
    "oldest": "oldest first",
    "updated": "latest activity first",
    "stale": "longest without activity first",
    "due": "next due first",
    "priority": "highest priority first",
}


async def search_tickets(
    call: Call,
    *,
    text: Annotated[
        str | None, Field(description="words in title, description or comments, or a number")
    ] = None,
    engineer: Annotated[str | None, Field(description='name, "me" or "none"')] = None,
    customer: str | None = None,
    contact: str | None = None,
    status: Annotated[str, Field(description="open, closed, all, or status names")] = "open",
    priority: Annotated[str | None, Field(description="Low, Medium, High, Critical")] = None,
    type: Annotated[  # noqa: A002 - the field's own name, as people say it
        str | None, Advanced(), Field(description="Incident, Problem, Request, Change")
    ] = None,
    unassigned: Annotated[bool, Advanced()] = False,
    overdue: bool = False,
    stale_days: Annotated[int | None, Advanced(), Field(ge=0, le=3650, description="no activity for")] = None,
    created_after: Annotated[str | None, Field(description="2026-11-01, today or 7d (ago)")] = None,
    created_before: Annotated[str | None, Advanced()] = None,
    updated_after: Annotated[str | None, Advanced()] = None,
    updated_before: Annotated[str | None, Advanced()] = None,
    sort: Sort = "newest",
    group_by: Annotated[Group | None, Field(description="count per group instead of a list")] = None,
    page: Annotated[int, Field(ge=1, le=100_000)] = 1,
    limit: Annotated[int, Field(ge=1, le=50)] = 20,
) -> Answer:
    """Tickets, one line each, or counts per group. Use for queues, workload, and to find a ticket. All filters must hold."""
    asked = Asked()
    await filters.add_status(call, asked, status)
    if unassigned and engineer is None:
        engineer = "none"
    if engineer is not None:
        await filters.add_engineer(call, asked, engineer)
    await filters.add_requester(call, asked, customer, contact)
    filters.add_kind(asked, priority, type)
    filters.add_state(call, asked, overdue=overdue, stale_days=stale_days)
    filters.add_dates(call, asked, (created_after, created_before), (updated_after, updated_before))
    if text is not None:
        await filters.add_text(call, asked, text)
    if group_by is not None:
        return await _counts(call, asked, group_by, page, limit)
    return await _list(call, asked, sort, page, limit)


async def _list(call: Call, asked: Asked, sort: Sort, page: int, limit: int) -> Answer:
    offset = (page - 1) * limit
    rows = await tickets.find(call.db, asked.wanted, sort, limit, offset)
    is_last = len(rows) < limit and (rows or page == 1)
    total = offset + len(rows) if is_last else await tickets.count(call.db, asked.wanted)
    if not rows:
        return await _nothing(call, asked, page, total)
    told = [lines.ticket(row, call, hidden=asked.constant) for row in rows]
    return Answer(
        text="\n".join([f"{asked.heading}, {_ORDER[sort]}:", *told]),
        shown=len(rows),
        total=min(total, tickets.MOST_COUNTED),
        total_is_minimum=total > tickets.MOST_COUNTED,
        more=f"page={page + 1}" if offset + len(rows) < total else None,
        notes=tuple(asked.notes),
    )


async def _nothing(call: Call, asked: Asked, page: int, total: int) -> Answer:
    if page > 1 and total:
        text = f"{asked.heading}: page {page} is past the end, there are {total}."
        return Answer(text=text, shown=0, total=total, more="page=1", notes=tuple(asked.notes))
    text = f"{asked.heading}: none."
    if asked.wanted.statuses == Statuses(is_open=True):
        others = await tickets.count(
            call.db, replace(asked.wanted, statuses=Statuses(names=("Resolved", "Closed")))
        )
        if others and asked.wanted.ids is None:
            text += f" {others} closed ones match: status=closed."
    return Answer(text=text, notes=tuple(asked.notes))


async def _counts(call: Call, asked: Asked, by: Group, page: int, limit: int) -> Answer:
    offset = (page - 1) * limit
    groups, existing, total = await tickets.grouped(
        call.db, asked.wanted, by, call.zone, call.now, limit, offset
    )
    if not groups:
        return Answer(text=f"{asked.heading}, by {by}: none.", notes=tuple(asked.notes))
    told = [f"{one.tickets:>6}  {_label(one, by)}{_late(one)}" for one in groups]
    return Answer(
        text="\n".join([f"{asked.heading}, by {by} ({total} in all):", *told]),
        shown=len(groups),
        total=existing,
        more=f"page={page + 1}" if offset + len(groups) < existing else None,
        notes=tuple(asked.notes),
    )


def _label(group: tickets.TicketGroup, by: Group) -> str:
    nothing = "unassigned" if by == "engineer" else f"no {by}"
    return lines.inert(group.label) or nothing


def _late(group: tickets.TicketGroup) -> str:
    return f" ({group.overdue} overdue)" if group.overdue else ""
