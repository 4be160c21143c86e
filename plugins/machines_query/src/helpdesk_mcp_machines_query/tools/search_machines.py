"""`search_machines`: which machines there are, as lines or as counts per group."""

from collections.abc import Callable, Mapping
from typing import Annotated

from pydantic import Field

from helpdesk_mcp.sdk import Advanced, Answer, Call
from helpdesk_mcp.sdk.words import inert
from helpdesk_mcp_machines_query import grouping, lines
from helpdesk_mcp_machines_query.filters import Count, DiskType, Filters, Gb, Limit, Page, to_query
from helpdesk_mcp_machines_query.grouping import Group
from helpdesk_mcp_machines_query.queries import facts, machines
from helpdesk_mcp_machines_query.queries.machines import MachineRow, Sort
from helpdesk_mcp_machines_query.readiness import read_facts
from helpdesk_mcp_machines_query.search import Asked, drive_of, understand
from helpdesk_mcp_machines_query.settings import settings_of


async def search_machines(
    call: Call,
    *,
    customer: str | None = None,
    name: Annotated[str | None, Advanced()] = None,
    user: str | None = None,
    os: Annotated[str | None, Field(description="Windows 10, Server, macOS")] = None,
    edition: Annotated[str | None, Advanced()] = None,
    release: Annotated[str | None, Advanced(), Field(description="22H2 or build")] = None,
    unsupported_on: Annotated[str | None, Field(description="day without security updates")] = None,
    cpu: str | None = None,
    gen_min: Annotated[Count | None, Advanced()] = None,
    gen_max: Annotated[Count | None, Advanced()] = None,
    cores_min: Annotated[Count | None, Advanced()] = None,
    cores_max: Annotated[Count | None, Advanced()] = None,
    memory_min_gb: Annotated[Gb | None, Advanced()] = None,
    memory_max_gb: Gb | None = None,
    drive: Annotated[str, Advanced(), Field(description="of disk_ and free_: system, any, C:")] = "system",
    disk_min_gb: Annotated[Gb | None, Advanced()] = None,
    disk_max_gb: Annotated[Gb | None, Advanced()] = None,
    free_min_gb: Annotated[Gb | None, Advanced()] = None,
    free_max_gb: Gb | None = None,
    disk_type: DiskType | None = None,
    vendor: Annotated[str | None, Advanced()] = None,
    model: Annotated[str | None, Advanced()] = None,
    serial: Annotated[str | None, Advanced()] = None,
    domain: Annotated[str | None, Advanced()] = None,
    online: Annotated[bool | None, Advanced()] = None,
    monitored: Annotated[bool | None, Advanced()] = None,
    seen_after: Annotated[str | None, Advanced()] = None,
    seen_before: Annotated[str | None, Field(description="date or 30d (ago)")] = None,
    rebooted_after: Annotated[str | None, Advanced()] = None,
    rebooted_before: Annotated[str | None, Advanced()] = None,
    bios_after: Annotated[str | None, Advanced()] = None,
    bios_before: Annotated[str | None, Advanced()] = None,
    field: Annotated[str | None, Advanced(), Field(description="custom field, Name=value")] = None,
    sort: Annotated[Sort, Advanced()] = "name",
    descending: Annotated[bool | None, Advanced()] = None,
    group_by: Annotated[
        str | None,
        Advanced(),
        Field(description="count per filter, as os or free"),
    ] = None,
    page: Page = 1,
    limit: Annotated[Limit, Advanced()] = 20,
) -> Answer:
    """Find or count machines; all filters must hold."""
    filters = Filters(
        customer=customer, name=name, user=user, os=os, edition=edition, release=release,
        unsupported_on=unsupported_on, cpu=cpu, gen_min=gen_min, gen_max=gen_max, cores_min=cores_min,
        cores_max=cores_max, memory_min_gb=memory_min_gb, memory_max_gb=memory_max_gb, drive=drive,
        disk_min_gb=disk_min_gb, disk_max_gb=disk_max_gb, free_min_gb=free_min_gb, free_max_gb=free_max_gb,
        disk_type=disk_type, vendor=vendor, model=model, serial=serial, domain=domain, online=online,
        monitored=monitored, seen_after=seen_after, seen_before=seen_before, rebooted_after=rebooted_after,
        rebooted_before=rebooted_before, bios_after=bios_after, bios_before=bios_before, field=field,
    )  # fmt: skip
    asked = await understand(call, filters)
    if group_by is not None:
        return await _counts(call, asked, grouping.named(group_by), page, limit)
    return await _list(call, asked, filters, sort, page, limit, descending=bool(descending))


