"""Compares a mirror with the simulated account, table by table and field by field.

The mapping is written down a second time and in the plainest way, so that a mistake in the product's own one shows. Texts that
the product makes readable are compared by the source it keeps beside them: what becomes of them is the matter of `tests/text`.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

Record = dict[str, Any]
Get = Callable[[Record], Any]


def at(field: str) -> Get:
    return lambda record: moment(record[field])


def on(field: str) -> Get:
    return lambda record: datetime.fromisoformat(record[field]).date() if record[field] else None


def named(*fields: str) -> Get:
    return lambda record: " ".join(filter(None, ((record[field] or "").strip() for field in fields))) or None


def nearest(field: str) -> Get:
    return lambda record: None if record[field] is None else round(record[field])


def moment(value: str | None) -> datetime | None:
    if not value:
        return None
    parsed = datetime.fromisoformat(value)
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def person(record: Record) -> str | None:
    name = (record["TechnicianFullName"] or "").strip()
    return name if name.replace(".", "") else None


def drive(value: str | None) -> str | None:
    return value[0].upper() + ":" if re.match("[A-Za-z]:", value or "") else value or None


def disks(record: Record) -> list[Record]:
    found: dict[Any, Record] = {}
    for disk in record["HardwareDisks"] or []:
        name = drive(disk["Drive"])
        sizes = {"total_mb": nearest("Total")(disk), "free_mb": nearest("Free")(disk)}
        found.setdefault(name or tuple(sizes.values()), {"drive": name, **sizes})
    return list(found.values())


def system(record: Record) -> str | None:
    return record["OS"] and "".join(c for c in record["OS"] if unicodedata.category(c) != "Cf")


def gigahertz(record: Record) -> float | None:
    return float(record["ProcessorClock"].split()[0]) if record["ProcessorClock"] else None


def battery(record: Record) -> float | None:
    return record["BatteryInfo"]["BatteryHealth"] if record["BatteryInfo"] else None


def options(record: Record) -> list[str] | None:
    return [option["Text"] for option in record["PossibleValues"]] or None


@dataclass(frozen=True)
class Table:
    kept: str
    """The world's dict."""
    fields: dict[str, str | Get]
    """Per column Atera's field, or how its value is made of the record."""
    beside: frozenset[str] = frozenset()
    """Fields that raw need not hold as the account does."""


