"""How a machine is written as one line. Names and the texts of custom fields come from outside: all of them go through `inert`."""

import re
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any

from helpdesk_mcp.sdk import Call
from helpdesk_mcp.sdk.times import shown, span
from helpdesk_mcp.sdk.words import inert, joined

from . import systems
from .memory import fitted_gb
from .processors.names import bare, plain
from .queries.machines import MachineRow
from .readiness.criteria import gb

_MAKERS = re.compile(r"^(?:genuine)?(?:intel|amd)\s+(?=\S)", re.IGNORECASE)
_LONGEST_USER = 30


def ago(at: datetime | None, call: Call) -> str:
    """Return how long ago a moment was, `3 d ago`; "" for None."""
    return f"{span(call.now - at)} ago" if at else ""


@lru_cache(maxsize=4096)
def processor(name: str | None) -> str:
    """Return a processor's name without signs, clock and filler: `Core i5-8250U`, `Ryzen 5 3600`."""
    return inert(_MAKERS.sub("", bare(plain(name or ""))), 40)


def memory(mib: int | None) -> str:
    """Return the fitted memory that leaves so much usable; "" where the inventory has none."""
    return f"{fitted_gb(mib)} GB" if mib else ""


def system_drive(row: MachineRow) -> str:
    """Return what is free on the system drive: `C: 12.3 of 237.9 GB free`."""
    if row.system_total_mb is None or row.system_free_mb is None:
        return ""
    return volume(row.system_drive or "", row.system_free_mb, row.system_total_mb)


def volume(drive: str, free_mb: float, total_mb: float) -> str:
    """Return what is free on a volume."""
    return f"{inert(drive, 8)} {gb(free_mb).removesuffix(' GB')} of {gb(total_mb)} free"


def user(row: MachineRow) -> str:
    """Return who is logged in, or who was last."""
    if row.logged_in_users:
        return inert(row.logged_in_users, _LONGEST_USER)
    return f"last user {inert(row.last_login_user, _LONGEST_USER)}" if row.last_login_user else ""


def presence(is_online: bool | None, seen: datetime | None, call: Call) -> str:  # noqa: FBT001 - a column
    """Return whether a machine is online, or when it was last seen."""
    if is_online:
        return "online"
    return f"seen {ago(seen, call)}" if seen else "never seen"


def machine(
    row: MachineRow, call: Call, *, hidden: frozenset[str] = frozenset(), extra: Iterable[str] = ()
) -> str:
    """Return a machine as one line; `hidden` names columns that the heading says, `extra` are further texts."""
    system = systems.read(row.os, row.os_version, row.os_build, row.device_class)
    columns = {
        "customer": inert(row.customer_name, 40),
        "os": inert(str(system).replace("Windows ", "Win "), 40),
        "cpu": processor(row.processor),
        "memory": memory(row.memory_mb),
        "drive": system_drive(row),
        "online": presence(row.is_online, row.last_seen_at, call),
        "user": user(row),
    }
    told = [text for name, text in columns.items() if name not in hidden]
    return "- " + joined([inert(row.name, 40), *told, *extra])


def moment(at: datetime | None, call: Call) -> str:
    """Return a moment as it is shown, "" for None."""
    return shown(at, call.now, call.zone)


def volumes(disks: Iterable[dict[str, Any]]) -> list[str]:
    """Return every volume as a text."""
    return [
        volume(str(disk.get("drive") or "(no letter)"), disk.get("free_mb") or 0, disk.get("total_mb") or 0)
        for disk in disks
    ]


def other_volumes(row: MachineRow, drive: str) -> list[str]:
    """Return the volumes that a question was about, beside the system drive that every line shows."""
    others = (disk for disk in row.disks if disk.get("drive") != row.system_drive)
    return volumes(disk for disk in others if drive in {"any", disk.get("drive")})
