"""The whole result of a machine search as CSV, at the address that an answer of the search gives."""

import csv
from io import StringIO

from helpdesk_mcp.sdk import Call, clean

from . import systems
from .filters import from_query
from .memory import fitted_gb
from .queries import machines
from .queries.machines import MachineRow
from .search import disk_types, understand

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_HEAD = (
    "id", "name", "customer", "user", "os", "edition", "release", "build", "support_ends", "processor", "cores",
    "memory_gb", "system_drive", "size_gb", "free_gb", "disk_type", "vendor", "product", "model", "serial", "domain",
    "ip", "online", "last_seen", "last_reboot", "bios", "bios_date", "monitored",
)  # fmt: skip


async def machines_csv(call: Call, *, query: str) -> str:
    """All machines of a search, with the search's filters as the query: free_max_gb=20&os=Windows 10."""
    filters = from_query(query)
    asked = await understand(call, filters)
    rows = await machines.find(call.db, asked.conditions, "customer")
    disks = await disk_types(call, asked.conditions)
    disk_type = {id_: kind for kind, ids in disks.by_type.items() for id_ in ids}
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_HEAD)
    writer.writerows([_cell(value) for value in _row(row, disk_type.get(row.id))] for row in rows)
    return out.getvalue()


def _row(row: MachineRow, disk_type: str | None) -> tuple[object, ...]:
    system = systems.read(row.os, row.os_version, row.os_build, row.device_class)
    return (
        row.id, row.name, row.customer_name, row.logged_in_users or row.last_login_user,
        system.family or row.os, system.edition, system.version, row.os_build, system.end,
        row.processor, row.processor_cores, fitted_gb(row.memory_mb) if row.memory_mb else None,
        row.system_drive, _gb(row.system_total_mb), _gb(row.system_free_mb), disk_type,
        row.vendor, row.product, row.model, row.serial, row.domain, " ".join(row.ip_addresses or ()),
        row.is_online, row.last_seen_at and row.last_seen_at.isoformat(timespec="minutes"),
        row.last_reboot_at and row.last_reboot_at.isoformat(timespec="minutes"),
        row.bios_version, row.bios_date, row.is_monitored,
    )  # fmt: skip


def _gb(mib: int | None) -> str:
    return "" if mib is None else f"{mib / 1024:.1f}"


def _cell(value: object) -> str:
    """Return a value as text that no spreadsheet takes for a formula."""
    text = " ".join(clean("" if value is None else str(value)).split())
    return f"'{text}" if text.startswith(_FORMULA) else text
