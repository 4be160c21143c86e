"""What the arguments of a ticket list mean: names become ids, days become moments, and all of it words for the heading."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from helpdesk_mcp.sdk import BadInput, Call, names, times
from helpdesk_mcp.sdk.words import inert, quoted

from . import completeness
from .listing import in_words
from .queries import texts, tickets
from .queries.tickets import AUTOPILOT, PRIORITIES, TYPES, Statuses, TicketFilter

_NOBODY = {"none", "nobody", "unassigned", "no one"}
_AUTOPILOT = {"autopilot", "robin"}
_BUILT_IN = ("Open", "Pending", "Resolved", "Closed", "Deleted")
_NUMBER = 19
"""More digits than this are no ticket number."""


@dataclass(slots=True)
class Asked:
    """A question about tickets, as it was understood so far."""

    wanted: TicketFilter = field(default_factory=TicketFilter)
    subject: str = "Open tickets"
    limits: list[str] = field(default_factory=list[str])
    """The filters in words, after the subject."""
    notes: list[str] = field(default_factory=list[str])
    is_part: bool = False
    """Not everything could be looked at."""
    at_least: int | None = None
    """So many match, and there is no need to count them again."""

    @property
    def constant(self) -> frozenset[str]:
        """Return the columns that are the same in all rows: the heading says them."""
        wanted = self.wanted
        if wanted.also_id is not None:
            return frozenset()
        is_single = {
            "engineer": wanted.is_unassigned or wanted.engineer_id is not None,
            "customer": wanted.customer_id is not None,
            "contact": wanted.contact_id is not None,
            "priority": len(wanted.priorities) == 1,
            "status": len(wanted.statuses.names) == 1 and not wanted.statuses.is_open,
        }
        return frozenset(name for name, is_one in is_single.items() if is_one)

    @property
    def heading(self) -> str:
        """Return the question in words."""
        return in_words(self.subject, self.limits)

    def narrow(self, told: str, /, **conditions: Any) -> None:
        """Add conditions of `TicketFilter`, and what they are called."""
        self.wanted = replace(self.wanted, **conditions)
        self.limits.append(told)


def real_name(said: str, named: names.Named, notes: list[str]) -> str:
    """Return the real name of what somebody named, with a note where another spelling was guessed."""
    name = inert(named.name)
    if not named.is_exact and said.strip().lower() not in named.name.lower():
        notes.append(f"{quoted(said)} was taken for {name}.")
    return name


async def add_status(call: Call, asked: Asked, said: str) -> None:
    """Take `open`, `closed`, `all`, or names of statuses separated by commas.

    Raises:
        BadInput: a ticket has no such status; the message lists those that exist.
    """
    parts = [part.strip() for part in said.split(",") if part.strip()]
    lowered = {part.lower() for part in parts}
    if "all" in lowered or "any" in lowered:
        asked.wanted, asked.subject = replace(asked.wanted, statuses=Statuses()), "Tickets of any status"
        return
    chosen = [await _status_named(call, part) for part in parts if part.lower() not in {"open", "closed"}]
    if "closed" in lowered:
        chosen += ["Resolved", "Closed"]
    statuses = Statuses(is_open="open" in lowered, names=tuple(dict.fromkeys(chosen)))
    asked.wanted = replace(asked.wanted, statuses=statuses)
    groups = [word for word in ("Open", "Closed") if word.lower() in lowered]
    named = [name for name in statuses.names if not ("closed" in lowered and name in {"Resolved", "Closed"})]
    asked.subject = f"{' or '.join([*groups, *map(inert, named)])} tickets"


async def _status_named(call: Call, said: str) -> str:
    for name in _BUILT_IN:
        if name.lower() == said.lower():
            return name
    existing = await names.statuses(call)
    for name in existing:
        if name.lower() == said.lower():
            return name
    raise BadInput(
        f"No ticket has the status {quoted(said)}. Use open, closed, all, or one of: {', '.join(map(inert, existing)) or 'none yet'}."
    )


async def add_engineer(call: Call, asked: Asked, said: str) -> None:
    """Take an engineer's name, `me`, or `none` for tickets that nobody has."""
    if said.strip().lower() in _NOBODY:
        asked.narrow("with no engineer", is_unassigned=True)
    elif said.strip().lower() in _AUTOPILOT:
        asked.narrow("of Autopilot", engineer_id=AUTOPILOT)
    else:
        named = await names.engineer(call, said)
        asked.narrow(f"of {real_name(said, named, asked.notes)}", engineer_id=named.id)


