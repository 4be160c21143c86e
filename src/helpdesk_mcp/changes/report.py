"""A change as its journal tells it, and as a text."""

from collections.abc import Sequence
from typing import Literal

from helpdesk_mcp.sdk.change import Step
from helpdesk_mcp.sdk.changes import Recorded, State, StepReport
from helpdesk_mcp.store.journal import JournalEntry, StoredChange

from .stored import steps_from_json

_StepOutcome = Literal["not started", "done", "refused", "unknown", "absent", "running"]


def recorded(change: StoredChange, entries: Sequence[JournalEntry], *, is_running: bool) -> Recorded:
    """Return a change with what became of it, from its row and its events."""
    decided = next((one for one in entries if one.event in {"confirmed", "declined"}), None)
    steps = tuple(
        _step(step, [one for one in entries if one.step == place], is_running=is_running)
        for place, step in enumerate(steps_from_json(change.steps))
    )
    return Recorded(
        id=change.id,
        title=change.title,
        person=change.person,
        tool=change.tool,
        created_at=change.created_at,
        decided_at=decided.at if decided else None,
        state=_state(change, decided, entries, is_running=is_running),
        steps=steps,
        ticket_ids=tuple(change.ticket_ids),
        undoes=change.undoes,
    )


def told(one: Recorded, notes: Sequence[str] = ()) -> str:
    """Return what was done, step by step, and what to do next where something is left."""
    heads = {
        "done": f"Done (change {one.id}): {one.title}.",
        "running": f"Under way (change {one.id}): {one.title}. recent_changes tells how it ends.",
        "failed": f"NOT ALL DONE (change {one.id}): {one.title}.",
        "interrupted": f"INTERRUPTED (change {one.id}): {one.title}.",
    }
    lines = [
        heads.get(one.state, f"{one.state} (change {one.id}): {one.title}."),
        *map(_line, one.steps),
        *notes,
    ]
    if one.state in {"failed", "interrupted"}:
        lines.append(
            f'What is done stays done. To go on with the rest, once the reason is gone: confirm_change(code="{one.id}"). '
            "It looks first for what may have happened, and sends nothing twice."
        )
    return "\n".join(lines)


def _line(step: StepReport) -> str:
    outcome = {"absent": "NOT SEEN", "refused": "FAILED", "unknown": "UNKNOWN"}.get(
        step.outcome, step.outcome
    )
    return f"- {step.says}: {outcome}" + (f". {step.reason}" if step.reason else "")


def _state(
    change: StoredChange, decided: JournalEntry | None, entries: Sequence[JournalEntry], *, is_running: bool
) -> State:
    if decided is None:
        return "expired" if change.expired else "waiting"
    if decided.event == "declined":
        return "declined"
    if is_running:
        return "running"
    last = entries[-1].event
    return {"finished": "done", "stopped": "failed"}.get(last, "interrupted")  # pyright: ignore[reportReturnType] - the three states of a run that ended


def _step(step: Step, entries: Sequence[JournalEntry], *, is_running: bool) -> StepReport:
    if not entries:
        return StepReport(says=step.says, outcome="not started")
    last = entries[-1]
    outcome: _StepOutcome = "running" if is_running else "unknown"
    if last.event == "done":
        return StepReport(says=step.says, outcome="done", reason=last.details.get("remark", ""))
    if last.event in {"refused", "absent"}:
        outcome = "refused" if last.event == "refused" else "absent"
    reason = last.details.get("reason", "")
    return StepReport(says=step.says, outcome=outcome, reason=reason)
