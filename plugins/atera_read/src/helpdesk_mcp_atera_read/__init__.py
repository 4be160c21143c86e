"""The plugin that reads: tickets with their conversations, alerts, people, and how fresh all of it is."""

from helpdesk_mcp.sdk import Completion, Plugin, Prompt, Resource, Tool

from .completions import customers, engineers, statuses, ticket_numbers
from .prompts import handover, my_queue, triage_ticket
from .resources import ticket
from .tools.find_people import find_people
from .tools.get_ticket import get_ticket
from .tools.list_alerts import list_alerts
from .tools.search_tickets import search_tickets
from .tools.similar_tickets import similar_tickets
from .tools.sync_status import sync_status

_THREAD = ("tickets", "conversations")
_TICKET = (*_THREAD, "time_entries", "alerts")

plugin = Plugin(
    name="atera_read",
    summary="Read tickets, conversations, alerts, customers, contacts and engineers.",
    tools=(
        Tool(run=search_tickets, title="Search tickets", effect="read", streams=_THREAD),
        Tool(run=get_ticket, title="Read a ticket", effect="read", streams=_TICKET),
        Tool(
            run=similar_tickets,
            title="Find similar tickets",
            effect="read",
            streams=(*_THREAD, "articles"),
            small=False,
        ),
        Tool(run=list_alerts, title="List alerts", effect="read", streams=("alerts",)),
        Tool(
            run=find_people, title="Find people", effect="read", streams=("customers", "contacts", "tickets")
        ),
        Tool(run=sync_status, title="Show the state of the sync", effect="read", small=False),
    ),
    prompts=(
        Prompt(run=my_queue, title="My queue"),
        Prompt(run=triage_ticket, title="Triage a ticket"),
        Prompt(run=handover, title="Handover"),
    ),
    resources=(Resource(uri="ticket://{number}", run=ticket, title="A ticket", streams=_TICKET),),
    completions=(
        Completion(argument="engineer", run=engineers),
        Completion(argument="customer", run=customers),
        Completion(argument="ticket", run=ticket_numbers),
        Completion(argument="number", run=ticket_numbers),
        Completion(argument="status", run=statuses),
    ),
)
