"""`list_alerts`: what the monitoring reports."""

from dataclasses import dataclass, field, replace
from typing import Annotated, Any

from pydantic import Field

from helpdesk_mcp.sdk import Advanced, Answer, Call, names, times
from helpdesk_mcp.sdk.words import inert
from helpdesk_mcp_atera_read import filters, lines
from helpdesk_mcp_atera_read.listing import Page, in_words
from helpdesk_mcp_atera_read.queries import alerts
from helpdesk_mcp_atera_read.queries.alerts import CATEGORIES, SEVERITIES, AlertFilter, Group, State


@dataclass(slots=True)
class Asked:
    """A question about alerts, as it was understood so far."""

    state: State
    wanted: AlertFilter
    limits: list[str] = field(default_factory=list[str])
    notes: list[str] = field(default_factory=list[str])

    @property
    def heading(self) -> str:
        """Return the question in words."""
        subject = "Alerts of any status" if self.state == "all" else f"{self.state.capitalize()} alerts"
        return in_words(subject, self.limits)

    @property
    def constant(self) -> frozenset[str]:
        """Return the columns that are the same in all rows."""
        wanted = self.wanted
        is_single = {
            "customer": wanted.customer_id is not None,
            "machine": wanted.machine_id is not None,
            "severity": len(wanted.severities) == 1,
            "category": len(wanted.categories) == 1,
        }
        return frozenset(name for name, is_one in is_single.items() if is_one)

    def narrow(self, told: str, /, **conditions: Any) -> None:
        """Add conditions of `AlertFilter`, and what they are called."""
        self.wanted = replace(self.wanted, **conditions)
        self.limits.append(told)


async def list_alerts(
    call: Call,
    *,
    customer: str | None = None,
    machine: str | None = None,
    severity: Annotated[str | None, Field(description="Information, Warning, Critical")] = None,
    category: Annotated[
        str | None,
        Advanced(),
        Field(description="Hardware, Disk, Availability, Performance, Exchange, General"),
    ] = None,
    status: State = "open",
    created_after: Annotated[str | None, Advanced()] = None,
    group_by: Annotated[Group | None, Advanced()] = None,
    page: Annotated[int, Field(ge=1, le=100_000)] = 1,
    limit: Annotated[int, Advanced(), Field(ge=1, le=50)] = 20,
) -> Answer:
    """List monitoring alerts, newest first."""
    asked = Asked(status, AlertFilter(state=status, now=call.now))
    await _add_places(call, asked, customer, machine)
    if severity is not None:
        chosen = filters.one_of(severity, SEVERITIES, "severity")
        asked.narrow(f"severity {' or '.join(chosen)}", severities=chosen)
    if category is not None:
        chosen = filters.one_of(category, CATEGORIES, "category")
        asked.narrow(f"category {' or '.join(chosen)}", categories=chosen)
    if created_after is not None:
        at = times.moment(created_after, call.now, call.zone)
        asked.narrow(f"created since {filters.told(at, call)}", created_from=at)
    if group_by is not None:
        return await _counts(call, asked, group_by, Page(page, limit))
    return await _list(call, asked, Page(page, limit))


async def _add_places(call: Call, asked: Asked, customer: str | None, machine: str | None) -> None:
    if customer is not None:
        named = await names.customer(call, customer)
        asked.narrow(f"for {filters.real_name(customer, named, asked.notes)}", customer_id=named.id)
    if machine is not None:
        named = await names.machine(call, machine, asked.wanted.customer_id)
        asked.narrow(f"on {filters.real_name(machine, named, asked.notes)}", machine_id=named.id)


async def _list(call: Call, asked: Asked, page: Page) -> Answer:
    rows = await alerts.find(call.db, asked.wanted, page.limit, page.offset)
    total = await page.total(len(rows), lambda: alerts.count(call.db, asked.wanted))
    if not rows:
        return page.nothing(asked.heading, total, asked.notes)
    hidden = asked.constant
    told = [lines.alert(row, call, hidden=hidden) for row in rows]
    return page.answer(f"{asked.heading}, newest first", told, total, asked.notes)


async def _counts(call: Call, asked: Asked, by: Group, page: Page) -> Answer:
    groups, existing, total = await alerts.grouped(call.db, asked.wanted, by, page.limit, page.offset)
    heading = f"{asked.heading}, by {by}"
    if not groups:
        return page.nothing(heading, existing, asked.notes)
    told = [_group(one, by, call) for one in groups]
    return page.answer(f"{heading} ({total} in all)", told, existing, asked.notes)


def _group(group: alerts.AlertGroup, by: Group, call: Call) -> str:
    critical = f"{group.critical} critical, " if group.critical and by != "severity" else ""
    label = inert(group.label) or f"no {by}"
    return f"{group.alerts:>6}  {label} ({critical}newest {lines.ago(group.newest_at, call)})"
