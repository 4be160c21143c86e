"""The tools that every writing plugin needs and none brings: confirm, look back, take back. Part of the core, not installed."""

from typing import Annotated

from pydantic import Field

from helpdesk_mcp.sdk import Answer, Call, Plugin, Tool
from helpdesk_mcp.sdk.change import Change
from helpdesk_mcp.sdk.changes import Recorded
from helpdesk_mcp.sdk.names import ticket_id
from helpdesk_mcp.sdk.times import shown
from helpdesk_mcp.sdk.words import inert, joined

_TOLD_STEPS = 4


async def confirm_change(
    call: Call,
    *,
    code: Annotated[str, Field(coerce_numbers_to_str=True)],
) -> str:
    """Carry out a previewed change, once the user has seen it and said yes."""
    return await call.changes.confirm(call.caller, code)


async def recent_changes(
    call: Call,
    *,
    ticket: Annotated[str | None, Field(coerce_numbers_to_str=True)] = None,
    everyone: bool = False,
) -> Answer:
    """List changes made here, with their outcome."""
    wanted = None if ticket is None else await ticket_id(call, ticket)
    found = await call.changes.recent(call.caller, everyone=everyone, ticket_id=wanted)
    if not found:
        return Answer(text="No changes were made through this server yet.")
    lines = [line for one in found for line in _lines(one, call, with_person=everyone or wanted is not None)]
    return Answer(text="\n".join(lines), shown=len(found))


async def undo_change(call: Call, *, change: int) -> Change:
    """Set fields back that a change has set."""
    return await call.changes.reverse(call.caller, change)


def _lines(one: Recorded, call: Call, *, with_person: bool) -> list[str]:
    who = inert(one.person, 40) if with_person else ""
    state = one.state.upper() if one.state in {"failed", "interrupted"} else one.state
    head = f"{one.id} " + joined(
        [shown(one.decided_at or one.created_at, call.now, call.zone), state, who, one.title]
    )
    if one.state not in {"failed", "interrupted", "running"}:
        return [head]
    told = [
        f"   {step.says}: {step.outcome}{'. ' + step.reason if step.reason else ''}" for step in one.steps
    ]
    more = len(told) - _TOLD_STEPS
    return [head, *told[:_TOLD_STEPS], *([f"   and {more} more steps"] if more > 0 else [])]


plugin = Plugin(
    name="changes",
    summary="Confirm changes, list and undo them.",
    tools=(
        Tool(run=confirm_change, title="Confirm a change", effect="write", is_long=True),
        Tool(run=recent_changes, title="Recent changes", effect="read", small=False),
        Tool(run=undo_change, title="Undo a change", effect="write", small=False),
    ),
    needs="write",
)
