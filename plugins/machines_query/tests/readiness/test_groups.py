"""One machine at a time: each criterion at its threshold, and the group that follows."""

from dataclasses import replace
from datetime import date

import pytest

from helpdesk_mcp_machines_query.readiness import Facts, MicrosoftVerdict, assess
from helpdesk_mcp_machines_query.readiness.inventory import Machine

TODAY = date(2026, 11, 24)
GOOD = Facts(tpm="2.0", secure_boot="on")
SUPPORTED, OLD = "Intel(R) Core(TM) i5-8500 CPU @ 3.00GHz", "Intel(R) Core(TM) i5-6500 CPU @ 3.20GHz"
UNDECIDED = "AMD Ryzen 5 1600 Six-Core Processor"
BASE = Machine(
    id=1, name="PC", customer_id=1, customer_name="Acme", os="Microsoft Windows 10 Pro x64", os_version="22H2",
    os_build="19045.6456", device_class="Work Station", processor=SUPPORTED, processor_cores=6, memory_mb=8065,
    vendor="Dell Inc.", model="085D", product="OptiPlex 3060", system_drive="C:", system_total_mb=243_000,
    disk_total_mb=243_000, last_seen_at=None, facts_read_at=None,
)  # fmt: skip


def judged(facts=GOOD, **values):
    return assess(replace(BASE, **values), facts, TODAY)


def status(name, facts=GOOD, **values):
    return next(one.status for one in judged(facts, **values).criteria if one.name == name)


@pytest.mark.parametrize(
    ("usable", "expected"),
    [(3900, "pass"), (3899, "pass"), (3100, "pass"), (3099, "unknown"), (2900, "unknown"), (2899, "fail"), (1, "fail"), (0, "unknown"), (None, "unknown")],
)  # fmt: skip
def test_memory_that_windows_can_use(usable, expected):
    assert status("memory", memory_mb=usable) == expected


@pytest.mark.parametrize(("fitted", "expected"), [(4096, "pass"), (3584, "pass"), (3583, "fail")])
def test_fitted_memory_outranks_what_windows_can_use(fitted, expected):
    assert status("memory", replace(GOOD, memory_mb=fitted), memory_mb=3000) == expected


@pytest.mark.parametrize(
    ("size", "expected"),
    [(65_024, "pass"), (65_023, "conditional"), (53_248, "conditional"), (53_247, "fail"), (0, "unknown"), (None, "unknown")],
)  # fmt: skip
def test_the_size_of_the_system_drive(size, expected):
    assert status("disk", system_total_mb=size, disk_total_mb=size) == expected


def test_a_small_system_drive_beside_a_large_volume_is_a_matter_of_partitioning():
    assert status("disk", system_total_mb=51_200, disk_total_mb=900_000) == "fixable"


@pytest.mark.parametrize(
    ("processor", "tpm", "expected"),
    [(SUPPORTED, "2.0", "pass"), (SUPPORTED, "1.2", "fixable"), (SUPPORTED, "none", "fixable"), (OLD, "none", "fail"), (UNDECIDED, "none", "unknown"), (SUPPORTED, None, "unknown")],
)  # fmt: skip
def test_a_missing_tpm_is_fixable_only_on_a_supported_processor(processor, tpm, expected):
    assert status("TPM", replace(GOOD, tpm=tpm), processor=processor) == expected


@pytest.mark.parametrize(
    ("state", "firmware", "expected"),
    [("on", None, "pass"), ("off", None, "pass"), ("capable", None, "pass"), ("unsupported", None, "fixable"), (None, "Legacy", "fixable"), (None, "UEFI", "unknown"), (None, None, "unknown")],
)  # fmt: skip
def test_secure_boot_need_not_be_on_but_possible(state, firmware, expected):
    assert status("Secure Boot", replace(GOOD, secure_boot=state, firmware=firmware)) == expected


