"""After a sync the database says what the account says, compared field by field through a mapping of the test's own."""

from datetime import UTC, datetime, timedelta

import pytest

from atera_simulator import changes
from helpdesk_mcp.store import upsert
from helpdesk_mcp.store.copying import copied
from helpdesk_mcp.store.tables import metadata, sync_run
from helpdesk_mcp.sync.streams import STREAMS

pytestmark = pytest.mark.anyio

SAME = {
    "customer": (
        "customers",
        {
            "id": "CustomerID",
            "name": "CustomerName",
            "business_number": "BusinessNumber",
            "domain": "Domain",
            "city": "City",
            "zip_code": "ZipCodeStr",
            "phone": "Phone",
            "notes": "Notes",
            "created_at": "CreatedOn",
            "modified_at": "LastModified",
        },
    ),
    "contact": (
        "contacts",
        {
            "id": "EndUserID",
            "customer_id": "CustomerID",
            "first_name": "Firstname",
            "last_name": "Lastname",
            "email": "Email",
            "phone": "Phone",
            "mobile": "MobilePhone",
            "job_title": "JobTitle",
            "department": "DepartmentName",
            "is_main_contact": "IsContactPerson",
            "is_archived": "Archived",
            "default_machine_id": "DefaultAgentId",
            "modified_at": "LastModified",
        },
    ),
    "contract": (
        "contracts",
        {
            "id": "ContractID",
            "customer_id": "CustomerID",
            "name": "ContractName",
            "kind": "ContractType",
            "is_active": "Active",
            "is_default": "Default",
        },
    ),
    "ticket": (
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
            "contact_email": "EndUserEmail",
            "technician_id": "TechnicianContactID",
            "contract_id": "ContractID",
            "created_at": "TicketCreatedDate",
            "resolved_at": "TicketResolvedDate",
            "first_response_due_at": "FirstResponseDueDate",
            "due_at": "ClosedTicketDueDate",
            "first_response_at": "TechnicianFirstCommentDate",
            "last_contact_comment_at": "LastEndUserCommentTimestamp",
            "last_technician_comment_at": "LastTechnicianCommentTimestamp",
            "on_site_minutes": "OnSiteDurationMinutes",
            "off_site_minutes": "OffSiteDurationMinutes",
            "total_minutes": "TotalDurationMinutes",
        },
    ),
    "time_entry": (
        "work_hours",
        {
            "id": "WorkHoursID",
            "ticket_id": "TicketID",
            "customer_id": "CustomerID",
            "contact_id": "EndUserID",
            "technician_id": "TechnicianContactID",
            "technician_name": "TechnicianFullName",
            "started_at": "StartWorkHour",
            "ended_at": "EndWorkHour",
            "is_billable": "Billiable",
            "is_on_site": "OnCustomerSite",
            "description": "Description",
            "rate_id": "RateID",
            "rate_amount": "RateAmount",
        },
    ),
    "alert": (
        "alerts",
        {
            "id": "AlertID",
            "title": "Title",
            "message": "AlertMessage",
            "severity": "Severity",
            "category": "AlertCategoryID",
            "machine_id": "AgentId",
            "device_guid": "DeviceGuid",
            "customer_id": "CustomerID",
            "ticket_id": "TicketID",
            "created_at": "Created",
            "snoozed_until": "SnoozedEndDate",
            "archived_at": "ArchivedDate",
            "is_archived": "Archived",
        },
    ),
    "machine": (
        "agents",
        {
            "id": "AgentID",
            "device_guid": "DeviceGuid",
            "customer_id": "CustomerID",
            "name": "MachineName",
            "folder": "FolderName",
            "is_monitored": "Monitored",
            "is_online": "Online",
            "last_seen_at": "LastSeen",
            "last_reboot_at": "LastRebootTime",
            "ip_addresses": "IpAddresses",
            "mac_addresses": "MacAddresses",
            "memory_mb": "Memory",
            "processor": "Processor",
            "processor_cores": "ProcessorCoresCount",
            "device_class": "OSType",
            "serial": "VendorSerialNumber",
        },
    ),
    "article": (
        "knowledge_base",
        {"id": "KBID", "title": "KBProduct", "keywords": "KBKeywords", "modified_at": "KBLastModified"},
    ),
}
"""Per table: the world's dict and, per column, Atera's field."""


def moment(value):
    parsed = datetime.fromisoformat(value)
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def expected(world, table):
    kept, fields = SAME[table]
    return {
        key: {
            column: moment(record[field])
            if column.endswith(("_at", "_until")) and record[field]
            else record[field]
            for column, field in fields.items()
        }
        for key, record in getattr(world, kept).items()
    }


async def stored(rows, table):
    columns = ", ".join(SAME[table][1])
    found = await rows(f"SELECT {columns} FROM mirror.{table} WHERE deleted_at IS NULL")  # noqa: S608 - our names
    return {row["id"]: row for row in found}


