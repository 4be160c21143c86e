"""What custom fields say of a machine: TPM, Secure Boot, firmware, disk type, signature, and verdicts of Microsoft's own tools.

Technicians and scripts of every age fill these fields, so the readers here are tolerant of form and strict about meaning: what
is not understood is unknown, what two fields say differently is unknown too, and `troubles` says which field it was.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Literal, TypeVar, cast

from helpdesk_mcp_machines_query.settings import MachineSettings

DiskType = Literal["HDD", "SSD", "NVMe", "eMMC"]
SecureBoot = Literal["on", "off", "capable", "unsupported"]
"""`capable`: the machine can, and whether it is on was not told."""
Reason = Literal["processor", "memory", "disk", "TPM", "Secure Boot"]
T = TypeVar("T")

_YES = frozenset(("true", "on", "enabled", "yes", "1", "active"))
_NO = frozenset(("false", "off", "disabled", "no", "0", "inactive"))
_ABSENT = frozenset(("none", "not present", "absent", "false", "no tpm", "not found", "missing", "0"))
_VERSION = re.compile(r"^(?:tpm ?)?v?([12])\.\d(?![\d.])")
_MICROSOFT = "HardwareReadiness"
_MOST = 2**40
LINE_STARTS, LINE_DECIDES_UNTIL = '{"v":2,', ',"at":'
"""A line of the collector that starts like this decides by what stands before the second text alone, which no JSON text can hold."""


@dataclass(frozen=True, slots=True)
class MicrosoftVerdict:
    """What a tool of Microsoft's said of the whole machine."""

    is_capable: bool
    reasons: tuple[Reason, ...]
    source: str
    """HardwareReadiness, or Windows Update."""


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known beside the inventory; None: not known."""

    tpm: str | None = None
    """`2.0`, `1.2`, or `none` where none was found."""
    secure_boot: SecureBoot | None = None
    firmware: Literal["UEFI", "Legacy"] | None = None
    disk_type: DiskType | None = None
    disk_name: str | None = None
    signature: str | None = None
    memory_mb: int | None = None
    """Fitted, MiB."""
    threads: int | None = None
    """Logical processors."""
    system_mb: int | None = None
    """Size of the system volume, MiB."""
    microsoft: MicrosoftVerdict | None = None
    read_at: str | None = None
    """When the collector ran, as it wrote it."""
    troubles: tuple[str, ...] = field(default=())
    """Fields that could not be read or that contradict each other."""


NOTHING = Facts()


def read_facts(values: Mapping[str, str], settings: MachineSettings) -> Facts:
    """Return what a machine's custom values say, by the names that `settings` gives the fields."""
    if not values:
        return NOTHING
    line, line_trouble = _collected(values.get(settings.facts_field, ""))
    report, report_trouble = _reported(values.get(settings.readiness_field, ""))
    troubles = [
        f"{name}: {trouble}"
        for name, trouble in (
            (settings.facts_field, line_trouble),
            (settings.readiness_field, report_trouble),
        )
        if trouble
    ]
    tpm = _agreed("TPM", troubles, _tpm(values.get(settings.tpm_field)), line.tpm, report.tpm)
    secure_boot = _agreed(
        "Secure Boot", troubles, _secure_boot(values.get(settings.secure_boot_field)), line.secure_boot
    )
    return replace(
        line,
        tpm=tpm,
        secure_boot=secure_boot or (None if line.secure_boot else _of_report(report, troubles)),
        firmware=_firmware(values.get(settings.firmware_field)) or line.firmware,
        disk_type=line.disk_type or _disk_type(values.get(settings.disk_type_field), ""),
        signature=values.get(settings.processor_field) or line.signature or report.signature,
        memory_mb=line.memory_mb or report.memory_mb,
        system_mb=line.system_mb or report.system_mb,
        microsoft=report.microsoft or line.microsoft,
        troubles=tuple(troubles),
    )


def _of_report(report: Facts, troubles: list[str]) -> SecureBoot | None:
    has_contradiction = any(trouble.startswith("Secure Boot") for trouble in troubles)
    return None if has_contradiction else report.secure_boot


def _agreed(name: str, troubles: list[str], *said: T | None) -> T | None:
    different = list(dict.fromkeys(value for value in said if value is not None))
    if len(different) > 1:
        troubles.append(f"{name}: fields contradict each other ({' and '.join(map(str, different))})")
        return None
    return different[0] if different else None


@lru_cache(maxsize=16_384)
def _collected(text: str) -> tuple[Facts, str]:
    """Read the collector's line; its second part says what is wrong with it, "" for nothing."""
    said, trouble = _object(_decisive(text))
    if not said:
        return NOTHING, trouble
    beside, _ = _object(text)
    return Facts(
        tpm=_tpm(_text(said, "tpm")),
        secure_boot=_secure_boot(_text(said, "sb")),
        firmware=_firmware(_text(said, "fw")),
        disk_type=_disk_type(_text(said, "media"), _text(said, "bus") or ""),
        disk_name=_text(beside, "disk"),
        signature=_text(said, "fms"),
        memory_mb=_count(said, "ram"),
        threads=_count(said, "lp"),
        system_mb=_count(beside, "sys"),
        microsoft=_upgrade_indicator(said.get("mui")),
        read_at=_text(beside, "at"),
    ), ""