async def add_requester(call: Call, asked: Asked, customer: str | None, contact: str | None) -> None:
    """Take the names of a customer and of a contact; with both, the contact is looked for at the customer."""
    if customer is not None:
        named = await names.customer(call, customer)
        asked.narrow(f"for {real_name(customer, named, asked.notes)}", customer_id=named.id)
    if contact is not None:
        named = await names.contact(call, contact, asked.wanted.customer_id)
        asked.narrow(f"from {real_name(contact, named, asked.notes)}", contact_id=named.id)


def add_kind(asked: Asked, priority: str | None, type_: str | None) -> None:
    """Take one or several priorities and types, separated by commas."""
    if priority is not None:
        chosen = one_of(priority, PRIORITIES, "priority")
        asked.narrow(f"priority {' or '.join(chosen)}", priorities=chosen)
    if type_ is not None:
        chosen = one_of(type_, TYPES, "type")
        asked.narrow(f"type {' or '.join(chosen)}", types=chosen)


def one_of(said: str, known: Sequence[str], what: str) -> tuple[str, ...]:
    """Return the known values in a text that separates them by commas, in any case.

    Raises:
        BadInput: one of them is not known.
    """
    by_lower = {value.lower(): value for value in known}
    parts = [part.strip() for part in said.split(",") if part.strip()]
    for part in parts:
        if part.lower() not in by_lower:
            raise BadInput(f"{quoted(part)} is no {what}. Use one or more of {', '.join(known)}.")
    return tuple(dict.fromkeys(by_lower[part.lower()] for part in parts))


def add_state(call: Call, asked: Asked, *, overdue: bool, stale_days: int | None) -> None:
    """Take what is late and what nobody touched for a while."""
    if overdue:
        asked.narrow("overdue", overdue_at=call.now)
    if stale_days is not None:
        asked.narrow(
            f"without activity for {stale_days} days", quiet_since=call.now - timedelta(days=stale_days)
        )


def add_dates(
    call: Call,
    asked: Asked,
    created: tuple[str | None, str | None],
    updated: tuple[str | None, str | None],
) -> None:
    """Take days or moments: from and to, for the creation and for the last activity."""
    for verb, name, (after, before) in (("created", "created", created), ("active", "active", updated)):
        if after is not None:
            at = times.moment(after, call.now, call.zone)
            asked.narrow(f"{verb} since {told(at, call)}", **{f"{name}_from": at})
        if before is not None:
            at = times.moment(before, call.now, call.zone, end=True)
            asked.narrow(f"{verb} before {told(at, call)}", **{f"{name}_to": at})


def told(at: datetime, call: Call) -> str:
    """Return a moment for a heading: the day, and the time where it is not midnight."""
    local = at.astimezone(call.zone)
    return f"{local.day} {local:%b %Y %H:%M}".removesuffix(" 00:00")


async def add_text(call: Call, asked: Asked, text: str) -> None:
    """Look for words in titles, descriptions and comments; a ticket number finds its ticket too.

    What cannot be done exactly is noted: a word that is everywhere, one that is nowhere.
    """
    number = text.strip().removeprefix("#")
    also = (
        await tickets.id_of_number(call.db, number) if number.isdecimal() and len(number) <= _NUMBER else None
    )
    query = await texts.query_of(call.db, text)
    asked.notes += await completeness.unread(call)
    hits = await texts.holding(call.db, query, asked.wanted) if query else texts.Hits(())
    words = f"with {inert(text)}" if '"' in text else f"with {quoted(text)}"
    asked.is_part = hits.is_common or hits.is_cut
    if hits.is_common:
        asked.notes.append(_common("titles and descriptions were searched, and no comments"))
        asked.narrow(words, words=query)
        asked.at_least = len(hits.ids)
        return
    if hits.is_cut:
        asked.notes.append(_common(f"only {texts.MOST_HITS:,} of the comments were looked at"))
    ids = hits.ids
    if not ids and also is None and '"' not in text:
        ids = await texts.titled_like(call.db, text, asked.wanted)
        if ids:
            asked.notes.append(f"Nothing holds {quoted(text)}; these titles are spelled like it.")
    asked.narrow(words, ids=ids, also_id=also)
    if also is not None:
        asked.notes.append(f"The ticket with the number {number} is listed whatever its status and people.")


def _common(what: str) -> str:
    return f"The words are in more than {texts.MOST_HITS:,} messages: {what}. Add a word to be exact."
