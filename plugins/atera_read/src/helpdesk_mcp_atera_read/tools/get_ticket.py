"""`get_ticket`: one ticket with its conversation."""

from typing import Annotated, Literal

from pydantic import Field

from helpdesk_mcp.sdk import Advanced, Answer, Call
from helpdesk_mcp_atera_read import ticket_text
from helpdesk_mcp_atera_read.conversation import View


async def get_ticket(
    call: Call,
    *,
    ticket: Annotated[str, Field(coerce_numbers_to_str=True, description="number, #24117, or id")],
    comments: Literal["all", "public", "none"] = "all",
    last: Annotated[int, Advanced(), Field(ge=1, le=50, description="messages to show")] = 10,
    before: Annotated[int | None, Field(ge=1, description="messages before this one")] = None,
    message: Annotated[int | None, Field(ge=1, description="this message, whole")] = None,
) -> Answer:
    """Read one ticket with its conversation (internal or PUBLIC), time, alerts, changes."""
    found, notes = await ticket_text.look_up(call, ticket)
    view = View(comments=comments, last=last, before=before, message=message)
    return Answer(text=await ticket_text.write(call, found, view), notes=tuple(notes))