TABLES = {
    "customer": Table(
        "customers",
        {
            "id": "CustomerID",
            "name": "CustomerName",
            "business_number": "BusinessNumber",
            "domain": "Domain",
            "address": "Address",
            "city": "City",
            "state": "State",
            "country": "Country",
            "zip_code": "ZipCodeStr",
            "phone": "Phone",
            "notes": "Notes",
            "created_at": at("CreatedOn"),
            "modified_at": at("LastModified"),
        },
    ),
    "contact": Table(
        "contacts",
        {
            "id": "EndUserID",
            "customer_id": "CustomerID",
            "customer_name": "CustomerName",
            "first_name": "Firstname",
            "last_name": "Lastname",
            "email": "Email",
            "phone": "Phone",
            "mobile": "MobilePhone",
            "job_title": "JobTitle",
            "department": "DepartmentName",
            "is_main_contact": "IsContactPerson",
            "is_ignored": "InIgnoreMode",
            "is_archived": "Archived",
            "default_machine_id": "DefaultAgentId",
            "created_at": at("CreatedOn"),
            "modified_at": at("LastModified"),
        },
    ),
    "contract": Table(
        "contracts",
        {
            "id": "ContractID",
            "customer_id": "CustomerID",
            "customer_name": "CustomerName",
            "name": "ContractName",
            "kind": "ContractType",
            "is_active": "Active",
            "is_default": "Default",
            "starts_on": on("StartDate"),
            "ends_on": on("EndDate"),
        },
    ),
    "ticket": Table(
        "tickets",
        {
            "id": "TicketID",
            "number": "TicketNumber",
            "title": "TicketTitle",
            "status": "TicketStatus",
            "priority": "TicketPriority",
            "impact": "TicketImpact",
            "type": "TicketType",
            "source": "TicketSource",
            "customer_id": "CustomerID",
            "customer_name": "CustomerName",
            "contact_id": "EndUserID",
            "contact_name": named("EndUserFirstName", "EndUserLastName"),
            "contact_email": "EndUserEmail",
            "contact_phone": "EndUserPhone",
            "technician_id": "TechnicianContactID",
            "technician_name": person,
            "contract_id": "ContractID",
            "created_at": at("TicketCreatedDate"),
            "resolved_at": at("TicketResolvedDate"),
            "first_response_due_at": at("FirstResponseDueDate"),
            "due_at": at("ClosedTicketDueDate"),
            "first_response_at": at("TechnicianFirstCommentDate"),
            "last_contact_comment_at": at("LastEndUserCommentTimestamp"),
            "last_technician_comment_at": at("LastTechnicianCommentTimestamp"),
            "on_site_minutes": "OnSiteDurationMinutes",
            "off_site_minutes": "OffSiteDurationMinutes",
            "total_minutes": "TotalDurationMinutes",
            "is_open": lambda record: record["TicketStatus"] not in {"Resolved", "Closed", "Deleted"},
        },
        # Only told to those who ask for them.
        beside=frozenset({"RelationType", "RelatedTicketId"}),
    ),
    "time_entry": Table(
        "work_hours",
        {
            "id": "WorkHoursID",
            "ticket_id": "TicketID",
            "customer_id": "CustomerID",
            "contact_id": "EndUserID",
            "technician_id": "TechnicianContactID",
            "technician_name": person,
            "started_at": at("StartWorkHour"),
            "ended_at": at("EndWorkHour"),
            "is_billable": "Billiable",
            "is_on_site": "OnCustomerSite",
            "description": "Description",
            "rate_id": "RateID",
            "rate_amount": "RateAmount",
        },
    ),
    "alert": Table(
        "alerts",
        {
            "id": "AlertID",
            "title": "Title",
            "message": "AlertMessage",
            "severity": "Severity",
            "category": "AlertCategoryID",
            "source": "Source",
            "machine_id": "AgentId",
            "device_guid": "DeviceGuid",
            "device_name": "DeviceName",
            "customer_id": "CustomerID",
            "customer_name": "CustomerName",
            "ticket_id": "TicketID",
            "created_at": at("Created"),
            "snoozed_until": at("SnoozedEndDate"),
            "archived_at": at("ArchivedDate"),
            "is_archived": "Archived",
        },
    ),
    "machine": Table(
        "agents",
        {
            "id": "AgentID",
            "device_guid": "DeviceGuid",
            "customer_id": "CustomerID",
            "customer_name": "CustomerName",
            "folder": "FolderName",
            "name": "MachineName",
            "domain": "DomainName",
            "description": "ComputerDescription",
            "logged_in_users": "CurrentLoggedUsers",
            "last_login_user": "LastLoginUser",
            "is_monitored": "Monitored",
            "is_online": "Online",
            "last_seen_at": at("LastSeen"),
            "last_reboot_at": at("LastRebootTime"),
            "created_at": at("Created"),
            "modified_at": at("Modified"),
            "agent_version": "AgentVersion",
            "public_ip": "ReportedFromIP",
            "ip_addresses": "IpAddresses",
            "mac_addresses": "MacAddresses",
            "os": system,
            "os_version": "OSVersion",
            "os_build": "OSBuild",
            "device_class": "OSType",
            "device_type": "DeviceType",
            "office": "Office",
            "processor": "Processor",
            "processor_cores": "ProcessorCoresCount",
            "processor_ghz": gigahertz,
            "memory_mb": nearest("Memory"),
            "graphics": "Display",
            "motherboard": "Motherboard",
            "vendor": "Vendor",
            "model": "VendorBrandModel",
            "product": "ProductName",
            "serial": "VendorSerialNumber",
            "bios_version": named("BiosManufacturer", "BiosVersion"),
            "bios_date": on("BiosReleaseDate"),
            "system_drive": lambda record: drive(record["SystemDrive"]),
            "disks": disks,
            "battery_health": battery,
        },
        beside=frozenset({"WindowsSerialNumber", "OfficeSerialNumber"}),
    ),
    "article": Table(
        "knowledge_base",
        {
            "id": "KBID",
            "title": "KBProduct",
            "keywords": "KBKeywords",
            "section": "SectionName",
            "category": "CategoryName",
            "url": "KBAddress",
            "is_private": "KBIsPrivate",
            "views": "KBRating_Views",
            "created_at": at("KBTimestamp"),
            "modified_at": at("KBLastModified"),
        },
    ),
    "account": Table("account", {"id": "AccountID", "name": "CompanyName"}),
    "custom_field": Table(
        "custom_fields",
        {"target": "Target", "name": "Name", "kind": "DataType", "options": options},
    ),
}
KEYS = {"custom_field": ("target", "name")}


