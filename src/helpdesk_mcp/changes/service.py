"""The desk for changes, as `sdk.changes.Changes` promises it: one for a server, nothing in it belongs to a single caller."""

import asyncio
import logging
import secrets
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from helpdesk_mcp import metrics
from helpdesk_mcp.atera import wire
from helpdesk_mcp.atera.errors import AteraError
from helpdesk_mcp.sdk import Caller, NotFound, Refused, Unavailable
from helpdesk_mcp.sdk.change import Change, Step
from helpdesk_mcp.sdk.changes import Draft, Proposal, Rate, Recorded
from helpdesk_mcp.store import journal, tables
from helpdesk_mcp.store.engines import StoreUnavailable, reachable
from helpdesk_mcp.store.journal import JournalEntry, StoredChange

from . import report, stored
from .operations import Outside
from .policy import Policy
from .present import Present
from .preview import preview
from .reversal import reversal
from .runner import Runner

CODE_LASTS = timedelta(minutes=10)
DRAFT_LASTS = timedelta(minutes=30)
TWINS_WITHIN = timedelta(minutes=10)
"""Two equal changes so close together are taken for one that was asked for twice."""
PATIENCE_S = 40.0
"""Seconds that a caller waits for a change to end: clients give up after 60."""
LISTED = 20

_DIGITS = 19
"""More are no 64-bit integer."""
_REPEATABLE = frozenset({"update_ticket"})
"""Sets fields to values: a second time changes nothing."""
_log = logging.getLogger(__name__)


