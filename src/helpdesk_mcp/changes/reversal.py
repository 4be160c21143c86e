"""The way back: only fields of a ticket can be set again; notes, replies and time cannot be taken back through the API."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from helpdesk_mcp.sdk import Refused
from helpdesk_mcp.sdk.change import Change, Step
from helpdesk_mcp.sdk.words import quoted
from helpdesk_mcp.store import tables
from helpdesk_mcp.store.journal import JournalEntry, StoredChange

from .operations.tickets import NOBODY
from .stored import steps_from_json


async def reversal(
    connection: AsyncConnection, change: StoredChange, entries: Sequence[JournalEntry]
) -> Change:
    """Return the change that sets the fields back to what they were.

    Raises:
        Refused: nothing in the change was done that can be taken back, or somebody has changed it since.
    """
    done = {one.step for one in entries if one.event == "done"}
    before = {one.step: one.details["before"] for one in entries if one.event == "started"}
    backs: list[_Back] = []
    kept: list[str] = []
    for place, step in enumerate(steps_from_json(change.steps)):
        if place in done and step.operation == "update_ticket" and step.ticket_id is not None:
            backs.append(await _back(connection, change.id, step, step.ticket_id, before[place]))
        elif place in done:
            kept.append(step.says)
    if not backs:
        raise Refused(
            f"Nothing of change {change.id} can be taken back: Atera keeps comments, time and new tickets as they are. "
            "Correct it in Atera, or add a note that corrects it."
        )
    return Change(
        title=f"Undo change {change.id}: {change.title}",
        steps=tuple(one.step for one in reversed(backs)),
        customer_ids=tuple(sorted({one.customer_id for one in backs})),
        details=tuple(line for one in backs for line in one.lines),
        warnings=tuple(f"This stays as it is, Atera cannot take it back: {says}." for says in kept),
        undoes=change.id,
    )


@dataclass(frozen=True, slots=True)
class _Back:
    """One step of the way back."""

    step: Step
    customer_id: int
    lines: tuple[str, ...]


async def _back(
    connection: AsyncConnection, change_id: int, step: Step, ticket_id: int, before: Mapping[str, Any]
) -> _Back:
    ticket = await _ticket(connection, ticket_id)
    old = {name: before[name] for name in step.arguments if name in before}
    for name in old:
        if not _equal(name, getattr(ticket, name), step.arguments[name]):
            raise Refused(
                f"The {_word(name)} of ticket #{ticket.number} was changed again since change {change_id}: "
                "set it by update_ticket."
            )
    lines = [await _line(connection, ticket.number, name, value) for name, value in old.items()]
    values = {
        name: NOBODY if name == "technician_id" and value is None else value for name, value in old.items()
    }
    says = f"Set #{ticket.number} back: {', '.join(map(_word, old))}"
    return _Back(
        Step(
            operation="update_ticket",
            arguments={"ticket_id": ticket_id, **values},
            says=says,
            ticket_id=ticket_id,
        ),
        ticket.customer_id,
        tuple(lines),
    )


async def _ticket(connection: AsyncConnection, ticket_id: int) -> Row[Any]:
    statement = select(tables.ticket).where(tables.ticket.c.id == ticket_id)
    return (await connection.execute(statement)).one()


async def _line(connection: AsyncConnection, number: str, name: str, value: object) -> str:
    shown = (
        quoted(str(value)) if value not in (None, NOBODY) else "nobody" if name == "technician_id" else "none"
    )
    if name == "technician_id" and isinstance(value, int) and value != NOBODY:
        statement = select(tables.technician.c.name).where(tables.technician.c.id == value)
        shown = (await connection.execute(statement)).scalar() or f"engineer {value}"
    return f"- #{number} {_word(name)}: back to {shown}"


def _equal(name: str, stored: object, wanted: object) -> bool:
    if name == "technician_id" and wanted == NOBODY:
        return stored is None
    return str(stored).casefold() == str(wanted).casefold()


def _word(column: str) -> str:
    return "engineer" if column == "technician_id" else column
