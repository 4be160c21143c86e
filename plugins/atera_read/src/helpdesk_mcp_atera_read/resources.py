"""Tickets by address, for clients that attach what they read to a conversation."""

from helpdesk_mcp.sdk import Call

from . import ticket_text
from .conversation import View


async def ticket(call: Call, *, number: str) -> str:
    """Read a ticket with its conversation, by its number."""
    found, notes = await ticket_text.look_up(call, number)
    return "\n".join([await ticket_text.write(call, found, View()), *(f"Note: {note}" for note in notes)])