@pytest.fixture
def mirrors(simulator, rows):
    """Assert that every table holds what the account holds."""

    async def check(tables=SAME):
        for table in tables:
            with simulator.changing() as world:
                wanted = expected(world, table)
            assert await stored(rows, table) == wanted, table

    return check


async def test_the_first_sync_stores_everything(sync, mirrors):
    reports = await sync()
    assert {report.outcome for report in reports.values()} == {"ok"}
    await mirrors()


async def test_a_first_load_is_copied(sync, monkeypatch):
    """Whatever cannot be copied is merged, which takes twice as long and shows in nothing else."""
    fates = []

    async def noted(connection, table, *rows):
        fates.append((table.name, await copied(connection, table, *rows)))
        return fates[-1][1]

    monkeypatch.setattr(upsert, "copied", noted)
    await sync(only={"contacts", "machines", "tickets", "alerts"})
    assert {name for name, _ in fates} >= {"contact", "machine", "ticket", "alert"}
    assert [name for name, was_copied in fates if not was_copied] == []


async def test_conversations_are_stored_comment_by_comment(loaded, sync, world, rows):
    found = await rows("SELECT ticket_id, at, author_id, is_internal FROM mirror.ticket_comment")
    wanted = [
        (
            ticket,
            moment(one["Date"]),
            one["TechnicianContactID"] or one["EndUserID"],
            one["IsInternal"],
        )
        for ticket, thread in world.comments.items()
        for one in thread
    ]
    assert sorted(tuple(row.values()) for row in found) == sorted(wanted)
    assert await rows("SELECT id FROM mirror.ticket WHERE thread_due OR thread_read_at IS NULL") == []


async def test_an_unassigned_ticket_names_nobody(sync, world, rows):
    nobody = {key for key, one in world.tickets.items() if not (one["TechnicianFullName"] or "").strip(". ")}
    assert nobody
    await sync()
    found = await rows("SELECT id FROM mirror.ticket WHERE technician_name IS NULL")
    assert {row["id"] for row in found} == nobody


async def test_each_volume_counts_once(sync, world, rows):
    agents = [one["HardwareDisks"] for one in world.agents.values() if one["HardwareDisks"]]
    assert any(len({disk["Drive"] for disk in disks}) < len(disks) for disks in agents)
    await sync()
    for row in await rows("SELECT id, disk_total_mb FROM mirror.machine WHERE disks <> '[]'"):
        disks = {disk["Drive"]: disk["Total"] for disk in reversed(world.agents[row["id"]]["HardwareDisks"])}
        assert row["disk_total_mb"] == sum(round(total) for total in disks.values())


async def test_product_keys_are_never_stored(sync, world, rows):
    keys = {one["WindowsSerialNumber"] for one in world.agents.values()} - {None, ""}
    assert keys
    await sync()
    held = " ".join(str(row) for row in await rows("SELECT raw::text FROM mirror.machine"))
    assert not [key for key in keys if key in held]


async def test_technicians_are_harvested(loaded, sync, world, rows):
    found = {row["id"]: row["name"] for row in await rows("SELECT id, name FROM mirror.technician")}
    named = {one["TechnicianContactID"] for one in world.work_hours.values()}
    assert named <= found.keys()
    assert found == {key: world.technicians[key]["TechnicianFullName"] for key in found}


async def test_every_written_run_says_how_fresh_its_rows_are(loaded, sync, rows):
    ages = await rows("SELECT stream FROM helpdesk.sync_run WHERE outcome <> 'ok' OR data_as_of IS NULL")
    assert ages == []


@pytest.fixture
def versions(rows):
    """The versions of all rows but those of runs: also a lock on a row, which writes as well, makes another one."""

    async def look():
        return {
            table.fullname: await rows(f"SELECT ctid::text, xmin::text, xmax::text FROM {table} ORDER BY 1")  # noqa: S608 - our names
            for table in metadata.sorted_tables
            if table is not sync_run
        }

    return look


async def test_a_quiet_cycle_writes_no_row_but_its_runs_and_costs_few_requests(loaded, sync, rows, versions):
    before = await versions()
    reports = await sync()
    assert await versions() == before
    assert sum(report.requests for report in reports.values()) <= 5
    assert sum(report.inserted + report.changed + report.deleted for report in reports.values()) == 0


async def test_no_stream_writes_a_row_but_its_run_when_nothing_changed(loaded, sync, rows, versions):
    before, runs = await versions(), await rows("SELECT count(*) FROM helpdesk.sync_run")
    reports = await sync(full=True)
    assert await versions() == before
    assert reports.keys() == {stream.name for stream in STREAMS}
    after = await rows("SELECT count(*) FROM helpdesk.sync_run")
    assert after[0]["count"] - runs[0]["count"] == len(STREAMS)


