"""`get_machine`: everything known about one machine, on one screen."""

from typing import Annotated

from pydantic import Field

from helpdesk_mcp.sdk import Advanced, Answer, Call, NotFound, Refused, Unavailable, names
from helpdesk_mcp.sdk.words import inert, quoted
from helpdesk_mcp_machines_query import machine_text, missing, patch_text
from helpdesk_mcp_machines_query.queries import facts
from helpdesk_mcp_machines_query.queries import machine as one
from helpdesk_mcp_machines_query.readiness import assess, read_facts
from helpdesk_mcp_machines_query.settings import settings_of


async def get_machine(
    call: Call,
    *,
    machine: Annotated[str, Field(coerce_numbers_to_str=True, description="name, serial or id")],
    customer: Annotated[str | None, Advanced()] = None,
    patches: Annotated[bool | None, Advanced(), Field(description="with its updates, asked now")] = None,
) -> Answer:
    """All about one machine, with open alerts and its users' tickets."""
    owner = await names.customer(call, customer) if customer else None
    named = await names.machine(call, machine, owner.id if owner else None)
    row = await one.details(call.db, named.id)
    if row is None:
        raise NotFound(f"The machine {quoted(named.name)} was removed in the meantime: search again.")
    values = (await facts.of_machines(call.db, [row.id])).get(row.id, {})
    found = assess(row.judged, read_facts(values, settings_of(call)), call.now.astimezone(call.zone).date())
    people = await one.users(call.db, row)
    tickets = await one.open_tickets(call.db, [person.id for person in people])
    text = [
        machine_text.heading(row, call),
        *machine_text.hardware(row, values, found.facts, call),
        *machine_text.readiness(found, call),
        *machine_text.alerts(await one.open_alerts(call.db, row.id, call.now), call),
        *machine_text.tickets(people, tickets, call),
    ]
    if patches:
        text += await _patches(call, row.device_guid)
    is_guess = not named.is_exact and machine.strip().lower() not in named.name.lower()
    notes = [f"{quoted(machine)} was taken for {inert(named.name)}."] if is_guess else []
    notes += await missing.of_machines(call, [found])
    return Answer(text="\n".join(text), notes=tuple(notes))


async def _patches(call: Call, device_guid: str | None) -> list[str]:
    if not device_guid:
        return ["Updates: Atera gives no id for this machine's updates."]
    try:
        return patch_text.patches(await call.live.patches(device_guid), call)
    except (Refused, Unavailable) as failure:
        return [f"Updates: not known. {failure}"]


async def machine_screen(call: Call, *, machine: str) -> str:
    """One machine on one screen, by name, serial or id."""
    return (await get_machine(call, machine=machine)).text