@pytest.mark.parametrize(
    ("values", "facts", "group"),
    [
        ({}, GOOD, "meets"),
        ({}, Facts(), "unknown"),
        ({"processor": OLD}, GOOD, "replace"),
        ({"processor": OLD, "memory_mb": 2000}, GOOD, "replace"),
        ({"memory_mb": 2000}, GOOD, "upgrade"),
        ({"system_total_mb": 30_000, "disk_total_mb": 30_000}, Facts(), "upgrade"),
        ({}, replace(GOOD, tpm="none"), "fixable"),
        ({"os": "Microsoft Windows 10 Pro x86"}, GOOD, "fixable"),
        ({"processor": UNDECIDED}, GOOD, "unknown"),
        ({"processor": ""}, GOOD, "unknown"),
        ({"os": ""}, GOOD, "unknown"),
        ({"system_total_mb": 59_000, "disk_total_mb": 59_000}, GOOD, "unknown"),
        ({"os": "Microsoft Windows 7 Professional x64", "os_build": "7601"}, GOOD, "meets"),
        ({"vendor": "VMware, Inc.", "model": "VMware7,1", "processor": OLD}, GOOD, "virtual"),
        ({"vendor": "Microsoft Corporation", "product": "Virtual Machine", "model": "Virtual Machine"}, GOOD, "virtual"),
        ({"vendor": "Microsoft Corporation", "product": "Surface Laptop 3"}, GOOD, "meets"),
        ({"os": "Microsoft Windows Server 2019 Standard x64", "device_class": "Server"}, GOOD, "not_applicable"),
        ({"os": "macOS Sequoia 15.7.2", "device_class": "Mac"}, GOOD, "not_applicable"),
        ({"os": "Microsoft Windows 10 IoT Enterprise LTSC x64"}, GOOD, "not_applicable"),
        ({"os": "Microsoft Windows 11 Pro x64", "os_build": "26200"}, GOOD, "on_11"),
    ],
)  # fmt: skip
def test_the_group_of_a_machine(values, facts, group):
    assert judged(facts, **values).group == group


def test_windows_11_on_old_hardware_and_in_an_ended_release_is_told():
    found = judged(os="Microsoft Windows 11 Pro x64", os_build="22631.1", processor=OLD)
    assert (found.group, found.is_unsupported, found.is_ended) == ("on_11", True, True)


def test_windows_11_on_supported_hardware_in_service_is_fine():
    found = judged(os="Microsoft Windows 11 Pro x64", os_build="26200.1")
    assert (found.is_unsupported, found.is_ended) == (False, False)


def test_a_virtual_windows_11_is_not_held_to_its_hosts_processor():
    found = judged(os="Microsoft Windows 11 Pro x64", os_build="26200", vendor="VMware, Inc.", processor=OLD)
    assert (found.is_unsupported, found.criteria) == (False, ())


@pytest.mark.parametrize(
    ("reasons", "group"),
    [(("processor", "TPM"), "replace"), (("memory",), "upgrade"), (("disk",), "upgrade"), (("TPM",), "fixable"), (("TPM", "Secure Boot"), "fixable"), ((), "unknown")],
)  # fmt: skip
def test_microsofts_refusal_outranks_our_reading_and_both_are_told(reasons, group):
    verdict = MicrosoftVerdict(is_capable=False, reasons=reasons, source="HardwareReadiness")
    found = judged(replace(GOOD, microsoft=verdict))
    assert (found.group, found.ours) == (group, "meets")
    assert found.differs


def test_microsofts_approval_settles_what_we_do_not_know_without_differing():
    verdict = MicrosoftVerdict(is_capable=True, reasons=(), source="HardwareReadiness")
    found = judged(Facts(microsoft=verdict))
    assert (found.group, found.ours, found.differs) == ("meets", "unknown", False)


def test_microsofts_approval_outranks_a_failure_that_we_read():
    verdict = MicrosoftVerdict(is_capable=True, reasons=(), source="HardwareReadiness")
    found = judged(replace(GOOD, microsoft=verdict), processor=OLD)
    assert (found.group, found.ours, found.differs) == ("meets", "replace", True)


def test_every_criterion_says_what_was_seen_and_what_is_needed():
    told = {one.name: (one.seen, one.needed) for one in judged().criteria}
    assert told == {
        "processor": (SUPPORTED, "a supported model"),
        "cores": ("6", "2"),
        "memory": ("7.9 GB", "4 GB"),
        "disk": ("237.3 GB", "64 GB"),
        "TPM": ("2.0", "2.0"),
        "Secure Boot": ("on", "capable"),
    }
