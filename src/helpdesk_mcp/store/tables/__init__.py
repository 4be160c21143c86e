"""The schema, as SQLAlchemy Core tables: what the sync writes and the tools read.

`mirror` holds what Atera said, one table per kind of record; `helpdesk` holds what is ours (runs of the sync, bad rows,
changes and their journal, tokens). Three roles share them: the reader may SELECT from the mirror and the runs, the writer is the
sync worker, the server keeps the journal and refreshes tickets that it has just changed (store/engines.py). Every column says its unit and its source in `comment`, which is
also where a person with psql finds it. Core and not the ORM: tools read rows, and entities cost half as much again
(docs/decisions/0003).
"""

from .base import metadata
from .changes import change, draft, journal
from .machines import alert, custom_field, custom_value, machine, wanted_facts
from .operations import field_drift, quarantine, sync_run
from .people import account, contact, contract, customer, technician
from .tickets import CLOSED_STATUSES, article, ticket, ticket_comment, ticket_history, time_entry
from .tokens import token

__all__ = [
    "CLOSED_STATUSES",
    "account",
    "alert",
    "article",
    "change",
    "contact",
    "contract",
    "custom_field",
    "custom_value",
    "customer",
    "draft",
    "field_drift",
    "journal",
    "machine",
    "metadata",
    "quarantine",
    "sync_run",
    "technician",
    "ticket",
    "ticket_comment",
    "ticket_history",
    "time_entry",
    "token",
    "wanted_facts",
]
