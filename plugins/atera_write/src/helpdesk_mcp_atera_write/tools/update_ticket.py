"""`update_ticket`: who works on a ticket, and its title, status, priority, impact and type."""

from typing import Annotated, Any

from pydantic import Field

from helpdesk_mcp.sdk import Advanced, Answer, BadInput, Call, Change, Step, names
from helpdesk_mcp.sdk.words import inert, quoted
from helpdesk_mcp_atera_write import tickets, values
from helpdesk_mcp_atera_write.queries.tickets import Ticket
from helpdesk_mcp_atera_write.values import Impact, Priority, TicketType

NOBODY = 0
_NOBODY_SAID = frozenset({"nobody", "none", "unassigned", "no one"})
_DONE = frozenset({"resolved", "closed"})
_WORDS = {"technician_id": "engineer"}


async def update_ticket(
    call: Call,
    *,
    ticket: Annotated[str, Field(coerce_numbers_to_str=True, description="number, or several")],
    engineer: Annotated[str | None, Field(description="name, me or nobody")] = None,
    status: str | None = None,
    priority: Priority | None = None,
    impact: Annotated[Impact | None, Advanced()] = None,
    type: Annotated[TicketType | None, Advanced()] = None,  # noqa: A002 - the field's name
    title: Annotated[str | None, Advanced()] = None,
) -> Change | Answer:
    """Assign tickets or change their fields."""
    wanted: dict[str, Any] = {"priority": priority, "impact": impact, "type": type}
    shown: dict[str, str] = {}
    if engineer is not None:
        wanted["technician_id"], shown["technician_id"] = await _engineer(call, engineer)
    wanted["status"] = None if status is None else await values.status(call, status)
    wanted["title"] = None if title is None else values.title(title)
    wanted = {name: value for name, value in wanted.items() if value is not None}
    if not wanted:
        raise BadInput("Nothing is said to change: give engineer, status, priority, impact, type or title.")
    found = await tickets.find(call, ticket)
    if title is not None and len(found) > 1:
        raise BadInput("A title belongs to one ticket: name one.")
    changing = [(one, different) for one in found if (different := _differences(one, wanted))]
    same = [one for one in found if not _differences(one, wanted)]
    if not changing:
        return Answer(text=f"Nothing to change: {_already(same, wanted, shown)}.")
    return Change(
        title=_title(found, wanted, shown),
        steps=tuple(_step(one, different, shown) for one, different in changing),
        customer_ids=tickets.customers(found),
        details=tuple(_line(one, different, shown) for one, different in changing),
        warnings=(
            *([f"{_already(same, wanted, shown)}; left alone"] if same else []),
            *([] if "status" in wanted else tickets.closed([one for one, _ in changing])),
            *(
                ["no time is logged and nobody is told how it was solved; close_ticket does both"]
                if _closes(wanted)
                else []
            ),
        ),
    )


async def _engineer(call: Call, said: str) -> tuple[int, str]:
    if said.strip().lower() in _NOBODY_SAID:
        return NOBODY, "nobody"
    named = await names.engineer(call, said)
    return named.id, inert(named.name)


def _differences(ticket: Ticket, wanted: dict[str, Any]) -> dict[str, Any]:
    now = {name: getattr(ticket, name) for name in wanted}
    if "technician_id" in now:
        now["technician_id"] = now["technician_id"] or NOBODY
    return {name: value for name, value in wanted.items() if now[name] != value}


def _step(ticket: Ticket, different: dict[str, Any], shown: dict[str, str]) -> Step:
    said = ", ".join(
        f"{_WORDS.get(name, name)} to {_shown(name, different[name], shown)}" for name in different
    )
    return Step(
        operation="update_ticket",
        arguments={"ticket_id": ticket.id, **different},
        says=f"Set #{inert(ticket.number, 20)}: {said}",
        ticket_id=ticket.id,
    )


def _line(ticket: Ticket, different: dict[str, Any], shown: dict[str, str]) -> str:
    told = [
        f"{_WORDS.get(name, name)} {_old(ticket, name)} → {_shown(name, value, shown)}"
        for name, value in different.items()
    ]
    return f"- {tickets.name(ticket)} ({inert(ticket.customer_name, 40)}): {', '.join(told)}"


def _old(ticket: Ticket, name: str) -> str:
    if name == "technician_id":
        return inert(ticket.technician_name) or "nobody"
    value = getattr(ticket, name)
    return quoted(value) if name == "title" else inert(value, 40) or "none"


def _shown(name: str, value: Any, shown: dict[str, str]) -> str:
    return shown.get(name) or (quoted(value) if name == "title" else inert(str(value), 40))


def _title(found: list[Ticket], wanted: dict[str, Any], shown: dict[str, str]) -> str:
    if list(wanted) == ["technician_id"]:
        if wanted["technician_id"] == NOBODY:
            return f"Take the engineer off {tickets.named(found)}"
        return f"Assign {tickets.named(found)} to {shown['technician_id']}"
    return f"Update {tickets.named(found)}"


def _already(same: list[Ticket], wanted: dict[str, Any], shown: dict[str, str]) -> str:
    numbers = ", ".join(f"#{inert(one.number, 20)}" for one in same)
    told = ", ".join(
        f"{_WORDS.get(name, name)} {_shown(name, value, shown)}" for name, value in wanted.items()
    )
    return f"{numbers} {'has' if len(same) == 1 else 'have'} {told} already"


def _closes(wanted: dict[str, Any]) -> bool:
    return str(wanted.get("status", "")).lower() in _DONE
