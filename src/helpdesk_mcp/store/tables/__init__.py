"""The schema, as SQLAlchemy Core tables: what the sync writes and the tools read.

`mirror` holds what Atera said, one table per kind of record; `helpdesk` holds what is ours (runs of the sync, bad rows).
The reader role may SELECT from both and write neither. Every column says its unit and its source in `comment`, which is
also where a person with psql finds it. Core and not the ORM: tools read rows, and entities cost half as much again
(docs/decisions/0003).
"""

from .base import metadata
from .machines import alert, custom_field, custom_value, machine
from .operations import field_drift, quarantine, sync_run
from .people import account, contact, contract, customer, technician
from .tickets import CLOSED_STATUSES, article, ticket, ticket_comment, ticket_history, time_entry

__all__ = [
    "CLOSED_STATUSES",
    "account",
    "alert",
    "article",
    "contact",
    "contract",
    "custom_field",
    "custom_value",
    "customer",
    "field_drift",
    "machine",
    "metadata",
    "quarantine",
    "sync_run",
    "technician",
    "ticket",
    "ticket_comment",
    "ticket_history",
    "time_entry",
]
