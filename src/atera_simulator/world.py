"""The state of the simulated Atera account: every record, in memory.

Records are dicts that hold exactly the fields of Atera's own DTOs, spelled as on the wire, with JSON values (dates are ISO
strings); what Atera keeps to itself (the modified clock, technicians, attachments) stands beside them. `seed/` fills a world,
`changes.py` is the only writer afterwards, `api/` reads it.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Record = dict[str, Any]


@dataclass(slots=True)
class World:
    """One Atera account. Keys of the dicts are Atera's integer ids."""

    seed: int
    size: str
    """`demo` or `msp`; tests also make `tiny`."""
    now: datetime
    """UTC. The moment the world was generated for: the newest record is a little older than this."""
    account: Record
    technicians: dict[int, Record] = field(default_factory=dict[int, Record])
    """By TechnicianContactID: {"TechnicianContactID", "FirstName", "LastName", "TechnicianFullName", "TechnicianEmail"}.
    Atera has no endpoint for them."""
    customers: dict[int, Record] = field(default_factory=dict[int, Record])
    contacts: dict[int, Record] = field(default_factory=dict[int, Record])
    departments: dict[int, Record] = field(default_factory=dict[int, Record])
    contracts: dict[int, Record] = field(default_factory=dict[int, Record])
    products: dict[int, Record] = field(default_factory=dict[int, Record])
    """Rates of kind product."""
    expenses: dict[int, Record] = field(default_factory=dict[int, Record])
    """Rates of kind expense."""
    agents: dict[int, Record] = field(default_factory=dict[int, Record])
    patches: dict[str, Record] = field(default_factory=dict[str, Record])
    """By DeviceGuid: {"installedUpdates": [...], "availableUpdates": [...], "timestamp": iso}."""
    alerts: dict[int, Record] = field(default_factory=dict[int, Record])
    tickets: dict[int, Record] = field(default_factory=dict[int, Record])
    """Full TicketDto (the July 2026 fields), comment fields filled; the API blanks what a call did not ask for."""
    ticket_modified: dict[int, datetime] = field(default_factory=dict[int, datetime])
    """UTC. The clock behind tickets/lastmodified, never shown in a DTO."""
    comments: dict[int, list[Record]] = field(default_factory=dict[int, list[Record]])
    """By TicketID, oldest first: TicketCommentDto."""
    work_hours: dict[int, Record] = field(default_factory=dict[int, Record])
    """By WorkHoursID: WorkhourRecordDto, rates filled; the API blanks them when not asked for."""
    attachments: dict[int, list[str]] = field(default_factory=dict[int, list[str]])
    knowledge_base: dict[int, Record] = field(default_factory=dict[int, Record])
    custom_fields: list[Record] = field(default_factory=list[Record])
    custom_values: dict[tuple[str, int], dict[str, Record]] = field(
        default_factory=dict[tuple[str, int], dict[str, Record]]
    )
    """By (kind as in the path, e.g. "agentfield"; item id), then by field name: CustomValueDto."""
    invoices: dict[int, Record] = field(default_factory=dict[int, Record])
    journal: list[tuple[str, int]] = field(default_factory=list[tuple[str, int]])
    """Every change since the world was made, as (name of the dict above, key). `changes` appends, the API's sorted lists
    read on from where they stood; seeding writes nothing here."""
    last_ids: dict[str, int] = field(default_factory=dict[str, int])
    """The highest id ever given per dict name, so that a deleted record's id is not given again."""
