"""What may be meant while somebody types an argument."""

from helpdesk_mcp.sdk import Call, names

from .queries import ticket

_MOST = 20
_GROUPS = ("open", "closed", "all")


async def engineers(call: Call, typed: str) -> list[str]:
    """Return names of engineers, and `me`."""
    me = ["me"] if "me".startswith(typed.strip().lower()) else []
    return [*me, *await _named(call, "engineer", typed)]


async def customers(call: Call, typed: str) -> list[str]:
    """Return names of customers."""
    return await _named(call, "customer", typed)


async def ticket_numbers(call: Call, typed: str) -> list[str]:
    """Return numbers of tickets, newest first."""
    return await ticket.numbers_like(call.db, typed.strip().removeprefix("#"), _MOST)


async def statuses(call: Call, typed: str) -> list[str]:
    """Return the groups of statuses, and the statuses that tickets have."""
    start = typed.strip().lower()
    known = dict.fromkeys([*_GROUPS, *await names.statuses(call)])
    return [status for status in known if status.lower().startswith(start)]


async def _named(call: Call, kind: str, typed: str) -> list[str]:
    return [named.name for named in await names.find(call, kind, typed.strip(), _MOST)]
