"""`get_machine`: one screen with everything."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from helpdesk_mcp.sdk import Patch, Patches, tables

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def ago(**span):
    return NOW - timedelta(**span)


@pytest.fixture
async def desk_pc(mirror, make, facts):
    row = make(
        "FRONT-DESK", bios_version="Dell Inc. 1.31", bios_date=date(2023, 5, 1), processor_ghz=3.0, office="Microsoft 365",
        ip_addresses=["192.168.1.20"], public_ip="192.0.2.7", agent_version="1.8.7", description="At the door",
        logged_in_users="ACME\\annameyer", last_login_user="ACME\\annameyer", created_at=ago(days=400), folder="Office",
    )  # fmt: skip
    await mirror.machines(row)
    await mirror.fact(row, "Win11 facts", facts(tpm="none", at="2026-11-20T08:00:00", disk="Samsung 860"))
    await mirror.fact(row, "Colour", "Red")
    return row


async def people(mirror, row):
    await mirror.add(
        tables.contact,
        {"id": 1, "customer_id": 1, "first_name": "Anna", "last_name": "Meyer", "email": "anna.meyer@acme.example"},
        {"id": 2, "customer_id": 1, "first_name": "Olaf", "last_name": "Own", "email": "o@acme.example", "default_machine_id": row["id"]},
        {"id": 3, "customer_id": 1, "first_name": "Ben", "last_name": "Other", "email": "ben@acme.example"},
        {"id": 4, "customer_id": 2, "first_name": "Anna", "last_name": "Meyer", "email": "annameyer@beta.example"},
    )  # fmt: skip
    ticket = {"description": "", "status": "Open", "created_at": ago(days=2)}
    await mirror.add(
        tables.ticket,
        {"id": 101, "number": "5001", "title": "Slow start", "contact_id": 1, **ticket},
        {"id": 102, "number": "5002", "title": "No sound", "contact_id": 2, **ticket},
        {"id": 103, "number": "5003", "title": "Other person", "contact_id": 3, **ticket},
        {"id": 104, "number": "5004", "title": "Other customer", "contact_id": 4, **ticket},
        {"id": 105, "number": "5005", "title": "Done", "contact_id": 1, **ticket, "status": "Closed"},
    )


async def test_one_screen_tells_what_the_machine_is(desk_pc, ask):
    assert (await ask("get_machine", machine="front-desk")).splitlines() == [
        "FRONT-DESK · Acme · online",
        "Users: ACME\\annameyer · last login ACME\\annameyer",
        "System: Windows 10 Pro 22H2 · build 19045.6456 · security updates ENDED 2025-10-14 (paid ones until 2028-10-10)",
        "Model: Dell Inc. OptiPlex 3060 085D · serial SNFRONT-DESK · BIOS Dell Inc. 1.31 of 2023-05-01",
        "Processor: Intel(R) Core(TM) i5-8500 CPU @ 3.00GHz · 6 cores · 3 GHz",
        "Memory: 8 GB (7.9 GB usable)",
        "Drives: C: 100.0 of 237.0 GB free",
        "Disk: NVMe · Samsung 860",
        "Network: domain acme.local · 192.168.1.20 · public 192.0.2.7",
        "Office: Microsoft 365",
        "Agent: 1.8.7 · monitored · rebooted 3 d ago · since 20 Oct 2025",
        "Folder: Office",
        "Description: At the door",
        "Custom fields: Colour: Red",
        "Windows 11: fixable by a setting or reinstallation",
        "  PASS        processor: Intel(R) Core(TM) i5-8500 CPU @ 3.00GHz, needs a supported model (Intel Core i5, generation 8, is supported.)",
        "  PASS        cores: 6, needs 2",
        "  PASS        memory: 7.9 GB, needs 4 GB",
        "  PASS        disk: 237.0 GB, needs 64 GB",
        "  FIXABLE     TPM: none found, needs 2.0 (switch on the firmware TPM in the BIOS)",
        "  PASS        Secure Boot: on, needs capable",
        "  Collected 2026-11-20T08:00:00",
        "Open alerts: none",
        "Tickets: no contact is tied to this machine",
        "[data of 09:57, 3 min old]",
    ]


async def test_open_tickets_of_its_users_are_told_and_nobody_elses(mirror, desk_pc, ask):
    await people(mirror, desk_pc)
    text = await ask("get_machine", machine="FRONT-DESK")
    assert "Open tickets of Anna Meyer, Olaf Own (2):" in text
    assert "- #5001 Slow start · Open · 2 d ago" in text
    assert "No sound" in text
    assert "Other" not in text
    assert "Done" not in text


async def test_open_alerts_are_told_without_resolved_and_snoozed_ones(mirror, desk_pc, ask):
    alert = {
        "machine_id": desk_pc["id"],
        "severity": "Critical",
        "created_at": ago(hours=5),
        "is_archived": False,
    }
    await mirror.add(
        tables.alert,
        {"id": 1, "title": "Disk is full", **alert},
        {"id": 2, "title": "Resolved", **alert, "is_archived": True},
        {"id": 3, "title": "Snoozed", **alert, "snoozed_until": NOW + timedelta(days=1)},
        {"id": 4, "title": "Other machine", **alert, "machine_id": 7},
    )
    text = await ask("get_machine", machine="FRONT-DESK")
    assert "Open alerts (1):\n- Critical · Disk is full · 5 h ago" in text
    assert not {"Resolved", "Snoozed", "Other machine"} & set(text.split("\n"))


async def test_a_machine_is_found_by_serial_and_by_id(desk_pc, ask):
    assert (await ask("get_machine", machine="SNFRONT-DESK")).startswith("FRONT-DESK")
    assert (await ask("get_machine", machine=desk_pc["id"])).startswith("FRONT-DESK")


async def test_a_name_that_two_customers_use_is_asked_back_and_settled_by_the_customer(mirror, ask, make):
    await mirror.machines(
        make("RECEPTION", id=1), make("RECEPTION", id=2, customer_id=2, customer_name="Beta", serial="other")
    )
    assert "Beta, id 2" in await ask.refusal("get_machine", machine="RECEPTION")
    assert (await ask("get_machine", machine="RECEPTION", customer="Beta")).startswith("RECEPTION · Beta")


async def test_a_machine_without_anything_says_what_is_not_known(mirror, ask):
    await mirror.add(tables.machine, {"id": 1, "name": "BARE"})
    text = await ask("get_machine", machine="BARE")
    assert text.startswith("BARE · never seen\n")
    assert "None" not in text
    assert (
        "UNKNOWN     processor: not known, needs a supported model (The inventory names no processor.)"
        in text
    )


async def test_both_verdicts_are_told_where_they_differ(mirror, desk_pc, ask):
    await mirror.fact(
        desk_pc, "HardwareReadiness", '{"returnResult":"CAPABLE","returnReason":"","logging":""}'
    )
    text = await ask("get_machine", machine="FRONT-DESK")
    assert "Windows 11: meets the requirements\n" in text
    assert (
        "  Microsoft's HardwareReadiness says CAPABLE; our own reading: fixable by a setting or reinstallation"
        in text
    )


class Atera:
    """What Atera would say about a machine's updates."""

    async def patches(self, device_guid):
        installed = [
            Patch(f"Update {n}", f"KB{n}", "Updates", "", NOW - timedelta(days=n)) for n in range(1, 13)
        ]
        missing = Patch("2026-11 Cumulative Update", "KB5099001", "Security Updates", "Available", None)
        assert device_guid == "5f0c2a0e"
        return Patches(tuple(installed), (missing,), NOW - timedelta(hours=7))


