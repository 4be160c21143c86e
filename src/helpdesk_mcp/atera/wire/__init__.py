"""Atera's records as they come over the wire, in Atera's spelling, and the reading of whole pages of them.

Vendor names stop here: whoever stores a record renames its fields. The fields are those of Atera's specification of
July 2026; a test holds them against it.
"""

from helpdesk_mcp.atera.wire.account import Account
from helpdesk_mcp.atera.wire.customers import Contact, Contract, ContractTerms, Customer, Rate
from helpdesk_mcp.atera.wire.knowledge import (
    UNSET_VALUE_ID,
    CustomField,
    CustomValue,
    FieldOption,
    KnowledgeBaseArticle,
)
from helpdesk_mcp.atera.wire.machines import (
    Agent,
    Alert,
    AvailablePatch,
    AvailablePatches,
    Battery,
    Disk,
    InstalledPatch,
    InstalledPatches,
)
from helpdesk_mcp.atera.wire.parse import BadRow, Parsed, canonical_hash, parse, parse_one
from helpdesk_mcp.atera.wire.tickets import Comment, Ticket, TicketWorkHour, WorkHour
from helpdesk_mcp.atera.wire.times import account_zone, format_account_time, parse_moment

__all__ = [
    "UNSET_VALUE_ID",
    "Account",
    "Agent",
    "Alert",
    "AvailablePatch",
    "AvailablePatches",
    "BadRow",
    "Battery",
    "Comment",
    "Contact",
    "Contract",
    "ContractTerms",
    "CustomField",
    "CustomValue",
    "Customer",
    "Disk",
    "FieldOption",
    "InstalledPatch",
    "InstalledPatches",
    "KnowledgeBaseArticle",
    "Parsed",
    "Rate",
    "Ticket",
    "TicketWorkHour",
    "WorkHour",
    "account_zone",
    "canonical_hash",
    "format_account_time",
    "parse",
    "parse_moment",
    "parse_one",
]
