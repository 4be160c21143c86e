"""The last lines of an answer: how much was shown, how to get the rest, how old it is, and what to doubt."""

from datetime import datetime, timedelta

from helpdesk_mcp.sdk import Answer, Call
from helpdesk_mcp.sdk.freshness import Freshness
from helpdesk_mcp.sdk.times import shown, span

LONGEST = 24_000
"""Characters. A client's own limit is near 25,000 tokens; an answer this long is already too much for a small model."""

LATE = timedelta(minutes=15)
"""Three missed cycles of the worker: worth a warning."""


def render(answer: Answer | str, freshness: Freshness, call: Call) -> str:
    """Return the text of an answer with its notes and its footer; an over-long text is cut, and says so."""
    if isinstance(answer, str):
        answer = Answer(text=answer)
    text, cut = _cut(answer.text)
    notes = [*answer.notes, *cut, *doubts(freshness, call.now)]
    footer = " · ".join(part for part in (_counts(answer), _age(freshness, call)) if part)
    return "\n".join([text, *(f"Note: {note}" for note in notes), *([f"[{footer}]"] if footer else [])])


def _cut(text: str) -> tuple[str, list[str]]:
    if len(text) <= LONGEST:
        return text, []
    kept = text[:LONGEST].rsplit("\n", 1)[0]
    left = text.count("\n", len(kept))
    return kept, [
        f"The answer was cut: {left} more lines. Ask for less at once (a smaller limit, a narrower filter)."
    ]


def _counts(answer: Answer) -> str:
    if answer.shown is None:
        return ""
    total = answer.total if answer.total is not None else answer.shown
    least = "at least " if answer.total_is_minimum else ""
    rest = f"; for more: {answer.more}" if answer.more else ""
    return f"{answer.shown} of {least}{total} shown{rest}"


def _age(freshness: Freshness, call: Call) -> str:
    known = [at for at in freshness.as_of.values() if at is not None]
    if not known:
        return ""
    oldest = min(known)
    return f"data of {shown(oldest, call.now, call.zone)}, {span(call.now - oldest)} old"


def doubts(freshness: Freshness, now: datetime) -> list[str]:
    """Return a sentence for each reason not to trust the local copy in full."""
    missing = [stream.replace("_", " ") for stream, at in freshness.as_of.items() if at is None]
    doubts = (
        [f"The first load of {', '.join(missing)} is not complete: rows may be missing. See sync_status."]
        if missing
        else []
    )
    if freshness.heartbeat is not None and now - freshness.heartbeat > LATE:
        doubts.append(
            f"The last sync was {span(now - freshness.heartbeat)} ago: the worker seems to be down."
        )
    return doubts
