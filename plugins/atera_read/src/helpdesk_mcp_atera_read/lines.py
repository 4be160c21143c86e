"""How a record is written as one line: tickets, alerts, people. All that strangers wrote goes through `inert`."""

from datetime import datetime

from helpdesk_mcp.sdk import Call
from helpdesk_mcp.sdk.times import shown, span
from helpdesk_mcp.sdk.words import inert, joined

from .queries.alerts import AlertRow
from .queries.ticket import Ticket
from .queries.tickets import AUTOPILOT, TicketRow


def ago(at: datetime, call: Call) -> str:
    """Return how long ago a moment was: `3 d ago`."""
    return f"{span(call.now - at)} ago"


def engineer(row: TicketRow | Ticket) -> str:
    """Return who works on a ticket, or that nobody does."""
    if row.technician_id is None:
        return "unassigned"
    return inert(row.technician_name) or (
        "Autopilot" if row.technician_id == AUTOPILOT else f"id {row.technician_id}"
    )


def ticket(row: TicketRow, call: Call, *, hidden: frozenset[str] = frozenset()) -> str:
    """Return a ticket as one line; `hidden` names columns that the heading says for all rows."""
    columns = {
        "customer": inert(row.customer_name, 40),
        "contact": inert(row.contact_name, 40),
        "engineer": engineer(row),
        "status": inert(row.status, 40),
        "priority": row.priority,
    }
    told = [text for name, text in columns.items() if name not in hidden]
    return (
        f"#{inert(row.number, 20)} {joined([inert(row.title), *told, _ages(row, call), late(row, call.now)])}"
    )


def late(row: TicketRow | Ticket, now: datetime) -> str:
    """Return what of an open ticket is past its due date, and since when; "" for nothing."""
    if row.is_open and row.due_at and row.due_at < now:
        return f"OVERDUE {span(now - row.due_at)}"
    due = row.first_response_due_at
    if row.is_open and due and due < now and row.first_response_at is None:
        return f"FIRST REPLY OVERDUE {span(now - due)}"
    return ""


def _ages(row: TicketRow, call: Call) -> str:
    if not row.is_open:
        ended = f", resolved {shown(row.resolved_at, call.now, call.zone)}" if row.resolved_at else ""
        return f"created {shown(row.created_at, call.now, call.zone)}{ended}"
    age, quiet = span(call.now - row.created_at), span(call.now - row.active_at)
    return f"{age} old" if age == quiet else f"{age} old, active {quiet} ago"


def alert(row: AlertRow, call: Call, *, hidden: frozenset[str] = frozenset()) -> str:
    """Return an alert as one line; `hidden` names columns that the heading says for all rows."""
    columns = {
        "severity": row.severity,
        "category": row.category,
        "machine": inert(row.device_name, 40),
        "customer": inert(row.customer_name, 40),
    }
    told = [text for name, text in columns.items() if name not in hidden]
    message = inert(row.message, 120) if row.message and row.message.strip() != row.title.strip() else ""
    linked = f"ticket #{inert(row.ticket_number, 20)}" if row.ticket_number and "ticket" not in hidden else ""
    state = _alert_state(row, call)
    return "- " + joined([*told, inert(row.title), message, ago(row.created_at, call), state, linked])


def _alert_state(row: AlertRow, call: Call) -> str:
    if row.is_archived:
        return f"resolved {shown(row.archived_at, call.now, call.zone)}".rstrip()
    is_snoozed = row.snoozed_until is not None and row.snoozed_until > call.now
    return f"snoozed until {shown(row.snoozed_until, call.now, call.zone)}" if is_snoozed else ""
