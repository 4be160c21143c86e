"""`add_internal_note`: a comment that the customer never sees."""

from typing import Annotated

from pydantic import Field

from helpdesk_mcp.sdk import Call, Change
from helpdesk_mcp.sdk.words import inert
from helpdesk_mcp_atera_write import tickets, writing


async def add_internal_note(
    call: Call,
    *,
    ticket: Annotated[str, Field(coerce_numbers_to_str=True)],
    text: str,
) -> Change:
    """Add an internal note, which the customer never sees."""
    sent, author = writing.sendable(text), await writing.author(call)
    found = await tickets.find(call, ticket)
    return Change(
        title=f"Add an internal note to {tickets.named(found)}",
        steps=tuple(
            writing.comment(one.id, author, sent, f"Add the internal note to #{inert(one.number, 20)}")
            for one in found
        ),
        customer_ids=tickets.customers(found),
        details=(*tickets.lines(found), f"- Internal note by {inert(author.name)}:", *writing.shown(sent)),
    )
