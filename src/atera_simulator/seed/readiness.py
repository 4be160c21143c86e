"""What scripts on the machines would have found out: disk type, TPM, Secure Boot, and the two JSON lines about Windows 11."""

import json
from dataclasses import dataclass
from random import Random

from atera_simulator.seed import processors
from atera_simulator.seed.chance import likely
from atera_simulator.seed.processors import Processor
from atera_simulator.world import Record

_MIB_PER_GIB = 1024
_ENOUGH_DISK_GIB = 64
_DISKS = {
    "NVMe": ("SAMSUNG MZVL2512HCJQ-00BL7", "SSD", "NVMe"),
    "SSD": ("Samsung SSD 860 EVO 500GB", "SSD", "SATA"),
    "HDD": ("WDC WD10EZEX-08WN4A0", "HDD", "SATA"),
    "eMMC": ("Hynix HBG4a2", "SSD", "MMC"),
    "RAID": ("DELL PERC H730P", "Unspecified", "RAID"),
}


@dataclass(frozen=True, slots=True)
class Findings:
    """What is true of one machine, before a script garbles it."""

    processor: Processor
    disk_type: str
    tpm: str
    """First part of the specification version, or "none"."""
    secure_boot: str
    firmware: str
    memory_mib: int
    system_mib: int

    @property
    def passes_processor(self) -> bool:
        """Return the verdict of Microsoft's rule on the processor."""
        return self.processor.name not in processors.FAILING


def examine(rng: Random, agent: Record) -> Findings | None:
    """Return what a script would find on a machine; None where there is no processor to tell from."""
    processor = processors.BY_NAME.get((agent["Processor"] or "").strip())
    if processor is None:
        return None
    modern = processor.name not in processors.FAILING
    system = next((row["Total"] for row in agent["HardwareDisks"] or () if row["Drive"] == "C:"), 0)
    disk_type = (
        "eMMC" if 0 < system < _ENOUGH_DISK_GIB * _MIB_PER_GIB else _disk_type(rng, agent, modern=modern)
    )
    legacy = not modern and likely(rng, 0.45)
    return Findings(
        processor=processor,
        disk_type=disk_type,
        tpm=rng.choices(("2.0", "1.2", "none"), (93, 2, 5) if modern else (30, 45, 25))[0],
        secure_boot="unsupported" if legacy else rng.choices(("on", "off"), (82, 18))[0],
        firmware="Legacy" if legacy else "UEFI",
        memory_mib=-(-(agent["Memory"] or 0) // (4 * _MIB_PER_GIB)) * 4 * _MIB_PER_GIB,
        system_mib=int(system),
    )


def _disk_type(rng: Random, agent: Record, *, modern: bool) -> str:
    if agent["DeviceType"] == "Server":
        return rng.choice(("RAID", "RAID", "SSD"))
    return rng.choices(("NVMe", "SSD", "HDD"), (72, 25, 3) if modern else (6, 52, 42))[0]


def facts_line(rng: Random, agent: Record, found: Findings) -> str:
    """Return one JSON line as an inventory script stores it."""
    disk, media, bus = _DISKS[found.disk_type]
    return json.dumps(
        {
            "v": 2,
            "cpu": found.processor.name.strip(),
            "fms": found.processor.caption,
            "arch": 12 if found.processor.caption.startswith("ARM") else 9,
            "lp": found.processor.threads,
            "mhz": int(float(found.processor.clock) * 1000),
            "ram": found.memory_mib,
            "tpm": found.tpm,
            "sb": found.secure_boot,
            "fw": found.firmware,
            "media": media,
            "bus": bus,
            "mui": _upgrade_indicator(rng, found),
            "at": agent["LastSeen"][:19],
            "disk": disk,
            "sys": found.system_mib,
        },
        separators=(",", ":"),
    )


def _upgrade_indicator(rng: Random, found: Findings) -> str | None:
    if likely(rng, 0.4):
        return None
    reasons = [reason for reason, failed in _reasons(found) if failed]
    return f"GE25H2:{'Red' if reasons else 'Green'}:{'+'.join(reasons) or 'None'}"


def _reasons(found: Findings) -> tuple[tuple[str, bool], ...]:
    return (
        ("CpuFms", not found.passes_processor),
        ("Tpm", found.tpm != "2.0"),
        ("UefiSecureBoot", found.secure_boot == "unsupported"),
        ("SystemDriveSize", found.system_mib < _ENOUGH_DISK_GIB * _MIB_PER_GIB - 512),
    )


def readiness_line(found: Findings) -> str:
    """Return the JSON line that Microsoft's HardwareReadiness script prints."""
    gib = round(found.system_mib / _MIB_PER_GIB)
    tpm_text = {"2.0": "2.0, 0, 1.38", "1.2": "1.2, 2, 3", "none": "False"}[found.tpm]
    checks = (
        ("Storage", f"OSDiskSize={gib}GB", gib >= _ENOUGH_DISK_GIB),
        (
            "Memory",
            f"System_Memory={found.memory_mib // _MIB_PER_GIB}GB",
            found.memory_mib >= 4 * _MIB_PER_GIB,
        ),
        ("TPM", f"TPMVersion={tpm_text}", found.tpm == "2.0"),
        ("Processor", _processor_text(found), found.passes_processor),
        (
            "SecureBoot",
            "Capable" if found.secure_boot != "unsupported" else "Not capable",
            found.secure_boot != "unsupported",
        ),
    )
    failed = [name for name, _, passed in checks if not passed]
    return json.dumps(
        {
            "returnCode": 1 if failed else 0,
            "returnReason": "".join(f"{name}, " for name in failed),
            "logging": "".join(
                f"{name}: {text}. {'PASS' if passed else 'FAIL'}; " for name, text, passed in checks
            ),
            "returnResult": "NOT CAPABLE" if failed else "CAPABLE",
        }
    )


def _processor_text(found: Findings) -> str:
    maker = {"Int": "GenuineIntel", "AMD": "AuthenticAMD"}.get(
        found.processor.caption[:3], "Qualcomm Technologies Inc"
    )
    return (
        f"{{AddressWidth=64; MaxClockSpeed={int(float(found.processor.clock) * 1000)}; NumberOfLogicalCores={found.processor.threads}; "
        f"Manufacturer={maker}; Caption={found.processor.caption}; }}"
    )