async def differences(engine: AsyncEngine, world: Any, tables: Iterable[str] = TABLES) -> list[str]:
    """Return what the mirror says otherwise than the account, one line for each; empty when they are equal."""
    found: list[str] = []
    async with engine.connect() as connection:
        for name in tables:
            found += [line async for line in _differing_rows(connection, world, name)]
        found += [line async for line in _differing_comments(connection, world)]
        found += [line async for line in _differing_technicians(connection, world)]
        found += [line async for line in _differing_values(connection, world)]
        found += [line async for line in _unsettled(connection)]
        found += [line async for line in _torn_history(connection)]
    return found


def told(found: list[str], most: int = 20) -> str:
    """Return the first of the differences as lines, and how many more there are."""
    return "\n".join(found[:most] + ([f"… and {len(found) - most} more"] if len(found) > most else []))


async def _rows(connection: AsyncConnection, statement: str) -> AsyncIterator[Record]:
    async for row in (await connection.stream(text(statement))).mappings():
        yield dict(row)


def _expected(world: Any, table: Table) -> Iterator[Record]:
    kept = getattr(world, table.kept)
    if isinstance(kept, dict) and "AccountID" in kept:
        yield kept
    else:
        yield from kept.values() if isinstance(kept, dict) else kept


def _value(record: Record, field: str | Get) -> Any:
    return storable(record[field] if isinstance(field, str) else field(record))


def storable(value: Any) -> Any:
    """Return a text without U+0000, which Postgres cannot hold."""
    return value.replace("\0", "\ufffd") if isinstance(value, str) else value


async def _differing_rows(connection: AsyncConnection, world: Any, name: str) -> AsyncIterator[str]:
    table, key = TABLES[name], KEYS.get(name, ("id",))
    wanted = {
        tuple(_value(record, table.fields[part]) for part in key): record
        for record in _expected(world, table)
    }
    statement = f"SELECT {', '.join(table.fields)}, raw FROM mirror.{name} WHERE deleted_at IS NULL"  # noqa: S608 - our names
    async for row in _rows(connection, statement):
        said = "/".join(str(row[part]) for part in key)
        record = wanted.pop(tuple(row[part] for part in key), None)
        if record is None:
            yield f"{name} {said}: stored, but the account has none"
            continue
        for column, field in table.fields.items():
            if row[column] != (value := _value(record, field)):
                yield f"{name} {said}: {column} is {row[column]!r}, in the account {value!r}"
        for field in sorted(record.keys() | row["raw"].keys()):
            if field not in table.beside and (held := row["raw"].get(field)) != (
                value := storable(record.get(field))
            ):
                yield f"{name} {said}: raw {field} is {held!r}, in the account {value!r}"
    for missing in wanted:
        yield f"{name} {'/'.join(map(str, missing))}: not stored"


def _said(ticket_id: int, comment: Record) -> tuple[Any, ...]:
    by_technician = comment["TechnicianContactID"] is not None
    author = comment["TechnicianContactID"] if by_technician else comment["EndUserID"]
    return (
        ticket_id,
        moment(comment["Date"]),
        "technician" if by_technician else "system" if author is None else "contact",
        author,
        named("FirstName", "LastName")(comment) or comment["Email"],
        comment["Email"],
        comment["IsInternal"],
        storable(comment["CommentHtml"] or comment["Comment"] or ""),
    )


_COMMENTS = """
    SELECT ticket_id, at, author_kind, author_id, author_name, author_email, is_internal, coalesce(source, body)
    FROM mirror.ticket_comment AS comment
    WHERE deleted_at IS NULL
      AND NOT EXISTS (SELECT FROM mirror.ticket WHERE id = ticket_id AND ticket.deleted_at IS NOT NULL)
"""


