"""The plugin that changes tickets: create, assign, update, note, reply, log time, close. It sends nothing itself."""

from helpdesk_mcp.sdk import Plugin, Tool

from .tools.add_internal_note import add_internal_note
from .tools.close_ticket import close_ticket
from .tools.create_ticket import create_ticket
from .tools.log_time import log_time
from .tools.reply_to_requester import reply_to_requester
from .tools.update_ticket import update_ticket

plugin = Plugin(
    name="atera_write",
    summary="Create, assign, update and close tickets, add notes and replies, log time. Each change is previewed and confirmed.",
    tools=(
        Tool(run=create_ticket, title="Create a ticket", effect="write"),
        Tool(run=update_ticket, title="Assign or update a ticket", effect="write"),
        Tool(run=add_internal_note, title="Add an internal note", effect="write"),
        Tool(run=reply_to_requester, title="Reply to the requester", effect="reach", small=False),
        Tool(run=log_time, title="Log time", effect="write", small=False),
        Tool(run=close_ticket, title="Close a ticket", effect="write"),
    ),
    needs="write",
)
