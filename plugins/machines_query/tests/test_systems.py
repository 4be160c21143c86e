"""Operating systems, from the texts of inventories."""

import csv
from datetime import date
from pathlib import Path

import pytest

from helpdesk_mcp_machines_query import releases, systems

TABLE = Path(__file__).parents[3].parent / "shared" / "data" / "windows-releases.csv"


def read(os, version="", build="", device_class="Work Station"):
    return systems.read(os, version, build, device_class)


@pytest.mark.parametrize(
    ("texts", "kind", "shown"),
    [
        (("Microsoft Windows 10 Pro x64", "22H2", "19045.6456"), "client", "Windows 10 Pro 22H2"),
        (("Microsoft Windows 11 Enterprise x64", "23H2", "22631.1"), "client", "Windows 11 Enterprise 23H2"),
        (("Microsoft Windows 7 Professional x64", "6.1", "7601"), "client", "Windows 7 Pro SP1"),
        (("Windows 10 Pro for Workstations", "", "19045"), "client", "Windows 10 Pro for Workstations 22H2"),
        (("Windows 10 Pro Education", "", "19045"), "client", "Windows 10 Pro Education 22H2"),
        (("\u200fMicrosoft Windows 8.1 Pro x64", "6.3", "9600"), "client", "Windows 8.1 Pro"),
        (("Microsoft Windows Server 2012 R2 Standard x64", "6.3", "9600", "Server"), "server", "Windows Server 2012 R2 Standard"),
        (("Microsoft Windows Server 2025 Standard", "24H2", "26100.1", "Domain Controller"), "server", "Windows Server 2025 Standard"),
        (("macOS Sequoia 15.7.2", "15.7.2", "24G325", "Mac"), "mac", "macOS Sequoia 15.7.2"),
        (("Ubuntu 22.04.5 LTS", "22.04", "5.15.0-122-generic", "Server"), "linux", "Ubuntu 22.04.5 LTS"),
        ((None, None, None, None), "other", "no system known"),
    ],
)  # fmt: skip
def test_kind_and_name_come_from_the_text(texts, kind, shown):
    system = systems.read(*texts) if len(texts) == 4 else read(*texts)
    assert (system.kind, str(system)) == (kind, shown)


def test_an_upgraded_machine_that_still_calls_itself_windows_10_runs_11():
    assert read("Microsoft Windows 10 Pro", "", "22631.100").is_windows_11
    assert not read("Microsoft Windows 10 Pro", "", "19045.100").is_windows_11


def test_a_build_means_different_releases_on_clients_servers_and_long_term_editions():
    client = read("Microsoft Windows 11 Pro x64", "24H2", "26100.7019")
    server = read("Microsoft Windows Server 2025 Standard x64", "24H2", "26100.7019", "Server")
    long_term = read("Microsoft Windows 11 IoT Enterprise LTSC x64", "24H2", "26100.7019")
    assert [one.end for one in (client, server, long_term)] == [
        date(2026, 10, 13),
        date(2034, 11, 14),
        date(2034, 10, 10),
    ]


def test_enterprise_is_supported_longer_than_pro():
    pro, enterprise = (read(f"Windows 11 {name}", "", "22631") for name in ("Pro", "Enterprise"))
    assert pro.ended(date(2025, 11, 12))
    assert not enterprise.ended(date(2025, 11, 12))


def test_the_last_day_of_support_still_counts_as_supported():
    system = read("Microsoft Windows 10 Pro x64", "22H2", "19045")
    assert not system.ended(date(2025, 10, 14))
    assert system.ended(date(2025, 10, 15))


def test_an_unknown_build_has_no_end():
    system = read("Microsoft Windows 11 Pro x64", "", "29999")
    assert system.end is None
    assert not system.ended(date(2050, 1, 1))


@pytest.mark.parametrize(
    ("os", "expected"),
    [("Microsoft Windows 10 Pro x86", True), ("Windows 10 Pro 32-bit", True), ("Microsoft Windows 10 Pro x64", False), ("Windows 11 Pro ARM64", False), ("Windows 10 Pro", False)],
)  # fmt: skip
def test_a_32_bit_system_says_so_in_its_text(os, expected):
    assert read(os).is_32_bit is expected


@pytest.mark.skipif(not TABLE.exists(), reason="the reference table is not here")
def test_releases_carry_the_published_dates():
    ours = {(release.build, str(release.end), str(release.end_enterprise)) for release in releases.RELEASES}
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["product"].startswith("Windows 1")]
    missing = [
        (row["release"], row["build"])
        for row in rows
        if "IoT Core" not in row["release"]
        and (int(row["build"]), row["end_home_pro"] or row["end_ent_edu"], row["end_ent_edu"]) not in ours
    ]
    assert len(rows) > 20
    assert missing == []
