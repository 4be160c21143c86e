"""Each requirement of Windows 11 by itself: what was seen, what is needed, and what follows.

Thresholds are those of Microsoft's readiness script, with the tolerances that inventories need: Atera says how much memory
Windows can use, not what is fitted, and a drive sold as 64 GB has fewer. Clock speed is left out: low-power processors report
odd base clocks, and no supported processor is slower than the 1 GHz required. Graphics and display are not in any inventory.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from helpdesk_mcp_machines_query.processors import Decision, Verdict, classify

from .facts import Facts, SecureBoot
from .inventory import Machine

Status = Literal["pass", "fail", "fixable", "unknown", "conditional"]
Name = Literal["processor", "cores", "memory", "disk", "TPM", "Secure Boot", "64-bit", "operating system"]

_STATUS: dict[Decision, Status] = {
    "yes": "pass",
    "no": "fail",
    "conditional": "conditional",
    "unknown": "unknown",
}
_GIB = 1024
FITTED_4_GB, USABLE_4_GB, LEAST_4_GB, MOST_3_GB = 4 * _GIB, 3900, 3100, 2900
"""MiB. Above 3,900: 4 GB with the usual loss. From 3,100: 4 GB of which graphics took a part. Below 2,900: less than 4 GB."""
DISK_64_GB, DISK_BORDERLINE = 65_024, 53_248
"""MiB. What rounds to 64 GiB; what Windows' own setup is said to accept still."""
MEMORY_STEPS, DISK_STEPS, VOLUMES_STEPS = (
    (1, MOST_3_GB, LEAST_4_GB, USABLE_4_GB),
    (1, DISK_BORDERLINE, DISK_64_GB),
    (DISK_64_GB,),
)
"""MiB. Within one step the inventory's memory, system drive or volumes together lead to the same status."""
LEAST_THREADS = 2
_TPM_NEEDED, _TPM_OLD = "2.0", "1.2"


@dataclass(frozen=True, slots=True)
class Criterion:
    """One requirement on one machine."""

    name: Name
    status: Status
    seen: str
    """The value; "" where there is none."""
    needed: str
    note: str = ""
    """Why, or what to do."""


# Machines of a fleet repeat each other: what follows from a few values is worked out once for all of them, which also spares
# the garbage collector tens of thousands of equal objects.
_once = lru_cache(maxsize=16_384)


@_once
def processor_verdict(name: str, signature: str | None, model: str) -> Verdict:
    """Return the verdict on a processor: few differ in a fleet, so each is judged once."""
    return classify(name, signature, model or None)


def judge(machine: Machine, facts: Facts) -> tuple[Criterion, ...]:
    """Return every criterion of a machine, the processor first."""
    processor = _processor(machine.processor, facts.signature, machine.model, machine.product)
    system = machine.system
    return _joined(
        processor,
        _cores(facts.threads, machine.processor_cores, processor.status),
        _memory(machine.memory_mb, facts.memory_mb),
        _disk(machine.system_total_mb, facts.system_mb, machine.disk_total_mb),
        _tpm(facts.tpm, processor.status, _contradiction(facts, "TPM")),
        _secure_boot(
            facts.secure_boot, facts.firmware, processor.status, _contradiction(facts, "Secure Boot")
        ),
        _THIRTY_TWO_BIT if system.is_32_bit else None,
        _NO_SYSTEM if system.kind == "other" else None,
    )


def _joined(*criteria: Criterion | None) -> tuple[Criterion, ...]:
    return tuple(criterion for criterion in criteria if criterion is not None)


_THIRTY_TWO_BIT = Criterion(
    "64-bit", "fixable", "32-bit Windows", "64-bit", "a clean installation of 64-bit Windows"
)
_NO_SYSTEM = Criterion("operating system", "unknown", "", "Windows", "the inventory names none")


@_once
def _processor(name: str | None, signature: str | None, model: str | None, product: str | None) -> Criterion:
    verdict = processor_verdict(name or "", signature, f"{model or ''} {product or ''}".strip())
    seen = " ".join((name or "").split())
    return Criterion("processor", _STATUS[verdict.verdict], seen, "a supported model", verdict.sentence)


