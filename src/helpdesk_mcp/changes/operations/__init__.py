"""The five calls by which anything is changed in Atera: an allow-list, for nothing else can be sent.

Arguments are ours and stored in the journal; only here do they become Atera's fields. A step of a change names one of these.
"""

from collections.abc import Mapping
from types import MappingProxyType

from .comments import AddComment
from .contacts import CreateContact
from .operation import Found, Operation, Outside
from .tickets import CreateTicket, UpdateTicket
from .work_hours import LogTime

OPERATIONS: Mapping[str, Operation] = MappingProxyType(
    {
        "create_contact": CreateContact(),
        "create_ticket": CreateTicket(),
        "update_ticket": UpdateTicket(),
        "add_comment": AddComment(),
        "log_time": LogTime(),
    }
)

__all__ = ["OPERATIONS", "Found", "Operation", "Outside"]
