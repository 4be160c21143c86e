"""`windows11_readiness`: which machines can run Windows 11, which cannot, why, and what is not known."""

from typing import Annotated, Literal

from pydantic import Field

from helpdesk_mcp.sdk import Advanced, Answer, Call, NotFound, names
from helpdesk_mcp_machines_query import machine_text, survey
from helpdesk_mcp_machines_query.lines import inert, quoted
from helpdesk_mcp_machines_query.queries import facts, fleet
from helpdesk_mcp_machines_query.readiness import GROUPS, SUBGROUPS, assess, read_facts
from helpdesk_mcp_machines_query.settings import settings_of
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
    machine: Annotated[str | None, Field(description="only this one, every criterion")] = None,
    group: Annotated[Listed | None, Field(description="list these instead of counts")] = None,
    by_customer: Annotated[bool, Advanced()] = False,
    page: Annotated[int, Field(ge=1)] = 1,
    limit: Annotated[int, Advanced(), Field(ge=1, le=50)] = 20,
) -> Answer:
    """Windows 11: counts of machines that fail, can be fixed, are unknown, meet it or run it, with reasons."""
    owner = await names.customer(call, customer) if customer else None
    if machine is not None:
        return await _one(call, machine, owner.id if owner else None)
    found = await survey.survey(call, owner.id if owner else None)
    whose = inert(owner.name) if owner else "all customers"
    if group is not None:
        return _list(call, found, group, whose, page, limit, with_customer=owner is None)
    if by_customer:
        return _customers(found, whose, page, limit)
    heading = f"Windows 11 readiness, {whose}: {len(found.found)} machines"
    return Answer(
        text="\n".join([heading, *survey.summary(found, call)]),
        notes=(*await survey.how_to_know(call, found), _UNSEEN),
    )


async def _one(call: Call, said: str, customer_id: int | None) -> Answer:
    named = await names.machine(call, said, customer_id)
    row = await fleet.machine(call.db, named.id)
    if row is None:
        raise NotFound(f"The machine {quoted(named.name)} was removed in the meantime: search again.")
    settings = settings_of(call)
    values = (await facts.of_machines(call.db, [row.id])).get(row.id, {})
    found = assess(row, read_facts(values, settings), call.now.astimezone(call.zone).date())
    heading = f"{inert(row.name)}, {inert(row.customer_name)}: {found.system}"
    notes = (*await survey.how_to_know(call, Survey([found])), _UNSEEN) if found.criteria else ()
    return Answer(text="\n".join([heading, *machine_text.readiness(found, call)]), notes=notes)


def _list(
    call: Call, found: Survey, group: Listed, whose: str, page: int, limit: int, *, with_customer: bool
) -> Answer:
    chosen = sorted(
        found.of(group),
        key=lambda one: ((one.machine.customer_name or "").lower(), one.machine.name.lower(), one.machine.id),
    )
    name = {**GROUPS, **SUBGROUPS}[group]
    shown = chosen[(page - 1) * limit : page * limit]
    if not shown:
        text = f"page {page} is past the end, there are {len(chosen)}" if chosen else "none"
        return Answer(text=f"Windows 11, {name}, {whose}: {text}.")
    told = [survey.line(one, call, with_customer=with_customer) for one in shown]
    return Answer(
        text="\n".join([f"Windows 11, {name}, {whose}:", *told]),
        shown=len(shown),
        total=len(chosen),
        more=f"page={page + 1}" if page * limit < len(chosen) else None,
    )


def _customers(found: Survey, whose: str, page: int, limit: int) -> Answer:
    rows = survey.by_customer(found)
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
