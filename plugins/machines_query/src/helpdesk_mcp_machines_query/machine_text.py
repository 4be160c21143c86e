"""One machine on one screen."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row

from helpdesk_mcp.sdk import Call
from helpdesk_mcp.sdk.times import shown
from helpdesk_mcp.sdk.words import SEPARATOR, inert, joined

from . import systems
from .lines import ago, memory, presence, volumes
from .queries.machine import Details
from .readiness import GROUPS, Facts, Readiness
from .readiness.criteria import Criterion, gb
from .settings import settings_of
from .systems import System

_LONGEST_VALUE = 80


def hardware(row: Details, values: dict[str, str], known: Facts, call: Call) -> list[str]:
    """Return what the machine is, as lines with a heading word each."""
    system = systems.read(row.os, row.os_version, row.os_build, row.device_class)
    about = {
        "Users": joined(dict.fromkeys((inert(row.logged_in_users), _last(row.last_login_user)))),
        "System": _system(system, row, call.now.date()),
        "Model": joined(
            (
                " ".join(
                    dict.fromkeys(filter(None, (inert(row.vendor), inert(row.product), inert(row.model))))
                ),
                row.serial and f"serial {inert(row.serial)}",
                row.bios_version and f"BIOS {inert(row.bios_version)} of {row.bios_date or 'unknown date'}",
            )
        ),
        "Processor": joined(
            (
                inert(row.processor, 80),
                f"{row.processor_cores} cores" if row.processor_cores else "",
                f"{row.processor_ghz:g} GHz" if row.processor_ghz else "",
            )
        ),
        "Memory": f"{memory(row.memory_mb)} ({gb(row.memory_mb)} usable)" if row.memory_mb else "",
        "Drives": SEPARATOR.join(volumes(row.disks)),
        "Disk": joined((known.disk_type, inert(known.disk_name))),
        "Graphics": inert(row.graphics),
        "Battery": f"health {row.battery_health:g}" if row.battery_health is not None else "",
        "Network": joined(
            (
                row.domain and f"domain {inert(row.domain)}",
                ", ".join(map(inert, row.ip_addresses or ())),
                row.public_ip and f"public {inert(row.public_ip)}",
            )
        ),
        "Office": inert(row.office),
        "Agent": joined(
            (
                inert(row.agent_version),
                {True: "monitored", False: "NOT MONITORED"}.get(bool(row.is_monitored)),
                row.last_reboot_at and f"rebooted {ago(row.last_reboot_at, call)}",
                row.created_at and f"since {shown(row.created_at, call.now, call.zone)}",
            )
        ),
        "Folder": inert(row.folder),
        "Description": inert(row.description, _LONGEST_VALUE),
        "Custom fields": _custom(values, call),
    }
    return [f"{name}: {text}" for name, text in about.items() if text]


def heading(row: Details, call: Call) -> str:
    """Return whose machine it is, and whether it is there."""
    gone = f"REMOVED FROM ATERA {ago(row.deleted_at, call)}" if row.deleted_at else ""
    return joined(
        (inert(row.name), inert(row.customer_name), presence(row.is_online, row.last_seen_at, call), gone)
    )


def _last(user: str | None) -> str:
    return f"last login {inert(user)}" if user else ""


def _system(system: System, row: Details, today: date) -> str:
    build = f"build {inert(row.os_build)}" if row.os_build else ""
    name = str(system) if system.family.startswith("Windows") else inert(row.os)
    return joined((name, build, "32-bit" if system.is_32_bit else "", support(system, today)))


def support(system: System, today: date) -> str:
    """Return until when there are security updates; "" where that is not known."""
    if system.end is None or system.release is None:
        return ""
    paid = system.release.paid_until
    more = f" (paid ones until {paid})" if paid and paid > today and system.ended(today) else ""
    return f"security updates {'ENDED' if system.ended(today) else 'until'} {system.end}{more}"


def _custom(values: dict[str, str], call: Call) -> str:
    settings = settings_of(call)
    # The two JSON lines are told as readiness, not as text.
    hidden = {settings.facts_field, settings.readiness_field}
    told = sorted((name, value) for name, value in values.items() if value and name not in hidden)
    return SEPARATOR.join(f"{inert(name)}: {inert(value, _LONGEST_VALUE)}" for name, value in told)


def readiness(found: Readiness, call: Call) -> list[str]:
    """Return the verdict on Windows 11, and each criterion that was judged."""
    lines = [f"Windows 11: {GROUPS[found.group]}{_state(found)}"]
    if found.microsoft is not None:
        said = "CAPABLE" if found.microsoft.is_capable else "NOT CAPABLE"
        reasons = f" ({', '.join(found.microsoft.reasons)})" if found.microsoft.reasons else ""
        ours = f"; our own reading: {GROUPS[found.ours]}" if found.differs else ""
        lines.append(f"  Microsoft's {found.microsoft.source} says {said}{reasons}{ours}")
    lines += [f"  {criterion_line(criterion)}" for criterion in found.criteria]
    lines += [f"  Unusable: {inert(trouble, _LONGEST_VALUE)}" for trouble in found.facts.troubles]
    if found.facts.read_at:
        lines.append(f"  Collected {inert(found.facts.read_at, 20)}")
    if stale := stale_note(found, call):
        lines.append(f"  Old data: {stale}")
    return lines


def _state(found: Readiness) -> str:
    if found.why_not_applicable:
        return f" ({found.why_not_applicable})"
    states = [
        text
        for is_so, text in (
            (found.is_unsupported, "on UNSUPPORTED HARDWARE"),
            (found.is_ended, "in a release WITHOUT SECURITY UPDATES"),
        )
        if is_so
    ]
    return f", {', '.join(states)}" if states else ""


def criterion_line(criterion: Criterion) -> str:
    """Return a criterion: `FAIL memory: 2.0 GB, needs 4 GB`."""
    seen = inert(criterion.seen) or "not known"
    note = f" ({criterion.note})" if criterion.note else ""
    return f"{criterion.status.upper():<11} {criterion.name}: {seen}, needs {criterion.needed}{note}"


def stale_note(found: Readiness, call: Call) -> str:
    """Return when a machine was last seen, where that is long ago; else ""."""
    seen = found.machine.last_seen_at
    if seen is None:
        return "never seen"
    return f"seen {ago(seen, call)}" if (call.now - seen).days >= settings_of(call).stale_days else ""


def alerts(rows: Sequence[Row[Any]], call: Call) -> list[str]:
    """Return the open alerts, or that there are none."""
    if not rows:
        return ["Open alerts: none"]
    told = [f"- {joined((row.severity, inert(row.title), ago(row.created_at, call)))}" for row in rows]
    rest = rows[0].total - len(rows)
    return [f"Open alerts ({rows[0].total}):", *told, *([f"- and {rest} more"] if rest else [])]


def tickets(people: Sequence[Row[Any]], rows: Sequence[Row[Any]], call: Call) -> list[str]:
    """Return the people of a machine and their open tickets."""
    if not people:
        return ["Tickets: no contact is tied to this machine"]
    names = ", ".join(inert(person.full_name) or inert(person.email) for person in people)
    if not rows:
        return [f"Open tickets of {names}: none"]
    told = [
        f"- #{inert(row.number, 20)} {joined((inert(row.title), inert(row.status, 30), f'{ago(row.created_at, call)}'))}"
        for row in rows
    ]
    rest = rows[0].total - len(rows)
    return [f"Open tickets of {names} ({rows[0].total}):", *told, *([f"- and {rest} more"] if rest else [])]