Teller = Callable[[MachineRow, Mapping[str, str]], str | None]
_SORTED_BY = {
    "seen": "last seen", "rebooted": "last reboot", "disk": "size of the system drive", "free": "free space on the system drive",
    "bios": "BIOS date",
}  # fmt: skip


async def _list(
    call: Call, asked: Asked, filters: Filters, sort: Sort, page: int, limit: int, *, descending: bool
) -> Answer:
    offset = (page - 1) * limit
    rows = await machines.find(
        call.db, asked.conditions, sort, descending=descending, limit=limit, offset=offset
    )
    is_last = len(rows) < limit and (bool(rows) or page == 1)
    total = offset + len(rows) if is_last else await machines.count(call.db, asked.conditions)
    if not rows:
        text = f"page {page} is past the end, there are {total}" if total else "none"
        return Answer(text=f"{asked.heading}: {text}.", notes=tuple(asked.notes))
    extras = await _extras(call, asked, filters, rows, sort)
    hidden = _constant(filters)
    told = [lines.machine(row, call, hidden=hidden, extra=extras[row.id]) for row in rows]
    is_all = len(rows) == total
    if not is_all:
        asked.notes.append(f"All {total} as CSV: resource machines://csv/{to_query(filters)}")
    order = f"by {_SORTED_BY.get(sort, sort)}{', highest first' if descending else ''}"
    return Answer(
        text="\n".join([f"{asked.heading}, {order}:", *told]),
        shown=len(rows),
        total=total,
        more=f"page={page + 1}" if offset + len(rows) < total else None,
        notes=tuple(asked.notes),
    )


def _constant(filters: Filters) -> frozenset[str]:
    same = {
        "customer": filters.customer is not None,
        "online": bool(filters.online),
    }
    return frozenset(name for name, is_same in same.items() if is_same)


async def _extras(
    call: Call, asked: Asked, filters: Filters, rows: list[MachineRow], sort: Sort
) -> dict[int, list[str]]:
    """Return what the question was about and the usual columns do not show."""
    is_told = asked.custom_field is not None or filters.disk_type is not None
    values = await facts.of_machines(call.db, [row.id for row in rows]) if is_told else {}
    tellers = _tellers(call, asked, filters, sort)
    found: dict[int, list[str]] = {}
    for row in rows:
        said = values.get(row.id, {})
        told = [tell(row, said) for tell in tellers]
        found[row.id] = [inert(text) for text in told if text]
    return found


def _tellers(call: Call, asked: Asked, filters: Filters, sort: Sort) -> list[Teller]:
    """Return what tells of a machine and its custom values each thing that the question was about."""
    name = asked.custom_field or ""
    every: list[tuple[object, Teller]] = [
        (filters.drive != "system", lambda row, _: ", ".join(lines.other_volumes(row, drive_of(filters.drive)))),
        (filters.disk_type, lambda _, said: read_facts(said, settings_of(call)).disk_name),
        (filters.vendor or filters.model, lambda row, _: f"{row.vendor or ''} {row.product or row.model or ''}"),
        (filters.serial, lambda row, _: f"serial {row.serial}"),
        (filters.domain, lambda row, _: f"domain {row.domain}"),
        (filters.cores_min or filters.cores_max, lambda row, _: f"{row.processor_cores} cores"),
        (sort == "rebooted" or filters.rebooted_after or filters.rebooted_before, lambda row, _: f"rebooted {lines.ago(row.last_reboot_at, call)}"),
        (sort == "bios" or filters.bios_after or filters.bios_before, lambda row, _: f"BIOS {row.bios_date or 'of unknown date'}"),
        (name, lambda _, said: said.get(name) and f"{name}: {said[name]}"),
    ]  # fmt: skip
    return [tell for is_asked, tell in every if is_asked]


async def _counts(call: Call, asked: Asked, by: Group, page: int, limit: int) -> Answer:
    found = await grouping.counts(call, asked, by)
    total = sum(found.values())
    groups = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    shown = groups[(page - 1) * limit : page * limit]
    what = {
        **_SORTED_BY,
        "disk_type": "disk type",
        "field": asked.custom_field or "",
        "support": "end of security updates",
    }.get(by, by)
    if not shown:
        text = f"page {page} is past the end, there are {len(groups)} groups" if groups else "none"
        return Answer(text=f"{asked.heading}, by {what}: {text}.", notes=tuple(asked.notes))
    told = [f"{size:>6}  {inert(label)}" for label, size in shown]
    return Answer(
        text="\n".join([f"{asked.heading}, by {what} ({total} in all):", *told]),
        shown=len(shown),
        total=len(groups),
        more=f"page={page + 1}" if page * limit < len(groups) else None,
        notes=tuple(asked.notes),
    )