def _decisive(line: str) -> str:
    """Return the part of a line by which a machine is judged, as JSON; machines with equal parts are judged once for all."""
    if not line.startswith(LINE_STARTS):
        return line
    part, mark, _ = line.partition(LINE_DECIDES_UNTIL)
    return part + "}" if mark else line


@lru_cache(maxsize=16_384)
def _reported(text: str) -> tuple[Facts, str]:
    """Read the line of Microsoft's HardwareReadiness.ps1: its verdict, and what it saw on the way to it."""
    said, trouble = _object(text)
    result = (_text(said, "returnResult") or "").upper()
    if not said or result not in {"CAPABLE", "NOT CAPABLE", "UNDETERMINED", "FAILED TO RUN"}:
        return NOTHING, trouble or ("no result in it" if said else "")
    reasons = _reasons((_text(said, "returnReason") or "").split(","))
    seen = _text(said, "logging") or ""
    is_verdict = result in {"CAPABLE", "NOT CAPABLE"}
    return Facts(
        tpm=_tpm(_found(r"TPMVersion=([^.;]*\.\d|\w+)", seen)),
        secure_boot=_secure_boot(_found(r"SecureBoot: (Capable)", seen)),
        signature=_found(r"Caption=([^;}]+)", seen),
        memory_mb=_gib(_found(r"System_Memory=(\d+)GB", seen)),
        system_mb=_gib(_found(r"OSDiskSize=(\d+)GB", seen)),
        microsoft=MicrosoftVerdict(result == "CAPABLE", reasons, _MICROSOFT) if is_verdict else None,
    ), "" if is_verdict else f"the script ended with {result}"


def _upgrade_indicator(value: Any) -> MicrosoftVerdict | None:
    """Read Windows Update's own finding: `GE25H2:Red:CpuFms+Tpm`, of several the one for the newest release."""
    lines = cast("list[Any]", value) if isinstance(value, list) else [value]
    for line in sorted((str(line) for line in lines if line), key=_release_of, reverse=True):
        _, colour, *reasons = [*line.split(":"), ""]
        if colour.strip().lower() in {"green", "red"}:
            is_capable = colour.strip().lower() == "green"
            return MicrosoftVerdict(
                is_capable, () if is_capable else _reasons(reasons[0].split("+")), "Windows Update"
            )
    return None


def _release_of(line: str) -> str:
    """Return `25H2` of `GE25H2:…`: the letters before it are code names without order."""
    found = re.search(r"\d\dH\d", line.split(":", 1)[0])
    return found[0] if found else ""


_REASONS: dict[str, Reason] = {
    "processor": "processor",
    "cpu": "processor",
    "memory": "memory",
    "storage": "disk",
    "systemdrive": "disk",
    "tpm": "TPM",
    "secureboot": "Secure Boot",
    "uefi": "Secure Boot",
}


def _reasons(words: list[str]) -> tuple[Reason, ...]:
    found: dict[Reason, None] = {}
    for word in words:
        for start, reason in _REASONS.items():
            if word.strip().lower().startswith(start):
                found[reason] = None
    return tuple(found)


def _object(text: str) -> tuple[dict[str, Any], str]:
    if not text.strip():
        return {}, ""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return {}, "not readable as JSON"
    if not isinstance(said, dict) or not said:
        return {}, "nothing in it"
    return cast("dict[str, Any]", said), ""


def _text(said: Mapping[str, Any], key: str) -> str | None:
    value = said.get(key)
    return None if value is None or isinstance(value, dict | list) else str(value)


def _count(said: Mapping[str, Any], key: str) -> int | None:
    value = said.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if 0 < value < _MOST else None


def _tpm(text: str | None) -> str | None:
    said = (text or "").strip().lower()
    if found := _VERSION.match(said):
        return {"1": "1.2", "2": "2.0"}[found[1]]
    if said in {"2", "1"}:
        return {"1": "1.2", "2": "2.0"}[said]
    return "none" if said in _ABSENT else None


def _secure_boot(text: str | None) -> SecureBoot | None:
    said = (text or "").strip().lower()
    if said in _YES:
        return "on"
    if said in _NO:
        return "off"
    if said == "capable":
        return "capable"
    return "unsupported" if "not supported" in said or said in {"unsupported", "legacy"} else None


def _firmware(text: str | None) -> Literal["UEFI", "Legacy"] | None:
    said = (text or "").strip().lower()
    if said in {"uefi", "efi", "2"}:
        return "UEFI"
    return "Legacy" if said in {"legacy", "bios", "legacy bios", "1"} else None


def _disk_type(media: str | None, bus: str) -> DiskType | None:
    said, way = (media or "").strip().lower(), bus.strip().lower()
    if "nvme" in said or way in {"nvme", "17"}:
        return "NVMe"
    if "emmc" in said or way in {"mmc", "emmc", "sd", "12", "13"}:
        return "eMMC"
    if said in {"ssd", "4"} or "solid state" in said:
        return "SSD"
    return "HDD" if said in {"hdd", "3", "hard disk", "rotational"} or "hard disk" in said else None


def _found(pattern: str, text: str) -> str | None:
    found = re.search(pattern, text)
    return found[1].strip() if found else None


def _gib(text: str | None) -> int | None:
    return int(text) * 1024 or None if text else None
