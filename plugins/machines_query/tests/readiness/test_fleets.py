"""What holds for every fleet: the groups divide it, and unknown is neither pass nor fail."""

from collections import Counter
from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from helpdesk_mcp_machines_query.readiness import (
    GROUPS,
    Facts,
    Machine,
    MicrosoftVerdict,
    assess,
    judgement,
)
from helpdesk_mcp_machines_query.survey import Part, Survey, by_customer

SYSTEMS = (
    ("Microsoft Windows 10 Pro x64", "19045.1", "Work Station"),
    ("Microsoft Windows 10 Pro x86", "19045.1", "Work Station"),
    ("Microsoft Windows 11 Pro x64", "22631.1", "Work Station"),
    ("Microsoft Windows 11 IoT Enterprise LTSC x64", "26100.1", "Work Station"),
    ("Microsoft Windows Server 2022 Standard x64", "20348.1", "Server"),
    ("macOS Sequoia 15.7.2", "24G325", "Mac"),
    ("", "", ""),
)
PROCESSORS = ("Intel(R) Core(TM) i5-8500 CPU @ 3.00GHz", "Intel(R) Core(TM) i5-6500 CPU @ 3.20GHz", "AMD Ryzen 5 1600 Six-Core Processor", "", None)  # fmt: skip
SIZES = st.one_of(st.none(), st.integers(0, 200_000))

verdicts = st.builds(
    MicrosoftVerdict,
    is_capable=st.booleans(),
    reasons=st.lists(st.sampled_from(("processor", "memory", "disk", "TPM", "Secure Boot")), unique=True).map(
        tuple
    ),
    source=st.just("HardwareReadiness"),
)
facts = st.builds(
    Facts,
    tpm=st.sampled_from((None, "none", "1.2", "2.0")),
    secure_boot=st.sampled_from((None, "on", "off", "capable", "unsupported")),
    firmware=st.sampled_from((None, "UEFI", "Legacy")),
    memory_mb=SIZES,
    system_mb=SIZES,
    threads=st.sampled_from((None, 1, 8)),
    microsoft=st.one_of(st.none(), verdicts),
)


@st.composite
def machines(draw):
    os, build, device_class = draw(st.sampled_from(SYSTEMS))
    return Machine(
        id=draw(st.integers(1, 10**6)),
        name="PC",
        customer_id=draw(st.sampled_from((1, 2, None))),
        customer_name="Acme",
        os=os,
        os_version="",
        os_build=build,
        device_class=device_class,
        processor=draw(st.sampled_from(PROCESSORS)),
        processor_cores=draw(st.sampled_from((None, 0, 1, 4))),
        memory_mb=draw(SIZES),
        vendor=draw(st.sampled_from(("Dell Inc.", "VMware, Inc."))),
        model="",
        product="",
        system_drive="C:",
        system_total_mb=draw(SIZES),
        disk_total_mb=draw(SIZES),
        last_seen_at=None,
        facts_read_at=None,
    )


def judge(machine, known):
    return assess(machine, known, date(2026, 11, 24))


@given(st.lists(st.tuples(machines(), facts), max_size=30))
def test_the_groups_divide_the_fleet(fleet):
    found = Survey(
        [Part(judgement(judge(machine, known)), 1, 0, [machine.customer_id]) for machine, known in fleet]
    )
    assert set(found.counts()) <= set(GROUPS)
    assert found.counts().total() == len(fleet)
    assert sum(len(found.of(group)) for group in GROUPS) == len(fleet)
    assert sum((counts for _, counts in by_customer(found, {1: "Acme"})), Counter()) == found.counts()


@given(machines(), facts)
def test_a_machine_meets_only_when_nothing_is_open_or_microsoft_says_so(machine, known):
    found = judge(machine, known)
    if found.group == "meets" and known.microsoft is None:
        assert {criterion.status for criterion in found.criteria} == {"pass"}


@given(machines(), facts)
def test_a_machine_fails_by_a_failure_that_was_seen_and_never_by_a_gap(machine, known):
    found = judge(machine, replace(known, microsoft=None))
    if found.group in {"replace", "upgrade"}:
        assert found.of("fail")
    if found.group == "unknown":
        assert found.missing
        assert not found.of("fail", "fixable")


@given(machines(), facts)
def test_learning_that_tpm_and_secure_boot_are_fine_never_makes_a_machine_fail(machine, known):
    before = judge(machine, replace(known, tpm=None, secure_boot=None, firmware=None, microsoft=None))
    after = judge(machine, replace(known, tpm="2.0", secure_boot="on", microsoft=None))
    if before.group not in {"replace", "upgrade"}:
        assert after.group not in {"replace", "upgrade"}