class ChangeDesk:
    """Proposes, decides and runs changes; `await close(seconds)` lets those under way end."""

    def __init__(self, outside: Outside, policy: Policy, *, runner: Runner | None = None) -> None:
        self._outside = outside
        self._policy = policy
        self._runner = runner or Runner(outside)
        self._present = Present(outside)
        self._tasks: set[asyncio.Task[bool]] = set()

    async def close(self, patience_s: float) -> None:
        """Wait for changes under way; what is not finished then can be finished after the next start."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=patience_s)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def refresh(self, ticket_ids: Sequence[int]) -> None:
        """Read these tickets from Atera into the local copy."""
        async with _told():
            await self._present.refresh(ticket_ids)

    async def rates(self) -> Sequence[Rate]:
        """Return the account's rates for work."""
        async with _told():
            items = [
                item
                async for page in self._outside.client.pages("rates/products", urgent=True)
                for item in page.items
            ]
            return [
                Rate(one["RateID"], one.get("Description") or "", one.get("Amount") or 0.0) for one in items
            ]

    async def propose(self, caller: Caller, tool: str, change: Change) -> Proposal:
        """Record a change that waits for a yes."""
        code, payload = stored.new_code(), stored.payload_hash(change.steps)
        ticket_ids = sorted({step.ticket_id for step in change.steps if step.ticket_id is not None})
        text = preview(change)
        async with _told(), self._outside.engine.begin() as connection:
            await self._policy.check(connection, caller, change.steps, change.customer_ids)
            if not _is_repeatable(change.steps):
                _refuse_twin(await journal.twin(connection, payload, None, within=TWINS_WITHIN))
            values = {
                "code_hash": stored.secret_hash(code),
                "person": caller.person,
                "engineer": caller.engineer,
                "tool": tool,
                "title": change.title,
                "preview": text,
                "steps": stored.steps_to_json(change.steps),
                "versions": await _versions(connection, ticket_ids),
                "ticket_ids": ticket_ids,
                "customer_ids": sorted(set(change.customer_ids)),
                "payload_hash": payload,
                "undoes": change.undoes,
            }
            change_id = await journal.add_change(connection, values, keep=CODE_LASTS)
        metrics.CHANGES.labels("proposed").inc()
        return Proposal(id=change_id, code=code, preview=text)

    async def decide(self, caller: Caller, change_id: int, *, yes: bool) -> str:
        """Carry a proposal out or put it away."""
        async with _told():
            async with self._outside.engine.connect() as connection:
                change = _own(await journal.by_id(connection, change_id), caller)
            if yes:
                return await self._carry_out(caller, change)
            async with self._outside.engine.begin() as connection:
                await journal.decide(connection, change.id, "declined")
            metrics.CHANGES.labels("declined").inc()
        return f"Declined: nothing was changed ({change.title})."

    async def confirm(self, caller: Caller, code: str) -> str:
        """Carry out what a code stands for, or finish a change of that number."""
        async with _told():
            number = code.strip().lstrip("#")
            if number.isdecimal() and len(number) < _DIGITS:
                async with self._outside.engine.connect() as connection:
                    change = await self._unfinished(connection, caller, int(number))
                return await self._resume(caller, change)
            async with self._outside.engine.connect() as connection:
                found = await journal.by_code(connection, stored.secret_hash(stored.normal_code(code)))
            return await self._carry_out(caller, _own(found, caller))

    async def recent(self, caller: Caller, *, everyone: bool, ticket_id: int | None) -> Sequence[Recorded]:
        """Return the newest changes."""
        person = None if everyone or ticket_id is not None else caller.person
        async with _told(), self._outside.engine.connect() as connection:
            changes = await journal.newest(connection, person=person, ticket_id=ticket_id, limit=LISTED)
            return [await self._recorded(connection, change) for change in changes]

    async def reverse(self, caller: Caller, change_id: int) -> Change:
        """Return the change that takes another one back."""
        async with _told():
            async with self._outside.engine.connect() as connection:
                change = await journal.by_id(connection, change_id)
                if change is None:
                    raise NotFound(f"There is no change {change_id}. recent_changes lists them.")
                if change.person != caller.person:
                    raise Refused(
                        f"Change {change_id} was made by {change.person}: only they can undo it here."
                    )
                if (other := await journal.undone_by(connection, change_id)) is not None:
                    raise Refused(f"Change {change_id} was undone already, by change {other}.")
                entries = await journal.events(connection, [change_id])
            await self._present.refresh(change.ticket_ids)
            async with self._outside.engine.connect() as connection:
                return await reversal(connection, change, entries)

    async def save_draft(self, caller: Caller, tool: str, sent: dict[str, Any], draft: Draft) -> str:
        """Keep a half-filled form; return the secret by which it comes back."""
        secret = secrets.token_urlsafe(32)
        values = {
            "token": stored.secret_hash(secret),
            "person": caller.person,
            "tool": tool,
            "arguments_hash": stored.digest(sent),
            "answers": draft.answers,
            "change_id": draft.change_id,
            "rounds": draft.rounds,
        }
        async with _told(), self._outside.engine.begin() as connection:
            await journal.save_draft(connection, values, keep=DRAFT_LASTS)
        return secret

    async def draft(self, caller: Caller, tool: str, sent: dict[str, Any], secret: str) -> Draft:
        """Return what was kept of a half-filled form."""
        async with _told(), self._outside.engine.connect() as connection:
            found = await journal.find_draft(connection, stored.secret_hash(secret))
        if found is None:
            raise Refused("This form was not kept or is too old. Nothing was changed: start again.")
        if (found.person, found.tool, found.arguments_hash) != (caller.person, tool, stored.digest(sent)):
            raise Refused("This form belongs to another call. Nothing was changed: start again.")
        return Draft(answers=found.answers, rounds=found.rounds, change_id=found.change_id)

    async def _unfinished(self, connection: AsyncConnection, caller: Caller, change_id: int) -> StoredChange:
        change = _own(await journal.by_id(connection, change_id), caller)
        state = (await self._recorded(connection, change)).state
        if state in {"failed", "interrupted"}:
            return change
        reasons = {
            "done": "is done",
            "running": "is under way",
            "declined": "was declined",
            "expired": "was never confirmed, and its code has expired: ask for it again",
            "waiting": "waits for its code, which stands in its preview",
        }
        raise Refused(f"Change {change_id} {reasons[state]}. Nothing was done now.")

    async def _carry_out(self, caller: Caller, change: StoredChange) -> str:
        if change.expired:
            raise Refused(
                "The code has expired: nothing was changed. Ask for the change again, for a new preview."
            )
        async with self._outside.engine.connect() as connection:
            if await journal.events(connection, [change.id]):
                raise _decided_before(change.id)
        await self._present.compare(change)
        steps = stored.steps_from_json(change.steps)
        async with self._outside.engine.begin() as connection:
            # Asked again: switches and scopes may have changed since the preview.
            await self._policy.check(connection, caller, steps, change.customer_ids)
            if not _is_repeatable(steps):
                _refuse_twin(
                    await journal.twin(connection, change.payload_hash, change.id, within=TWINS_WITHIN)
                )
            if not await journal.decide(connection, change.id, "confirmed"):
                raise _decided_before(change.id)
        return await self._run(change)

    async def _resume(self, caller: Caller, change: StoredChange) -> str:
        steps = stored.steps_from_json(change.steps)
        async with self._outside.engine.begin() as connection:
            await self._policy.check(connection, caller, steps, change.customer_ids)
            await journal.note(connection, change.id, "resumed")
        return await self._run(change)

    async def _run(self, change: StoredChange) -> str:
        # A task of its own: a client that goes away must not stop a change in its middle.
        task = asyncio.create_task(self._runner.run(change.id, stored.steps_from_json(change.steps)))
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        await asyncio.wait({task}, timeout=PATIENCE_S)
        if task.done() and (broken := task.exception()) is not None:
            raise Unavailable(
                f"{broken} Change {change.id} broke off: recent_changes tells how far it came, and "
                f'confirm_change(code="{change.id}") finishes the rest.'
            ) from broken
        async with self._outside.engine.connect() as connection:
            made = await _made(connection, await journal.events(connection, [change.id]), change)
            return report.told(await self._recorded(connection, change), made)

    def _ended(self, task: asyncio.Task[bool]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if task.cancelled() or error is not None:
            metrics.CHANGES.labels("interrupted").inc()
            _log.error("change_broke_off error=%s", type(error).__name__ if error else "stopped")

    async def _recorded(self, connection: AsyncConnection, change: StoredChange) -> Recorded:
        entries = await journal.events(connection, [change.id])
        is_open = bool(entries) and entries[-1].event not in {"finished", "stopped", "declined"}
        is_running = is_open and await journal.is_running(connection, change.id)
        return report.recorded(change, entries, is_running=is_running)


def _own(change: StoredChange | None, caller: Caller) -> StoredChange:
    if change is None:
        raise NotFound(
            "No change has this code or number. Codes stand in the preview that a tool gives; recent_changes lists numbers."
        )
    if change.person != caller.person:
        raise Refused(
            "This change was asked for by somebody else, and only they can confirm it. Nothing was changed."
        )
    return change


def _decided_before(change_id: int) -> Refused:
    return Refused(
        f"This was decided before: nothing was done now. recent_changes tells what became of change {change_id}."
    )


def _is_repeatable(steps: Sequence[Step]) -> bool:
    return all(step.operation in _REPEATABLE for step in steps)


def _refuse_twin(change_id: int | None) -> None:
    if change_id is not None:
        minutes = int(TWINS_WITHIN.total_seconds() // 60)
        raise Refused(
            f"Exactly the same was confirmed within the last {minutes} minutes, as change {change_id}: nothing was done again. "
            "recent_changes tells what became of it. If it is really meant twice, change its text."
        )


async def _versions(connection: AsyncConnection, ticket_ids: Sequence[int]) -> dict[str, Any]:
    table = tables.ticket
    rows = await connection.execute(select(table.c.id, table.c.raw).where(table.c.id.in_(ticket_ids)))
    return {str(row.id): stored.version(wire.parse_one(wire.Ticket, row.raw)) for row in rows}


async def _made(
    connection: AsyncConnection, entries: Sequence[JournalEntry], change: StoredChange
) -> list[str]:
    """Return a line for each ticket that was created: its number is what people go on with."""
    steps = stored.steps_from_json(change.steps)
    ids = [
        one.details.get("id")
        for one in entries
        if one.event == "done" and one.step is not None and steps[one.step].operation == "create_ticket"
    ]
    table = tables.ticket
    statement = select(table.c.id, table.c.number).where(
        table.c.id.in_([one for one in ids if one is not None])
    )
    numbers = {row.id: row.number for row in await connection.execute(statement)}
    return [
        f"The new ticket is #{numbers[one]}."
        if one in numbers
        else f"The new ticket has the id {one}; Atera does not show it yet, so it cannot be read for a moment."
        for one in ids
    ]


@asynccontextmanager
async def _told() -> AsyncGenerator[None]:
    """Turn what can go wrong outside into failures with a sentence for the caller."""
    try:
        async with reachable():
            yield
    except (AteraError, StoreUnavailable) as error:
        raise Unavailable(str(error)) from error
