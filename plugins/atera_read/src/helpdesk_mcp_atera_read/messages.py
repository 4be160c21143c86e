"""How a message of a conversation is written: its new words only, shortened to a fair share, inside a fence.

The words of a message are a stranger's, even a technician's, who forwards what others wrote: all of them are fenced.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from helpdesk_mcp.sdk import Call, fold
from helpdesk_mcp.sdk.times import shown
from helpdesk_mcp.sdk.words import SEPARATOR, inert, joined

from .queries.ticket import Comment, LastMessage


@dataclass(frozen=True, slots=True)
class Message:
    """What is shown of a text, and what is said about the rest."""

    body: str
    folded: str
    """`12 quoted lines folded`, or ""."""


def folded(text: str, author: str | None) -> Message:
    """Return the new words of a mail, without what it quotes and what it is signed with."""
    parts = fold(text, author or "")
    cut = {"quoted": parts.quoted_lines, "signature": parts.signature_lines}
    said = ", ".join(f"{lines} {name} line{'s'[: lines != 1]}" for name, lines in cut.items() if lines)
    return Message(parts.body.strip() or "(no text)", f"{said} folded" if said else "")


def shares(lengths: Sequence[int], budget: int) -> list[int]:
    """Return how much of each text may be shown: short ones as they are, long ones an equal share of what is left."""
    allowed = [0] * len(lengths)
    for left, index in zip(
        range(len(lengths), 0, -1), sorted(range(len(lengths)), key=lengths.__getitem__), strict=True
    ):
        allowed[index] = min(lengths[index], budget // left)
        budget -= allowed[index]
    return allowed


def shortened(text: str, longest: int) -> tuple[str, bool]:
    """Return the text cut at a word, and whether it was cut; an overhang of a few words is left alone."""
    if len(text) <= longest + 40:
        return text, False
    kept = text[:longest]
    return kept.rsplit(None, 1)[0] if " " in kept[longest // 2 :] else kept, True


def fenced(comment: Comment, message: Message, longest: int, call: Call) -> str:
    """Return a message in its fence; the label also tells what was left out of it."""
    body, is_cut = shortened(message.body, longest)
    told = [label(comment, call), message.folded]
    if is_cut:
        told.append(
            f"first {len(body):,} of {len(message.body):,} characters, message={comment.number} for all"
        )
    return call.untrusted(with_hidden(body, comment.hidden), joined(told))


def label(comment: Comment, call: Call) -> str:
    """Return which message this is, and who wrote it for whom."""
    return f"{comment.number or 'description'}{SEPARATOR}{signed(comment, call)}"


def signed(message: Comment | LastMessage, call: Call) -> str:
    """Return when a message was written, by whom, and who can see it."""
    kind = "" if message.author_kind == "technician" else f" ({message.author_kind})"
    who = inert(message.author_name, 40) or "unknown"
    sight = "internal note" if message.is_internal else "PUBLIC"
    return SEPARATOR.join([shown(message.at, call.now, call.zone), f"{who}{kind}", sight])


def with_hidden(body: str, hidden: Sequence[str] | None) -> str:
    """Return a text that says first what its source hides from a reader."""
    return f"[its source hides: {'; '.join(hidden)}]\n{body}" if hidden else body
