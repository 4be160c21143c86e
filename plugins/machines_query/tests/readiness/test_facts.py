"""What custom fields say, in every spelling that scripts and people leave there."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_mcp_machines_query.readiness import read_facts
from helpdesk_mcp_machines_query.settings import MachineSettings

SETTINGS = MachineSettings()


def read(**values):
    names = {"tpm": "TPM version", "sb": "Secure Boot", "disk": "Disk type", "fw": "Firmware", "line": "Win11 facts", "ms": "HardwareReadiness"}  # fmt: skip
    return read_facts({names[key]: value for key, value in values.items()}, SETTINGS)


def report(result="CAPABLE", reason="", logging=""):
    return json.dumps({"returnCode": 0, "returnResult": result, "returnReason": reason, "logging": logging})


@pytest.mark.parametrize(
    ("said", "expected"),
    [("2.0", "2.0"), ("2.0, 0, 1.38", "2.0"), ("TPM 2.0", "2.0"), ("2", "2.0"), ("1.2, 2, 3", "1.2"), ("none", "none"), ("Not present", "none"), ("False", "none"),
     ("n/a", None), ("", None), ("True", None), ("1.38", None), ("#ERROR: access denied", None), ("7.2.0.1", None)],
)  # fmt: skip
def test_tpm_spellings(said, expected):
    assert read(tpm=said).tpm == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [("True", "on"), ("on", "on"), ("Enabled", "on"), ("1", "on"), ("False", "off"), ("Disabled", "off"), ("Capable", "capable"),
     ("unsupported", "unsupported"), ("Cmdlet not supported on this platform", "unsupported"), ("n/a", None), ("", None), ("maybe", None)],
)  # fmt: skip
def test_secure_boot_spellings(said, expected):
    assert read(sb=said).secure_boot == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [("SSD", "SSD"), ("hdd", "HDD"), ("NVMe SSD", "NVMe"), ("eMMC", "eMMC"), ("4", "SSD"), ("3", "HDD"), ("Unspecified", None), ("Unknown", None)],
)  # fmt: skip
def test_disk_type_spellings(said, expected):
    assert read(disk=said).disk_type == expected


def test_the_bus_tells_nvme_and_emmc_from_other_solid_state_disks():
    types = [
        read(line=json.dumps({"media": "SSD", "bus": bus})).disk_type
        for bus in ("NVMe", "MMC", "SATA", "RAID")
    ]
    assert types == ["NVMe", "eMMC", "SSD", "SSD"]


def test_a_raid_of_unspecified_disks_stays_unknown():
    assert read(line='{"media":"Unspecified","bus":"RAID"}').disk_type is None


@pytest.mark.parametrize("line", ['{"v":1,"tpm":"2.0"', "n/a", "[1,2]", "{}", '"text"', "[" * 100_000])
def test_a_broken_line_tells_that_it_is_broken_and_nothing_else(line):
    facts = read(line=line)
    assert facts.tpm is None
    assert facts.troubles[0].startswith("Win11 facts: ")


def test_fields_that_contradict_each_other_are_unknown():
    facts = read(tpm="2.0", line='{"tpm":"1.2"}')
    assert facts.tpm is None
    assert facts.troubles == ("TPM: fields contradict each other (2.0 and 1.2)",)


def test_a_contradiction_is_not_settled_by_a_third_field():
    assert (
        read(sb="on", line='{"sb":"off"}', ms=report(logging="SecureBoot: Capable. PASS;")).secure_boot
        is None
    )


def test_microsofts_report_gives_its_verdict_and_what_it_saw():
    logging = "Storage: OSDiskSize=238GB. PASS; Memory: System_Memory=8GB. PASS; TPM: TPMVersion=2.0, 0, 1.38. PASS; Processor: {Caption=Intel64 Family 6 Model 142 Stepping 10; }. PASS; SecureBoot: Capable. PASS; "
    facts = read(ms=report(logging=logging))
    assert facts.microsoft.is_capable
    assert (facts.tpm, facts.secure_boot, facts.memory_mb, facts.system_mb) == (
        "2.0",
        "capable",
        8192,
        238 * 1024,
    )
    assert facts.signature == "Intel64 Family 6 Model 142 Stepping 10"


def test_microsofts_reasons_are_read():
    facts = read(ms=report("NOT CAPABLE", "Storage, TPM, Processor, SecureBoot, "))
    assert not facts.microsoft.is_capable
    assert facts.microsoft.reasons == ("disk", "TPM", "processor", "Secure Boot")


@pytest.mark.parametrize("result", ["UNDETERMINED", "FAILED TO RUN"])
def test_a_script_that_did_not_finish_gives_no_verdict(result):
    facts = read(ms=report(result))
    assert facts.microsoft is None
    assert result in facts.troubles[0]


def test_a_report_that_saw_no_memory_leaves_it_unknown():
    assert read(ms=report("NOT CAPABLE", "Memory, ", "Memory: System_Memory=0GB. FAIL")).memory_mb is None


@pytest.mark.parametrize(
    ("mui", "expected"),
    [("GE25H2:Green:None", (True, ())), ("GE25H2:Red:CpuFms+Tpm", (False, ("processor", "TPM"))), (["NI22H2:Green:None", "GE24H2:Red:Memory"], (False, ("memory",))), ("GE25H2:Yellow:None", None), (None, None)],
)  # fmt: skip
def test_windows_updates_own_finding_is_read(mui, expected):
    verdict = read(line=json.dumps({"mui": mui, "tpm": "2.0"})).microsoft
    assert (verdict and (verdict.is_capable, verdict.reasons)) == expected


def test_numbers_that_make_no_sense_are_unknown():
    facts = read(line='{"ram":-1,"lp":"four","sys":1e999}')
    assert (facts.memory_mb, facts.threads, facts.system_mb) == (None, None, None)


@given(st.dictionaries(st.sampled_from(SETTINGS.fields), st.text(max_size=60)))
def test_no_text_in_a_field_is_too_odd_to_read(values):
    assert read_facts(values, SETTINGS).microsoft is None


def test_other_names_can_be_given_to_the_fields():
    settings = MachineSettings(tpm_field="Chip")
    assert read_facts({"Chip": "2.0", "TPM version": "1.2"}, settings).tpm == "2.0"
