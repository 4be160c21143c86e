"""The plugin that reads: tickets with their conversations, alerts, people, and how fresh all of it is."""

from helpdesk_mcp.sdk import Plugin, Tool

from .tools.get_ticket import get_ticket
from .tools.search_tickets import search_tickets

_THREADS = ("tickets", "conversations")

plugin = Plugin(
    name="atera_read",
    summary="Read tickets, conversations, alerts, customers, contacts and engineers.",
    tools=(
        Tool(run=search_tickets, title="Search tickets", effect="read", streams=_THREADS),
        Tool(
            run=get_ticket,
            title="Show a ticket",
            effect="read",
            streams=(*_THREADS, "time_entries", "alerts"),
        ),
    ),
)
