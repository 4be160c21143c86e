"""`search_tickets`: which tickets there are, as lines or as counts per group."""

from dataclasses import replace
from typing import Annotated

from pydantic import Field

from helpdesk_mcp.sdk import Advanced, Answer, BadInput, Call
from helpdesk_mcp.sdk.words import inert
from helpdesk_mcp_atera_read import filters, lines
from helpdesk_mcp_atera_read.filters import Asked
from helpdesk_mcp_atera_read.listing import Page
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
    text: Annotated[str | None, Field(description="words in it or its comments, or a number")] = None,
    engineer: Annotated[str | None, Field(description='name, "me" or "none"')] = None,
    customer: str | None = None,
    contact: Annotated[str | None, Advanced()] = None,
    status: Annotated[str, Field(description="open, closed, all, or status names")] = "open",
    priority: Annotated[str | None, Field(description="Low, Medium, High, Critical")] = None,
    type: Annotated[  # noqa: A002 - the field's own name, as people say it
        str | None, Advanced(), Field(description="Incident, Problem, Request, Change")
    ] = None,
    unassigned: Annotated[bool, Advanced()] = False,
    overdue: bool = False,
    stale_days: Annotated[int | None, Advanced(), Field(ge=0, le=3650, description="no activity for")] = None,
    created_after: Annotated[str | None, Field(description="date, today or 7d (ago)")] = None,
    created_before: Annotated[str | None, Advanced()] = None,
    updated_after: Annotated[str | None, Advanced()] = None,
    updated_before: Annotated[str | None, Advanced()] = None,
    sort: Annotated[Sort, Advanced()] = "newest",
    group_by: Annotated[Group | None, Field(description="counts instead")] = None,
    page: Annotated[int, Field(ge=1, le=100_000)] = 1,
    limit: Annotated[int, Advanced(), Field(ge=1, le=50)] = 20,
) -> Answer:
    """List or count tickets: queues, workload, finding one."""
    asked = Asked()
    await filters.add_status(call, asked, status)
    if unassigned:
        if engineer is not None:
            raise BadInput("A ticket is unassigned or has an engineer: leave one of the two arguments out.")
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
        return await _counts(call, asked, group_by, Page(page, limit))
    return await _list(call, asked, sort, Page(page, limit))


async def _list(call: Call, asked: Asked, sort: Sort, page: Page) -> Answer:
    rows = await tickets.find(call.db, asked.wanted, sort, page.limit, page.offset)
    total = await page.total(len(rows), lambda: _total(call, asked))
    if not rows:
        return page.nothing(asked.heading, total, [*asked.notes, *await _closed_ones(call, asked)])
    hidden = asked.constant
    told = [lines.ticket(row, call, hidden=hidden) for row in rows]
    return page.answer(f"{asked.heading}, {_ORDER[sort]}", told, total, asked.notes, is_part=asked.is_part)


async def _total(call: Call, asked: Asked) -> int:
    return asked.at_least or await tickets.count(call.db, asked.wanted)


async def _closed_ones(call: Call, asked: Asked) -> list[str]:
    """Return how many closed tickets the same question finds, where only open ones were looked at."""
    if asked.wanted.statuses != Statuses(is_open=True) or asked.wanted.ids is not None:
        return []
    closed = replace(asked.wanted, statuses=Statuses(names=("Resolved", "Closed")), overdue_at=None)
    found = await tickets.count(call.db, closed)
    return [f"{found} closed ones match: status=closed."] if found else []


async def _counts(call: Call, asked: Asked, by: Group, page: Page) -> Answer:
    groups, existing, total = await tickets.grouped(
        call.db, asked.wanted, by, call.zone, call.now, page.limit, page.offset
    )
    heading = f"{asked.heading}, by {by}"
    if not groups:
        return page.nothing(heading, existing, asked.notes)
    told = [f"{one.tickets:>6}  {_label(one, by)}{_late(one)}" for one in groups]
    return page.answer(f"{heading} ({total} in all)", told, existing, asked.notes)


def _label(group: tickets.TicketGroup, by: Group) -> str:
    nothing = "unassigned" if by == "engineer" else f"no {by}"
    return inert(group.label) or nothing


def _late(group: tickets.TicketGroup) -> str:
    return f" ({group.overdue} overdue)" if group.overdue else ""