@_once
def _cores(threads: int | None, cores: int | None, processor: Status) -> Criterion:
    count = threads or cores or 0
    if count >= LEAST_THREADS:
        return Criterion("cores", "pass", str(count), "2")
    if processor == "pass":
        return Criterion("cores", "pass", str(count or ""), "2", "every supported processor has two")
    if count and threads is not None:
        return Criterion("cores", "fail", str(count), "2")
    return Criterion(
        "cores", "unknown", str(count or ""), "2", "the number of logical processors is not known"
    )


@_once
def _memory(usable: int | None, fitted: int | None) -> Criterion:
    if fitted is not None:
        is_enough = fitted >= FITTED_4_GB - _GIB // 2
        return _memory_of("pass" if is_enough else "fail", fitted, "fitted")
    usable = usable or 0
    if usable <= 0:
        return Criterion("memory", "unknown", "", "4 GB", "the inventory has none")
    if usable >= USABLE_4_GB:
        return _memory_of("pass", usable)
    if usable >= LEAST_4_GB:
        return _memory_of("pass", usable, "4 GB fitted, part of it reserved for graphics")
    if usable >= MOST_3_GB:
        return _memory_of("unknown", usable, "3 GB, or 4 GB with 1 GB reserved: look")
    return _memory_of("fail", usable)


def _memory_of(status: Status, mib: int, note: str = "") -> Criterion:
    return Criterion("memory", status, gb(mib), "4 GB", note)


@_once
def _disk(inventory_mb: int | None, collected_mb: int | None, all_volumes_mb: int | None) -> Criterion:
    size = inventory_mb or collected_mb or 0
    if size <= 0:
        return Criterion(
            "disk", "unknown", "", "64 GB", "the size of the system drive is not in the inventory"
        )
    if size >= DISK_64_GB:
        return Criterion("disk", "pass", gb(size), "64 GB")
    if (all_volumes_mb or 0) >= DISK_64_GB:
        return Criterion(
            "disk", "fixable", gb(size), "64 GB", "other volumes are larger: check the partitioning"
        )
    if size >= DISK_BORDERLINE:
        note = "a drive sold as 64 GB: Microsoft's script refuses it, setup is said to take 52 GB"
        return Criterion("disk", "conditional", gb(size), "64 GB", note)
    return Criterion("disk", "fail", gb(size), "64 GB")


@_once
def _tpm(found: str | None, processor: Status, contradiction: str) -> Criterion:
    if found == _TPM_NEEDED:
        return Criterion("TPM", "pass", found, "2.0")
    if found is None:
        return Criterion("TPM", "unknown", "", "2.0", contradiction)
    seen = "none found" if found == "none" else found
    if processor == "pass":
        return Criterion("TPM", "fixable", seen, "2.0", "switch on the firmware TPM in the BIOS")
    if processor == "fail":
        return Criterion("TPM", "fail", seen, "2.0")
    return Criterion("TPM", "unknown", seen, "2.0", "fixable if the processor is supported")


@_once
def _secure_boot(
    state: SecureBoot | None, firmware: str | None, processor: Status, contradiction: str
) -> Criterion:
    if state in {"on", "capable"}:
        return Criterion("Secure Boot", "pass", str(state), "capable")
    if state == "off":
        return Criterion("Secure Boot", "pass", "off", "capable", "off now; capable is enough")
    if state != "unsupported" and firmware != "Legacy":
        return Criterion("Secure Boot", "unknown", firmware or "", "capable", contradiction)
    seen, needed = "legacy BIOS mode", "capable"
    if processor == "pass":
        return Criterion("Secure Boot", "fixable", seen, needed, "convert MBR to GPT, switch to UEFI")
    if processor == "fail":
        return Criterion("Secure Boot", "fail", seen, needed)
    return Criterion("Secure Boot", "unknown", seen, needed, "fixable if the processor is supported")


def _contradiction(facts: Facts, name: str) -> str:
    if not facts.troubles:
        return ""
    trouble = next((text for text in facts.troubles if text.startswith(f"{name}: ")), "")
    return trouble.removeprefix(f"{name}: ")


def gb(mib: float) -> str:
    """Return a size in GB as Windows counts them, with one decimal: `7.9 GB`."""
    return f"{mib / _GIB:,.1f} GB"
