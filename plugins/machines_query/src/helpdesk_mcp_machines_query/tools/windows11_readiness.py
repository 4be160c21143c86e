"""`windows11_readiness`: which machines can run Windows 11, which cannot, why, and what is not known."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field

from helpdesk_mcp.sdk import Advanced, Answer, Call, NotFound, names
from helpdesk_mcp.sdk.words import inert, quoted
from helpdesk_mcp_machines_query import machine_text, missing, survey
from helpdesk_mcp_machines_query.filters import Limit, Page
from helpdesk_mcp_machines_query.queries import fleet
from helpdesk_mcp_machines_query.readiness import GROUPS, SUBGROUPS
from helpdesk_mcp_machines_query.survey import Survey

Listed = Literal[
    "replace", "upgrade", "fixable", "unknown", "meets", "on_11", "on_11_unsupported", "on_11_ended", "virtual",
    "not_applicable",
]  # fmt: skip
_COLUMNS = ("replace", "upgrade", "fixable", "unknown", "meets", "on_11", "virtual", "not_applicable")
_UNSEEN = "Graphics and display are not checked: no inventory has them."


async def windows11_readiness(
    call: Call,
    *,
    customer: str | None = None,
    machine: Annotated[str | None, Field(description="all criteria of one")] = None,
    group: Annotated[Listed | None, Field(description="list these")] = None,
    by_customer: Annotated[bool | None, Advanced()] = None,
    page: Page = 1,
    limit: Annotated[Limit, Advanced()] = 20,
) -> Answer:
    """Which machines can run Windows 11, which not, and why."""
    owner = await names.customer(call, customer) if customer else None
    if machine is not None:
        return await _one(call, machine, owner.id if owner else None)
    listed = "ids" if group is not None else "customers" if by_customer else "unread"
    found = await survey.survey(call, owner.id if owner else None, listed)
    whose = inert(owner.name) if owner else "all customers"
    if group is not None:
        return await _list(call, found, group, whose, page, limit, with_customer=owner is None)
    if by_customer:
        rows = await asyncio.to_thread(survey.by_customer, found, await fleet.customer_names(call.db))
        return _customers(rows, whose, page, limit)
    heading = f"Windows 11 readiness, {whose}: {found.size} machines"
    lines = await survey.aside(len(found.parts), survey.summary, found, call)
    return Answer(
        text="\n".join([heading, *lines]),
        notes=(*await missing.of_fleet(call, found), _UNSEEN),
    )


async def _one(call: Call, said: str, customer_id: int | None) -> Answer:
    named = await names.machine(call, said, customer_id)
    row = await fleet.machine(call.db, named.id)
    if row is None:
        raise NotFound(f"The machine {quoted(named.name)} was removed in the meantime: search again.")
    found = (await survey.judge(call, [row]))[row.id]
    heading = f"{inert(row.name)}, {inert(row.customer_name)}: {found.system}"
    notes = (*await missing.of_machines(call, [found]), _UNSEEN) if found.criteria else ()
    return Answer(text="\n".join([heading, *machine_text.readiness(found, call)]), notes=notes)


async def _list(
    call: Call, found: Survey, group: Listed, whose: str, page: int, limit: int, *, with_customer: bool
) -> Answer:
    ids = [id_ for part in found.of(group) for id_ in part.listed if id_ is not None]
    name = {**GROUPS, **SUBGROUPS}[group]
    shown = await fleet.page(call.db, ids, limit, (page - 1) * limit)
    if not shown:
        text = f"page {page} is past the end, there are {len(ids)}" if ids else "none"
        return Answer(text=f"Windows 11 readiness, {whose}, {name}: {text}.")
    judged = await survey.judge(call, shown)
    told = [survey.line(judged[machine.id], call, with_customer=with_customer) for machine in shown]
    return Answer(
        text="\n".join([f"Windows 11 readiness, {whose}, {name}:", *told]),
        notes=tuple(await missing.of_machines(call, judged.values())),
        shown=len(shown),
        total=len(ids),
        more=f"page={page + 1}" if page * limit < len(ids) else None,
    )


def _customers(rows: Sequence[tuple[str, Counter[str]]], whose: str, page: int, limit: int) -> Answer:
    shown = rows[(page - 1) * limit : page * limit]
    told = [
        f"- {inert(name, 40)}: {counts.total()} = {', '.join(f'{counts[group]} {group}' for group in _COLUMNS if counts[group])}"
        for name, counts in shown
    ]
    return Answer(
        text="\n".join([f"Windows 11 readiness by customer, {whose}, most work first:", *told]),
        shown=len(shown),
        total=len(rows),
        more=f"page={page + 1}" if page * limit < len(rows) else None,
    )
