"""From Atera's records to our columns: one function for each table, and who the records name.

A row function raises ValueError, a clause without values, for a record that lacks what its table cannot do without.
"""

from helpdesk_mcp.sync.rows.conversation import comment_rows, comment_sightings
from helpdesk_mcp.sync.rows.machines import alert_row, custom_field_row, machine_row
from helpdesk_mcp.sync.rows.people import account_row, contact_row, contract_row, customer_row
from helpdesk_mcp.sync.rows.tickets import (
    article_row,
    ticket_row,
    ticket_sightings,
    time_entry_row,
    time_entry_sightings,
)

__all__ = [
    "account_row",
    "alert_row",
    "article_row",
    "comment_rows",
    "comment_sightings",
    "contact_row",
    "contract_row",
    "custom_field_row",
    "customer_row",
    "machine_row",
    "ticket_row",
    "ticket_sightings",
    "time_entry_row",
    "time_entry_sightings",
]