async def test_updates_are_asked_for_live_and_marked_so(mirror, make, ask):
    await mirror.machines(make("PATCHED", device_guid="5f0c2a0e"))
    ask.desk = replace(ask.desk, live=Atera())
    text = (await ask("get_machine", machine="patched", patches=True)).splitlines()
    at = text.index("Updates, LIVE from Atera, reported by the machine 03:00:")
    assert text[at + 1 : at + 5] == [
        "  Missing (1):",
        "  - 2026-11 Cumulative Update · KB5099001 · Security Updates · Available",
        "  Installed (12), newest first:",
        "  - Update 1 · KB1 · 23 Nov 10:00",
    ]
    assert text[at + 14] == "  - and 2 older ones"


async def test_without_a_token_the_machine_is_shown_and_for_its_updates_what_to_set(mirror, make, ask):
    await mirror.machines(make("PATCHED", device_guid="5f0c2a0e"))
    text = await ask("get_machine", machine="patched", patches=True)
    assert text.startswith("PATCHED · Acme")
    assert "\nUpdates: not known. This server has no Atera token" in text
    assert "set HELPDESK_ATERA_TOKEN" in text


async def test_nobody_is_asked_for_updates_that_nobody_wants(mirror, make, ask):
    await mirror.machines(make("PATCHED", device_guid="5f0c2a0e"))
    assert "Updates" not in await ask("get_machine", machine="patched")
