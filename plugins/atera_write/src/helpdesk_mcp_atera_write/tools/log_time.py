"""`log_time`: time worked on a ticket, with its classification."""

from typing import Annotated

from pydantic import Field

from helpdesk_mcp.sdk import Ambiguous, Call, Change, Needed, NotFound, names
from helpdesk_mcp.sdk.words import inert
from helpdesk_mcp_atera_write import tickets, work, writing
from helpdesk_mcp_atera_write.work import Said, Site


async def log_time(
    call: Call,
    *,
    ticket: Annotated[str, Field(coerce_numbers_to_str=True)],
    duration: Annotated[str | None, Field(coerce_numbers_to_str=True, description="45m, 1h30m")] = None,
    start: Annotated[str | None, Field(description="09:00, yesterday 14:00 or ISO")] = None,
    end: str | None = None,
    site: Site | None = None,
    billable: bool | None = None,
    description: str = "",
    rate: Annotated[str | None, Field(coerce_numbers_to_str=True)] = None,
    engineer: str | None = None,
) -> Change | Needed:
    """Log time worked on a ticket."""
    said = Said(duration=duration, start=start, end=end, site=site, billable=billable)
    if (form := work.missing(said)) is not None:
        return Needed(about=f"Log time on ticket {inert(ticket, 40)}", forms=(form,))
    booked = work.understood(said, call)
    worker = await (names.engineer(call, engineer) if engineer else writing.author(call))
    found = await tickets.find_one(call, ticket, "time is booked on one at a time")
    rate_id, rate_name = await _rate(call, rate)
    sent = writing.sendable(description) if description.strip() else ""
    return Change(
        title=f"Log time on {tickets.name(found)}",
        steps=(work.step(booked, found.id, found.number, worker, sent, rate_id),),
        customer_ids=tickets.customers([found]),
        details=(
            tickets.line(found),
            work.line(booked, worker, call),
            *([f"- Rate: {rate_name}"] if rate_name else []),
            *(["- Description:", *writing.shown(sent)] if sent else []),
        ),
        warnings=tuple(await work.warnings(booked, worker, call)),
    )


async def _rate(call: Call, said: str | None) -> tuple[int | None, str]:
    """Return the id and the words of the rate that is meant: by its id, its name or a part of it."""
    if said is None:
        return None, ""
    rates = await call.changes.rates()
    wanted = said.strip().casefold()
    exact = [one for one in rates if wanted in {str(one.id), one.name.casefold()}]
    fitting = exact or [one for one in rates if wanted in one.name.casefold()]
    told = "; ".join(f"{inert(one.name)} (id {one.id})" for one in fitting or rates)
    if not fitting:
        raise NotFound(f"No rate is called {said!r}. Rates: {told or 'none'}.")
    if len(fitting) > 1:
        raise Ambiguous(f"{said!r} may be any of these rates: {told}.")
    return fitting[0].id, f"{inert(fitting[0].name)} ({fitting[0].amount:g} per hour)"
