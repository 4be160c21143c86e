"""Custom values: always written as text, kept in the columns that fit the field's data type."""

import re
import uuid
from datetime import datetime

from atera_simulator.changes.journal import Missing, Refused, note
from atera_simulator.world import Record, World

TARGETS = {
    "ticketfield": ("Ticket", "tickets"),
    "customerfield": ("Customer", "customers"),
    "contactfield": ("Contact", "contacts"),
    "contractfield": ("Contract", "contracts"),
    "slafield": ("SLA", None),
    "agentfield": ("Agent", "agents"),
    "snmpfield": ("SNMPDevice", None),
    "tcpfield": ("TCPDevice", None),
    "httpfield": ("HTTPDevice", None),
    "genericfield": ("GenericDevice", None),
}
"""By kind as in the path: the definition's Target, and the dict that holds such objects (None: not simulated)."""
UNSET = "00000000-0000-0000-0000-000000000000"
_NAMES = uuid.UUID("6f1a1c52-3f0b-5d0e-9d57-0a6a1f9f2b11")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def definition(world: World, kind: str, name: str) -> Record:
    """Return the field's definition, found by name in any case; raise Refused if the account has none."""
    target = TARGETS[kind][0]
    for field in world.custom_fields:
        if field["Target"] == target and field["Name"].casefold() == name.casefold():
            return field
    raise Refused(f"Field '{name}' does not exist for {target}")


def require_item(world: World, kind: str, item_id: int) -> None:
    """Raise Missing unless the object that would carry the value exists."""
    table = TARGETS[kind][1]
    if table is None or item_id not in getattr(world, table):
        raise Missing(f"{TARGETS[kind][0]} {item_id} was not found")


def blank(item_id: int, name: str) -> Record:
    """Return the row Atera shows for a field nobody has set."""
    return {
        "ItemId": item_id,
        "Id": UNSET,
        "FieldName": name,
        "ValueAsString": None,
        "ValueAsDecimal": 0.0,
        "ValueAsDateTime": None,
        "ValueAsBool": False,
        "OptionId": None,
    }


def set_custom_value(world: World, kind: str, item_id: int, name: str, text: str) -> None:
    """Set a field of one object, or clear it with an empty text. Moves no clock (whether Atera's does is unknown)."""
    require_item(world, kind, item_id)
    field = definition(world, kind, name)
    note(world, "custom_values", item_id)
    values = world.custom_values.setdefault((kind, item_id), {})
    if not text:
        values.pop(field["Name"], None)
        return
    row = blank(item_id, field["Name"]) | {"Id": str(uuid.uuid5(_NAMES, f"{kind}/{item_id}/{field['Name']}"))}
    values[field["Name"]] = row | _typed(field, text)


def _typed(field: Record, text: str) -> Record:
    match field["DataType"]:
        case "Boolean" if text.casefold() in {"true", "false"}:
            return {"ValueAsString": text, "ValueAsBool": text.casefold() == "true"}
        case "Numeric" if _NUMBER.fullmatch(text):
            return {"ValueAsString": text, "ValueAsDecimal": float(text)}
        case "Date":
            return {"ValueAsString": text, "ValueAsDateTime": _date(field, text)}
        case "Options" | "OptionsWithDependencies":
            return _option(field, text)
        case "Text":
            return {"ValueAsString": text}
        case kind:
            raise Refused(f"'{text}' is not a {kind} value for the field '{field['Name']}'")


def _date(field: Record, text: str) -> str:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
    except ValueError:
        raise Refused(f"'{text}' is not a Date value for the field '{field['Name']}'") from None


def _option(field: Record, text: str) -> Record:
    # Whether Atera wants an option's Text or its Value is not documented: both are taken.
    options: list[Record] = field["PossibleValues"] or []
    for option in options:
        if text.casefold() in {(option["Text"] or "").casefold(), (option["Value"] or "").casefold()}:
            option_id = uuid.uuid5(_NAMES, f"{field['Target']}/{field['Name']}/{option['Value']}")
            return {"ValueAsString": option["Text"], "OptionId": str(option_id)}
    raise Refused(f"'{text}' is not an option of the field '{field['Name']}'")
