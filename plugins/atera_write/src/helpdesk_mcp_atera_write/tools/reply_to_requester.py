"""`reply_to_requester`: a comment that leaves the house."""

from typing import Annotated

from pydantic import Field

from helpdesk_mcp.sdk import Call, Change, Refused
from helpdesk_mcp.sdk.words import inert, joined
from helpdesk_mcp_atera_write import tickets, writing


async def reply_to_requester(
    call: Call,
    *,
    ticket: Annotated[str, Field(coerce_numbers_to_str=True)],
    text: str,
) -> Change:
    """Send the requester a PUBLIC reply."""
    sent, author = writing.sendable(text), await writing.author(call)
    found = await tickets.find_one(call, ticket, "a reply goes to one requester")
    if not found.contact_email:
        raise Refused(
            f"The requester of {tickets.name(found)} has no mail address: call them, or add an internal note."
        )
    recipient = joined([inert(found.contact_name, 60), inert(found.contact_email, 80)])
    return Change(
        title=f"Reply to the requester of {tickets.name(found)}",
        steps=(
            writing.comment(
                found.id, author, sent, f"Add the public reply to #{inert(found.number, 20)}", to=recipient
            ),
        ),
        customer_ids=tickets.customers([found]),
        details=(
            tickets.line(found),
            f"- To: {recipient}",
            f"- PUBLIC reply by {inert(author.name)}:",
            *writing.shown(sent),
        ),
        warnings=(*tickets.closed([found]), "a reply cannot be taken back"),
    )