async def _differing_comments(connection: AsyncConnection, world: Any) -> AsyncIterator[str]:
    wanted = Counter(
        _said(ticket_id, comment)
        for ticket_id, thread in world.comments.items()
        if ticket_id in world.tickets
        for comment in thread
    )
    async for row in _rows(connection, _COMMENTS):
        wanted[tuple(row.values())] -= 1
    for comment, times in wanted.items():
        if times:
            when, who, words = comment[1].isoformat(), f"{comment[2]} {comment[3]}", comment[-1][:60]
            what = "not stored" if times > 0 else "stored, but the account has none"
            yield f"comment on ticket {comment[0]} of {when} by {who} {words!r}: {what} ({abs(times)})"


async def _differing_technicians(connection: AsyncConnection, world: Any) -> AsyncIterator[str]:
    known = {
        row["id"]: row["name"] async for row in _rows(connection, "SELECT id, name FROM mirror.technician")
    }
    comments = (comment for thread in world.comments.values() for comment in thread)
    records = (*world.tickets.values(), *world.work_hours.values(), *comments)
    for technician_id in {record["TechnicianContactID"] for record in records} - {None, -1} - known.keys():
        yield f"technician {technician_id}: not stored"
    for technician_id, name in known.items():
        if (real := world.technicians[technician_id]["TechnicianFullName"]) != name:
            yield f"technician {technician_id}: name is {name!r}, in the account {real!r}"


_VALUES = """
    SELECT item_id, custom_value.name, value
    FROM mirror.custom_value JOIN mirror.machine ON machine.id = item_id AND deleted_at IS NULL
    WHERE target = 'Agent'
"""


async def _differing_values(connection: AsyncConnection, world: Any) -> AsyncIterator[str]:
    wanted = {
        (item_id, name): storable(value["ValueAsString"])
        for (kind, item_id), values in world.custom_values.items()
        for name, value in values.items()
        if kind == "agentfield" and item_id in world.agents and value["ValueAsString"]
    }
    async for row in _rows(connection, _VALUES):
        real = wanted.pop((row["item_id"], row["name"]), None)
        if row["value"] != real:
            yield f"machine {row['item_id']}: {row['name']} is {row['value']!r}, in the account {real!r}"
    for item_id, name in wanted:
        yield f"machine {item_id}: {name} is not stored"


async def _unsettled(connection: AsyncConnection) -> AsyncIterator[str]:
    """Yield conversations that still have to be read, and records that could not be stored."""
    due = "SELECT id FROM mirror.ticket WHERE (thread_due OR thread_read_at IS NULL) AND deleted_at IS NULL"
    async for row in _rows(connection, due):
        yield f"ticket {row['id']}: its conversation was not read"
    async for row in _rows(connection, "SELECT stream, key, reason FROM helpdesk.quarantine"):
        yield f"quarantine of {row['stream']}: {row['key']}, because {row['reason']}"


_HISTORY = """
    SELECT ticket_id, field, old, new, seen_at, to_jsonb(ticket) ->> field AS present, due_at
    FROM mirror.ticket_history AS history JOIN mirror.ticket ON ticket.id = ticket_id
    ORDER BY ticket_id, field, history.id
"""


async def _torn_history(connection: AsyncConnection) -> AsyncIterator[str]:
    """Yield changes that do not follow from the one before, or do not lead to the present."""
    changes = [row async for row in _rows(connection, _HISTORY)]
    for (ticket_id, field), group in groupby(changes, itemgetter("ticket_id", "field")):
        chain = list(group)
        last = chain[-1]
        due = last["due_at"] and last["due_at"].isoformat()
        ends = [(one["new"], one["seen_at"]) for one in chain]
        starts = [(one["old"], one["seen_at"]) for one in chain[1:]]
        starts.append((due if field == "due_at" else last["present"], last["seen_at"]))
        for change, (left, seen_at), (right, next_seen_at) in zip(chain, ends, starts, strict=True):
            if left != right or next_seen_at < seen_at or change["old"] == left:
                yield (
                    f"history of ticket {ticket_id}: {field} went from {change['old']!r} to {left!r}, then was {right!r}"
                )
