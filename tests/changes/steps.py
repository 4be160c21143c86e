"""Steps of the tests' changes."""

from helpdesk_mcp.sdk import Step

START, END = "2026-11-24T08:00:00+00:00", "2026-11-24T09:00:00+00:00"


def commented(ticket, engineer, text, *, internal=True):
    return Step(
        operation="add_comment",
        arguments={"ticket_id": ticket, "technician_id": engineer, "text": text, "internal": internal},
        says="Add a note" if internal else "Send a reply",
        ticket_id=ticket,
        reaches=None if internal else "a.customer@example.org",
    )


def booked(ticket, engineer):
    return Step(
        operation="log_time",
        arguments={
            "ticket_id": ticket,
            "technician_id": engineer,
            "started_at": START,
            "ended_at": END,
            "on_site": True,
            "billable": False,
            "description": "",
            "rate_id": None,
        },
        says="Log 1 h",
        ticket_id=ticket,
    )


def updated(ticket, **fields):
    return Step(
        operation="update_ticket",
        arguments={"ticket_id": ticket, **fields},
        says=f"Set {', '.join(fields)}",
        ticket_id=ticket,
    )
