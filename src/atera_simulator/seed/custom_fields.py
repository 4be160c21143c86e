"""Custom fields of machines, tickets and customers, and their values: some of them contradict the inventory or are broken."""

from random import Random
from uuid import NAMESPACE_URL, uuid5

from atera_simulator.seed.chance import guid, likely
from atera_simulator.seed.readiness import examine, facts_line, readiness_line
from atera_simulator.world import Record, World

_OPTIONS = {
    "Disk type": ("SSD", "HDD", "NVMe", "eMMC", "Unknown"),
    "Root cause": (
        "User error",
        "Hardware",
        "Software bug",
        "Configuration",
        "Third party",
        "Security",
        "Unknown",
    ),
    "SLA tier": ("Bronze", "Silver", "Gold"),
}
_FIELDS = (
    ("Disk type", "Options", "Agent"),
    ("TPM version", "Text", "Agent"),
    ("Secure Boot", "Text", "Agent"),
    ("Win11 facts", "Text", "Agent"),
    ("HardwareReadiness", "Text", "Agent"),
    ("Asset tag", "Text", "Ticket"),
    ("Root cause", "Options", "Ticket"),
    ("Account manager", "Text", "Customer"),
    ("SLA tier", "Options", "Customer"),
)
_TPM_SPELLINGS = {"2.0": ("2.0, 0, 1.38", "2.0, 0, 1.59", "2.0", "2.0, 0, 1.16"), "1.2": ("1.2, 2, 3", "1.2"), "none": ("n/a", "none", "", "Not present")}  # fmt: skip
_SECURE_BOOT_SPELLINGS = {"on": ("True", "on", "Enabled", "1"), "off": ("False", "off", "Disabled"), "unsupported": ("unsupported", "n/a", "Cmdlet not supported on this platform")}  # fmt: skip
_BROKEN = (
    "n/a",
    "#ERROR: access denied",
    "Get-Tpm : Administrator privilege is required to execute this command.",
    "{}",
)


def add_custom_fields(world: World, rng: Random) -> None:
    """Fill the definitions and the values of custom fields."""
    world.custom_fields.extend(_definition(*field) for field in _FIELDS)
    for agent_id, agent in world.agents.items():
        if agent["DeviceType"] != "Mac" and likely(rng, 0.57):
            _describe_agent(world, rng, agent_id, agent)
    for ticket_id, ticket in world.tickets.items():
        if likely(rng, 0.06):
            put(world, rng, ("ticketfield", ticket_id), "Asset tag", f"FB-{rng.randrange(1000, 9999)}")
        if ticket["TicketResolvedDate"] and likely(rng, 0.25):
            put(world, rng, ("ticketfield", ticket_id), "Root cause", rng.choice(_OPTIONS["Root cause"]))
    names = [technician["TechnicianFullName"] for technician in world.technicians.values()]
    for customer_id in world.customers:
        put(world, rng, ("customerfield", customer_id), "Account manager", rng.choice(names[:3]))
        put(world, rng, ("customerfield", customer_id), "SLA tier", rng.choice(_OPTIONS["SLA tier"]))


def _definition(name: str, data_type: str, target: str) -> Record:
    options = _OPTIONS.get(name)
    return {
        "Name": name,
        "DataType": data_type,
        "Target": target,
        "PossibleValues": [{"Value": str(n), "Text": text, "ParentName": None} for n, text in enumerate(options, 1)] if options else [],
        "ParentAttributeName": None,
    }  # fmt: skip


def put(world: World, rng: Random, item: tuple[str, int], name: str, text: str) -> None:
    """Store one value; an option gets the id that this account has for its text."""
    is_option = name in _OPTIONS
    world.custom_values.setdefault(item, {})[name] = {
        "ItemId": item[1],
        "Id": guid(rng),
        "FieldName": name,
        "ValueAsString": text,
        "ValueAsDecimal": 0.0,
        "ValueAsDateTime": None,
        "ValueAsBool": False,
        "OptionId": str(uuid5(NAMESPACE_URL, f"https://options.example/{name}/{text}"))
        if is_option
        else None,
    }


def _describe_agent(world: World, rng: Random, agent_id: int, agent: Record) -> None:
    item = ("agentfield", agent_id)
    found = examine(rng, agent)
    if found is None:
        put(world, rng, item, "Win11 facts", rng.choice(_BROKEN))
        return
    if likely(rng, 0.75):
        put(world, rng, item, "Disk type", found.disk_type if found.disk_type != "RAID" else "Unknown")
    if likely(rng, 0.6):
        put(world, rng, item, "TPM version", _garbled(rng, rng.choice(_TPM_SPELLINGS[found.tpm]), "2.0"))
    if likely(rng, 0.6):
        put(
            world,
            rng,
            item,
            "Secure Boot",
            _garbled(rng, rng.choice(_SECURE_BOOT_SPELLINGS[found.secure_boot]), "True"),
        )
    if likely(rng, 0.55):
        put(world, rng, item, "Win11 facts", _line(rng, facts_line(rng, agent, found)))
    if likely(rng, 0.4):
        put(world, rng, item, "HardwareReadiness", _line(rng, readiness_line(found)))


def _garbled(rng: Random, text: str, contradiction: str) -> str:
    """Return the text, or in a few cases what an old or failed run left there."""
    return rng.choices((text, contradiction, "n/a"), (90, 6, 4))[0]


def _line(rng: Random, line: str) -> str:
    """Return the line, or in a few cases what a field too short or a failed script made of it."""
    if likely(rng, 0.05):
        return line[: len(line) * 2 // 3]
    return rng.choice(_BROKEN) if likely(rng, 0.04) else line
