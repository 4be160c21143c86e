"""Creating a contact: before a ticket, because a ticket's company is its contact's and can never be changed."""

from typing import Any

from helpdesk_mcp.atera import wire
from helpdesk_mcp.sync.ticket import read_contact

from .operation import Arguments, Before, Found, Outside, as_id


class CreateContact:
    """Arguments: customer_id, first_name, last_name, email, phone."""

    shows_at_once = False

    async def before(self, outside: Outside, arguments: Arguments) -> dict[str, Any]:  # noqa: ARG002 - the protocol's
        """Nothing: a mail address belongs to one contact."""
        return {}

    async def send(self, outside: Outside, arguments: Arguments) -> int | None:
        """Create it."""
        body = {
            "CustomerID": arguments["customer_id"],
            "Firstname": arguments["first_name"],
            "Lastname": arguments["last_name"],
            "Email": arguments["email"],
            **({"Phone": arguments["phone"]} if arguments.get("phone") else {}),
        }
        return as_id((await outside.client.post("contacts", body)).action_id)

    async def find(self, outside: Outside, arguments: Arguments, before: Before) -> Found | None:  # noqa: ARG002 - the protocol's
        """Look for the contact by mail address: Atera's filter finds parts of it, so it is compared as a whole."""
        wanted = arguments["email"].casefold()
        pages = outside.client.pages("contacts", {"Email": arguments["email"]}, urgent=True)
        for one in wire.parse(wire.Contact, [item async for page in pages for item in page.items]).rows:
            contact = one[0]
            if (contact.Email or "").casefold() == wanted and not contact.Archived:
                await read_contact(outside.client, outside.engine, contact.EndUserID)
                same = contact.CustomerID == arguments["customer_id"]
                return Found(
                    contact.EndUserID,
                    "" if same else f"This address belongs to a contact of {contact.CustomerName}.",
                )
        return None
