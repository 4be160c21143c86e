"""Ready-made requests, and what is offered while a person types one."""

from helpdesk_mcp.sdk import Call, names


async def windows11_plan(call: Call, *, customer: str) -> str:
    """Prepare a meeting with a customer about the move to Windows 11."""
    named = await names.customer(call, customer)
    who = f'"{named.name}"'
    return f"""Prepare a meeting with the customer {who} about the move to Windows 11.

1. Call windows11_readiness(customer={who}), then list its groups replace, upgrade, fixable and unknown one after the other, with all pages.
2. Call windows11_readiness with group="on_11_unsupported" and group="on_11_ended", and search_machines(customer={who}, unsupported_on="today").
3. Write one page for the customer, without jargon:
   - where they stand: the counts of all groups, which add up to the number of their machines;
   - what has to be bought: machines to replace, and parts to upgrade, each by name with the reason;
   - what we do without buying: settings and reinstallations, with an estimate in hours marked as ours to confirm;
   - what we do not know yet, machine by machine, and how we find out; never count these as ready or as failing;
   - the date each of their releases stops getting security updates, and what that means.
4. Close with three decisions to take in the meeting. Prices and dates that no tool gave stay open: do not invent any.
"""


async def machine_names(call: Call, typed: str) -> list[str]:
    """Return machine names that `typed` may become."""
    if not typed.strip():
        return []
    return [named.name for named in await names.find(call, "machine", typed.strip(), limit=20)]