async def test_changes_arrive_with_the_next_cycle(loaded, sync, simulator, mirrors, now):
    with simulator.changing() as world:
        ticket, other = sorted(world.tickets)[:2]
        contact, technician = min(world.contacts), min(world.technicians)
        changes.update_customer(world, min(world.customers), {"City": "Bremen"}, now=now)
        changes.update_contact(world, contact, {"Phone": "+49 30 1234"}, now=now)
        changes.update_ticket(world, ticket, {"TicketPriority": "Critical"}, now=now)
        changes.delete_ticket(world, other, now=now)
        changes.create_ticket(
            world, {"TicketTitle": "New", "Description": "It hums.", "EndUserID": contact}, now=now
        )
        changes.add_comment(world, ticket, "On my way.", technician_id=technician, is_internal=False, now=now)
        changes.resolve_alert(world, an_alert(world, snoozed=False), now=now)
    await sync()
    await mirrors(["customer", "contact", "ticket", "alert"])


def an_alert(world, *, snoozed):
    alerts = ((key, one) for key, one in world.alerts.items() if not one["Archived"])
    return next(key for key, one in alerts if bool(one["SnoozedEndDate"]) is snoozed)


async def test_a_snoozed_alert_that_is_resolved_is_found_by_the_hourly_look(
    loaded, sync, simulator, mirrors, now
):
    with simulator.changing() as world:
        changes.resolve_alert(world, an_alert(world, snoozed=True), now=now)
    reports = await sync(only={"alerts.snoozed"}, full=True)
    assert reports["alerts.snoozed"].changed == 1
    await mirrors(["alert"])


async def test_a_new_comment_arrives_with_the_next_cycle(loaded, sync, simulator, rows, now):
    with simulator.changing() as world:
        ticket = min(world.tickets)
        changes.add_comment(
            world, ticket, "Only for us.", technician_id=min(world.technicians), is_internal=True, now=now
        )
    reports = await sync()
    assert reports["conversations"].inserted == 1
    found = await rows("SELECT ticket_id, is_internal FROM mirror.ticket_comment WHERE body = 'Only for us.'")
    assert found == [{"ticket_id": ticket, "is_internal": True}]


async def test_two_comments_in_one_second_both_arrive_although_a_cycle_fell_in_between(
    loaded, sync, simulator, rows, now
):
    for words in ("First.", "Second."):
        with simulator.changing() as world:
            technician = min(world.technicians)
            changes.add_comment(world, min(world.tickets), words, technician_id=technician, now=now)
        await sync()
    found = await rows(
        "SELECT body FROM mirror.ticket_comment WHERE body IN ('First.', 'Second.') ORDER BY 1"
    )
    assert [row["body"] for row in found] == ["First.", "Second."]


async def test_logged_time_arrives_when_its_stream_is_due(loaded, sync, simulator, mirrors, now):
    with simulator.changing() as world:
        start, end = (now - timedelta(minutes=m) for m in (60, 30))
        worker = {"TechnicianContactID": min(world.technicians)}
        changes.log_time(world, min(world.tickets), worker, start=start, end=end, now=now)
    reports = await sync(only={"time_entries"}, full=True)
    assert reports["time_entries"].inserted == 1
    await mirrors(["time_entry"])


async def test_what_vanishes_is_marked_deleted_by_the_full_passes(loaded, sync, simulator, mirrors, rows):
    with simulator.changing() as world:
        machine, contact, alert = max(world.agents), max(world.contacts), max(world.alerts)
        changes.delete_agent(world, machine)
        changes.delete_contact(world, contact)
        changes.delete_alert(world, alert)
    await sync(full=True)
    await mirrors()
    marked = """
        SELECT id FROM mirror.machine WHERE deleted_at IS NOT NULL
        UNION ALL SELECT id FROM mirror.contact WHERE deleted_at IS NOT NULL
        UNION ALL SELECT id FROM mirror.alert WHERE deleted_at IS NOT NULL
    """
    assert [row["id"] for row in await rows(marked)] == [machine, contact, alert]


async def test_history_tells_each_change_once(loaded, sync, simulator, rows, now):
    with simulator.changing() as world:
        ticket = next(key for key, one in world.tickets.items() if one["TicketStatus"] == "Open")
        before = world.tickets[ticket]["TicketPriority"]
        after = "Low" if before == "Critical" else "Critical"
        changes.update_ticket(world, ticket, {"TicketPriority": after, "TicketStatus": "Pending"}, now=now)
    await sync()
    await sync(full=True)
    found = await rows("SELECT ticket_id, field, old, new FROM mirror.ticket_history ORDER BY field")
    assert found == [
        {"ticket_id": ticket, "field": "priority", "old": before, "new": after},
        {"ticket_id": ticket, "field": "status", "old": "Open", "new": "Pending"},
    ]
