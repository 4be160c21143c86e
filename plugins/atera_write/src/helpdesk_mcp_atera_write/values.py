"""Values that Atera takes for a ticket's fields."""

from typing import Literal

from helpdesk_mcp.sdk import BadInput, Call, clean, names

Priority = Literal["Low", "Medium", "High", "Critical"]
Impact = Literal["NoImpact", "Minor", "Major", "SiteDown", "ServerIssue", "Crisis"]
TicketType = Literal["Incident", "Problem", "Request", "Change"]

_BUILT_IN = ("Open", "Pending", "Resolved", "Closed")
_LONGEST_TITLE = 200


async def status(call: Call, said: str) -> str:
    """Return a status as the account spells it: a built-in one, or one of its own that some ticket has.

    Raises:
        BadInput: there is none of that name, or it is Deleted, which is not offered.
    """
    wanted = said.strip().casefold()
    if wanted == "deleted":
        raise BadInput("Tickets are not deleted here: do that in Atera.")
    known = dict.fromkeys([*_BUILT_IN, *await names.statuses(call)])
    for one in known:
        if one.casefold() == wanted:
            return one
    offered = ", ".join(one for one in known if one != "Deleted")
    raise BadInput(f"No ticket has the status {said!r}. Statuses: {offered}.")


def title(said: str) -> str:
    """Return a title as it will be sent: one line, without invisible characters."""
    kept = " ".join(clean(said).split())
    if not kept:
        raise BadInput("The title is empty: say in a few words what it is about.")
    if len(kept) > _LONGEST_TITLE:
        raise BadInput(
            f"The title has {len(kept)} characters, and {_LONGEST_TITLE} is the most: put the rest into the text."
        )
    return kept
