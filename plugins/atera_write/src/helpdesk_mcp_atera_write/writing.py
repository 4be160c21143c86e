"""Texts that will be sent, and the person in whose name they are."""

from helpdesk_mcp.sdk import BadInput, Call, Step, clean, names
from helpdesk_mcp.sdk.names import Named

_SHOWN = 40
"""Lines of a text that a preview shows."""
_LONGEST = 20_000


async def author(call: Call) -> Named:
    """Return the engineer in whose name notes are written and time is booked: the person who asks."""
    if call.engineer is None:
        raise BadInput(
            "Who is writing is not known: set HELPDESK_ENGINEER to your name or mail address in Atera (or, over HTTP, use a "
            "token that carries them)."
        )
    return await names.engineer(call, "me")


def sendable(text: str) -> str:
    """Return a text as it will be sent: without characters that nobody sees, which a hostile ticket may have put in."""
    kept = clean(text).strip()
    if not kept:
        raise BadInput("The text is empty: say what it should be.")
    if len(kept) > _LONGEST:
        raise BadInput(f"The text has {len(kept)} characters, and {_LONGEST} is the most: shorten it.")
    return kept


def comment(ticket_id: int, author: Named, text: str, says: str, *, to: str | None = None) -> Step:
    """Return the step that adds a comment: public and said to reach `to`, or internal where there is no `to`.

    One decides the other, so that nothing public can be taken for internal on its way past the operator's switch.
    """
    return Step(
        operation="add_comment",
        arguments={
            "ticket_id": ticket_id,
            "technician_id": author.id,
            "text": text,
            "internal": to is None,
        },
        says=says,
        ticket_id=ticket_id,
        reaches=to,
    )


def shown(text: str) -> list[str]:
    """Return a text as lines of a preview, set off so that it cannot pass for the preview's own words."""
    lines = [f"  | {line}" for line in text.splitlines()]
    more = len(lines) - _SHOWN
    return lines if more <= 0 else [*lines[:_SHOWN], f"  ({more} more lines are sent as well)"]
