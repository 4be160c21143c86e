"""The text of one ticket: header, conversation, time, alerts, changes. Read by the tool, the resource and the prompts."""

from collections.abc import Sequence
from datetime import timedelta

from helpdesk_mcp.sdk import Call, NotFound, names
from helpdesk_mcp.sdk.times import minutes, shown, span
from helpdesk_mcp.sdk.words import inert, joined, quoted

from . import conversation, lines
from .conversation import View
from .queries import alerts
from .queries import ticket as queries
from .queries.ticket import Change, Ticket, TimeEntry

_ENTRIES = 8
_ALERTS = 5
_CHANGES = 6
_FIELDS = {"technician_name": "engineer", "contact_name": "contact", "due_at": "due"}


async def look_up(call: Call, said: str) -> tuple[Ticket, list[str]]:
    """Return the ticket with this number, else with this id, and a note where both exist.

    Raises:
        NotFound: there is neither.
    """
    number, as_id = names.ticket_number(said)
    found = await queries.by_number_or_id(call.db, number, as_id)
    if not found:
        raise NotFound(
            f"There is no ticket with the number or id {quoted(number, 40)} in the local copy. "
            'Find it with search_tickets(text="words of its title", status="all"); a ticket made minutes ago may not be here yet.'
        )
    if len(found) == 1:
        return found[0], []
    return found[0], [
        f"{number} is also the id of another ticket, #{inert(found[1].number, 20)} {quoted(found[1].title)}."
    ]


async def write(call: Call, ticket: Ticket, view: View) -> str:
    """Return a ticket as a text."""
    thread = await conversation.write(call, ticket, view)
    if not view.is_first_page:
        return f"{_title(ticket)}\n{thread}"
    entries = await queries.time_entries(call.db, ticket.id)
    blocks = [
        "\n".join(await _header(call, ticket, entries)),
        thread,
        _block("Time entries", [_entry(one, call) for one in entries], _ENTRIES, len(entries)),
        _block("Alerts", await _alerts(call, ticket), _ALERTS),
        _block("Changes", await _changes(call, ticket), _CHANGES),
    ]
    return "\n\n".join(block for block in blocks if block)


def _block(title: str, told: Sequence[str], most: int, existing: int | None = None) -> str:
    """Return the newest lines below their title, and how many there are; `existing` is None where that is not known."""
    if not told:
        return ""
    if len(told) <= most:
        return "\n".join([f"{title}:", *told])
    count = f"newest {most}, there are more" if existing is None else f"newest {most} of {existing}"
    return "\n".join([f"{title} ({count}):", *told[-most:]])


async def _header(call: Call, ticket: Ticket, entries: Sequence[TimeEntry]) -> list[str]:
    contact = ", ".join(
        filter(None, map(inert, (ticket.contact_name, ticket.contact_email, ticket.contact_phone)))
    )
    custom = [
        f"{inert(name)}: {inert(value)}" for name, value in await queries.custom_values(call.db, ticket.id)
    ]
    told = [
        _title(ticket),
        _named(
            {
                "Status": inert(ticket.status),
                "Priority": ticket.priority,
                "Impact": ticket.impact,
                "Type": ticket.type,
                "Source": inert(ticket.source),
            }
        ),
        _named(
            {"Customer": inert(ticket.customer_name), "Contact": contact, "Contract": inert(ticket.contract)}
        ),
        _named({"Engineer": lines.engineer(ticket), "Time": _time_spent(ticket, entries)}),
        joined(_dates(ticket, call)),
        joined(custom),
    ]
    return [line for line in told if line]


def _title(ticket: Ticket) -> str:
    return f"#{inert(ticket.number, 20)} {inert(ticket.title, 200)}"


def _named(facts: dict[str, str | None]) -> str:
    return joined(f"{name}: {value}" for name, value in facts.items() if value)


def _dates(ticket: Ticket, call: Call) -> list[str]:
    dates = [
        f"Created {shown(ticket.created_at, call.now, call.zone)} ({lines.ago(ticket.created_at, call)})",
        _first_reply(ticket, call),
    ]
    if ticket.is_open:
        due = f"due {shown(ticket.due_at, call.now, call.zone)}" if ticket.due_at else "no due date"
        is_late = ticket.due_at is not None and ticket.due_at < call.now
        dates.append(f"{due}, {lines.late(ticket, call.now)}" if is_late else due)
        return [*dates, f"last activity {lines.ago(ticket.active_at, call)}"]
    if ticket.resolved_at is not None:
        after = span(ticket.resolved_at - ticket.created_at)
        dates.append(f"resolved {shown(ticket.resolved_at, call.now, call.zone)} (after {after})")
        if ticket.due_at is not None and ticket.resolved_at > ticket.due_at:
            dates.append(f"{span(ticket.resolved_at - ticket.due_at)} past its due date")
    return dates


def _first_reply(ticket: Ticket, call: Call) -> str:
    if ticket.first_response_at is not None:
        return f"first reply after {span(ticket.first_response_at - ticket.created_at)}"
    if not ticket.is_open:
        return ""
    due = ticket.first_response_due_at
    if due is None:
        return "no reply yet"
    left = due - call.now
    return f"first reply due in {span(left)}" if left > timedelta() else f"FIRST REPLY OVERDUE {span(left)}"


def _time_spent(ticket: Ticket, entries: Sequence[TimeEntry]) -> str:
    parts = {"on-site": ticket.on_site_minutes, "off-site": ticket.off_site_minutes}
    told = [f"{name} {minutes(count)}" for name, count in parts.items() if count]
    worked = [one for one in entries if one.is_billable and one.started_at and one.ended_at]
    billable = sum((_length(one) for one in worked), timedelta())
    if billable:
        told.append(f"billable {minutes(round(billable.total_seconds() / 60))}")
    total = ticket.total_minutes or 0
    return f"{minutes(total)} ({', '.join(told)})" if told else (minutes(total) if total else "none booked")


def _length(entry: TimeEntry) -> timedelta:
    return entry.ended_at - entry.started_at if entry.started_at and entry.ended_at else timedelta()


def _entry(entry: TimeEntry, call: Call) -> str:
    place = {True: "on-site", False: "off-site", None: ""}[entry.is_on_site]
    billing = {True: "billable", False: "not billable", None: ""}[entry.is_billable]
    return "- " + joined(
        [
            shown(entry.started_at, call.now, call.zone),
            minutes(round(_length(entry).total_seconds() / 60)),
            ", ".join(filter(None, (place, billing))),
            inert(entry.technician_name, 40),
            inert(entry.description, 100),
        ]
    )


async def _alerts(call: Call, ticket: Ticket) -> list[str]:
    wanted = alerts.AlertFilter(state="all", now=call.now, ticket_id=ticket.id)
    found = await alerts.find(call.db, wanted, limit=_ALERTS + 1)
    hidden = frozenset({"customer", "ticket"})
    return [lines.alert(row, call, hidden=hidden) for row in reversed(found)]


async def _changes(call: Call, ticket: Ticket) -> list[str]:
    return [_change(one, call) for one in await queries.changes(call.db, ticket.id, _CHANGES + 1)]


def _change(change: Change, call: Call) -> str:
    name = _FIELDS.get(change.field, change.field)
    old, new = (inert(value, 60) or "none" for value in (change.old, change.new))
    return f"- {shown(change.seen_at, call.now, call.zone)} · {name}: {old} → {new}"
