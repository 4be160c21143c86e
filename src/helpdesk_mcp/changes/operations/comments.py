"""Adding a comment: an internal note or a public reply.

Comments have no ids, so the effect is one more comment with the same author, text and visibility than there was before.
"""

from typing import Any

from helpdesk_mcp.atera import join_path, wire
from helpdesk_mcp.sync.ticket import read_thread
from helpdesk_mcp.text import clean, to_plain

from .operation import Arguments, Before, Found, Outside, as_id


class AddComment:
    """Arguments: ticket_id, technician_id, text, internal."""

    shows_at_once = False

    async def before(self, outside: Outside, arguments: Arguments) -> dict[str, Any]:
        """Return how many such comments there are, by visibility."""
        hidden, shown = await _count(outside, arguments)
        return {"internal": hidden, "public": shown}

    async def send(self, outside: Outside, arguments: Arguments) -> int | None:
        """Add it."""
        body = {
            "CommentText": arguments["text"],
            # Always spelled out: a visibility that is left out is one that Atera chooses.
            "TechnicianCommentDetails": {
                "TechnicianId": arguments["technician_id"],
                "IsInternal": arguments["internal"],
            },
        }
        result = await outside.client.post(join_path("tickets", arguments["ticket_id"], "comments"), body)
        return as_id(result.action_id)

    async def find(self, outside: Outside, arguments: Arguments, before: Before) -> Found | None:
        """Look for one more comment, and whether it has the visibility that was asked for."""
        hidden, shown = await _count(outside, arguments)
        more = {"internal": hidden > before["internal"], "public": shown > before["public"]}
        wanted, other = ("internal", "public") if arguments["internal"] else ("public", "internal")
        if more[wanted]:
            return Found()
        if more[other]:
            warning = (
                "THE CUSTOMER CAN READ IT: act in Atera now." if other == "public" else "nobody was told."
            )
            return Found(remark=f"Atera stored it as {other}, though it was sent as {wanted}: {warning}")
        return None


async def _count(outside: Outside, arguments: Arguments) -> tuple[int, int]:
    """Return how many comments by this engineer with this text are internal, and how many public."""
    wanted = _bare(arguments["text"])
    same = [
        comment
        for comment in await read_thread(outside.client, outside.engine, arguments["ticket_id"])
        if comment.TechnicianContactID == arguments["technician_id"] and wanted in _spellings(comment)
    ]
    hidden = sum(bool(comment.IsInternal) for comment in same)
    return hidden, len(same) - hidden


def _spellings(comment: wire.Comment) -> set[str]:
    return {_bare(text) for text in (comment.Comment, comment.CommentHtml) if text}


def _bare(text: str) -> str:
    """Return the words alone: what Atera makes of line ends, blanks and tags is not documented."""
    return " ".join(clean(to_plain(text)).split())
