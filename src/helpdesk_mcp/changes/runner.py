"""Carries a confirmed change out, one step after another, and can go on where it was killed.

The intent is in the journal before the call leaves, and the outcome after it. A step without an outcome may have happened: it is
looked for before anything is sent. Steps of one ticket depend on each other; a ticket that fails does not stop the others.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from helpdesk_mcp import metrics
from helpdesk_mcp.atera.errors import AteraError, BadCredentials, Forbidden, Throttled, WriteUnknown
from helpdesk_mcp.sdk.change import FromStep, Step
from helpdesk_mcp.store import journal
from helpdesk_mcp.store.engines import reachable

from .operations import OPERATIONS, Found, Operation, Outside

LOOKS_S = (0.0, 0.5, 1.0, 2.0)
"""Pauses before each look at what became of a call: a new record may be invisible for a second or two."""

_HOPELESS = (BadCredentials, Forbidden, Throttled)
"""What the next step would meet as well."""

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Progress:
    """What is known of a change that is being carried out."""

    ids: dict[int, int | None] = field(default_factory=dict[int, "int | None"])
    """By step that is done: the id that it gave."""
    failed: set[int] = field(default_factory=set[int])
    begun: dict[int, Mapping[str, Any]] = field(default_factory=dict[int, Mapping[str, Any]])
    """By step that was started in an earlier run and has no good end: its recorded intent."""
    is_hopeless: bool = False


AT_ONCE = 5
"""Changes that one process carries out at a time: each holds a connection for its lock and takes others, of one small pool."""


class Runner:
    """Carries changes out; one for a server."""

    def __init__(self, outside: Outside, looks_s: Sequence[float] = LOOKS_S) -> None:
        self._outside = outside
        self._looks_s = looks_s
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def run(self, change_id: int, steps: Sequence[Step]) -> bool:
        """Do what is left to do; return False, having done nothing, when another process is at it."""
        async with self._turns, reachable(), journal.running(self._outside.engine, change_id) as ours:
            if ours:
                await self._run(change_id, steps)
            return ours

    async def _run(self, change_id: int, steps: Sequence[Step]) -> None:
        progress = await self._progress(change_id)
        for place, step in enumerate(steps):
            if place in progress.ids or progress.is_hopeless or _is_blocked(step, steps, progress):
                continue
            await self._step(change_id, place, step, progress)
        complete = len(progress.ids) == len(steps)
        await self._note(change_id, "finished" if complete else "stopped")
        metrics.CHANGES.labels("done" if complete else "failed").inc()
        _log.info("change_run change=%d steps=%d done=%d", change_id, len(steps), len(progress.ids))

    async def _progress(self, change_id: int) -> _Progress:
        progress = _Progress()
        async with reachable(), self._outside.engine.connect() as connection:
            for entry in await journal.events(connection, [change_id]):
                if entry.step is None:
                    continue
                if entry.event == "done":
                    progress.ids[entry.step] = entry.details.get("id")
                elif entry.event == "refused":
                    progress.begun.pop(entry.step, None)
                elif entry.event == "started":
                    progress.begun[entry.step] = entry.details
        return progress

    async def _step(self, change_id: int, place: int, step: Step, progress: _Progress) -> None:
        operation = OPERATIONS[step.operation]
        try:
            done = await self._done_before(operation, progress.begun.get(place))
            if done is None:
                done = await self._do(change_id, place, step, progress)
        except (AteraError, ValueError) as error:
            progress.failed.add(place)
            progress.is_hopeless = isinstance(error, _HOPELESS)
            event = "absent" if isinstance(error, _NotSeen) else "refused"
            await self._note(change_id, event, place, reason=str(error))
            return
        progress.ids[place] = done.id
        await self._note(change_id, "done", place, id=done.id, remark=done.remark)

    async def _done_before(self, operation: Operation, intent: Mapping[str, Any] | None) -> Found | None:
        """Look for the effect of a step that was started by a process that did not live to see its end."""
        if intent is None:
            return None
        return await self._look(operation, intent["arguments"], intent["before"])

    async def _do(self, change_id: int, place: int, step: Step, progress: _Progress) -> Found:
        operation = OPERATIONS[step.operation]
        arguments = _resolved(step, progress.ids)
        before = await operation.before(self._outside, arguments)
        await self._note(change_id, "started", place, arguments=arguments, before=before)
        try:
            given_id = await operation.send(self._outside, arguments)
        except WriteUnknown as lost:
            await self._note(change_id, "unknown", place, reason=str(lost))
            found = await self._look(operation, arguments, before)
            if found is None:
                raise _NotSeen(f"{lost} It was looked for, and Atera does not show it.") from lost
            return found
        return await self._verified(operation, arguments, before, given_id)

    async def _verified(
        self,
        operation: Operation,
        arguments: Mapping[str, Any],
        before: Mapping[str, Any],
        given_id: int | None,
    ) -> Found:
        try:
            found = await self._look(operation, arguments, before)
        except (AteraError, ValueError) as error:
            return Found(given_id, f"Atera accepted it; reading it back failed: {error}")
        if found is not None:
            return Found(found.id or given_id, found.remark)
        if operation.shows_at_once:
            raise ValueError("Atera accepted the call and left the ticket as it was.")
        return Found(
            given_id, "Atera accepted it and does not show it yet: look at the ticket in some minutes."
        )

    async def _look(
        self, operation: Operation, arguments: Mapping[str, Any], before: Mapping[str, Any]
    ) -> Found | None:
        for pause_s in self._looks_s:
            await asyncio.sleep(pause_s)
            if (found := await operation.find(self._outside, arguments, before)) is not None:
                return found
        return None

    async def _note(
        self, change_id: int, event: journal.Event, place: int | None = None, **details: Any
    ) -> None:
        async with reachable(), self._outside.engine.begin() as connection:
            await journal.note(connection, change_id, event, place, **details)


class _NotSeen(AteraError):
    """A call whose answer was lost, and whose effect cannot be seen: it may still happen."""


def _is_blocked(step: Step, steps: Sequence[Step], progress: _Progress) -> bool:
    """Whether an earlier step failed that this one builds on."""
    needs = {value.step for value in step.arguments.values() if isinstance(value, FromStep)}
    same = {
        place
        for place in progress.failed
        if step.ticket_id is not None and steps[place].ticket_id == step.ticket_id
    }
    return bool(same) or not needs <= progress.ids.keys()


def _resolved(step: Step, ids: Mapping[int, int | None]) -> dict[str, Any]:
    found = {
        name: ids[value.step] if isinstance(value, FromStep) else value
        for name, value in step.arguments.items()
    }
    if any(isinstance(value, FromStep) and found[name] is None for name, value in step.arguments.items()):
        raise ValueError("Atera did not tell the id of what it had made before: look for it there.")
    return found
