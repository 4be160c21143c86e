"""Operating systems: from the texts of the inventory to family, edition, release and end of support.

A build alone does not tell a client from a server (26100 is Windows 11 24H2 and Server 2025), nor Pro from LTSC, whose support
ends years later: the text decides first, then the build.
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

from helpdesk_mcp.sdk import clean

from .releases import Channel, Release, of_build

Kind = Literal["client", "server", "mac", "linux", "other"]

_SERVER = re.compile(r"\bserver(?: (\d{4}(?: r2)?|\d\dh\d))?")
_CLIENT = re.compile(r"\bwindows (11|10|8\.1|8|7|vista|xp)\b")
_MAC = re.compile(r"\b(?:mac ?os|os x|darwin|macintosh)\b")
_LINUX = re.compile(
    r"\b(?:linux|ubuntu|debian|centos|red hat|rhel|fedora|suse|rocky|alma|raspbian|mint|unix|freebsd)\b"
)
_EDITIONS = (
    ("IoT Enterprise LTSC", ("iot", "ltsc")),
    ("IoT Enterprise LTSC", ("iot", "ltsb")),
    ("IoT Enterprise", ("iot",)),
    ("Enterprise LTSC", ("ltsc",)),
    ("Enterprise LTSC", ("ltsb",)),
    ("Enterprise LTSC", ("long-term",)),
    ("Pro for Workstations", ("workstation",)),
    ("Pro Education", ("pro education",)),
    ("Education", ("education",)),
    ("Enterprise", ("enterprise",)),
    ("Datacenter", ("datacenter",)),
    ("Standard", ("standard",)),
    ("Essentials", ("essentials",)),
    ("Ultimate", ("ultimate",)),
    ("Pro", ("pro",)),
    ("Home", ("home",)),
    ("Home", ("core",)),
)
_FIRST_11 = 22000
_LONG = {"Enterprise", "Education", "IoT Enterprise", "IoT Enterprise LTSC", "Enterprise LTSC"}
_ARCHITECTURE = re.compile(r"\b(arm64|x64|x86|64-bit|32-bit)\b")


@dataclass(frozen=True, slots=True)
class System:
    """An operating system as it is installed on some machines."""

    kind: Kind
    family: str
    """`Windows 10`, `Windows Server 2019`, `macOS`, `Linux`; "" where the inventory says nothing."""
    edition: str
    """Pro, Home, Enterprise, Enterprise LTSC …; "" where it is not said."""
    version: str
    """22H2 or what the inventory says."""
    build: int | None
    """The first number of the build, 19045."""
    is_32_bit: bool
    release: Release | None
    text: str = ""
    """What the inventory calls it."""

    @property
    def end(self) -> date | None:
        """Return the last day with security updates, None where the release is not known."""
        if self.release is None:
            return None
        return self.release.end_enterprise if self.edition in _LONG else self.release.end

    @property
    def is_windows_11(self) -> bool:
        """Return whether a client runs Windows 11 already."""
        return self.family == "Windows 11"

    @property
    def is_iot(self) -> bool:
        """Return whether the edition has looser requirements of its own."""
        return self.edition.startswith("IoT")

    def __str__(self) -> str:
        if self.kind in {"client", "server"}:
            return " ".join(part for part in (self.family, self.edition, self.version) if part)
        return self.text or "no system known"

    def ended(self, today: date) -> bool:
        """Return whether security updates have ended; False where nothing is known."""
        return self.end is not None and self.end < today


@lru_cache(maxsize=4096)
def read(os: str | None, version: str | None, build: str | None, device_class: str | None) -> System:
    """Return the system that the inventory's four texts describe."""
    text = " ".join(clean(os or "").lower().split())
    number = _number(build)
    kind = _kind(text, (device_class or "").lower())
    family = _family(kind, text, number)
    # macOS and Linux have no editions, and "pro" in their texts is no edition of Windows.
    edition = _edition(text) if kind in {"client", "server"} else ""
    release = of_build(number, _channel(kind, edition)) if family.startswith("Windows") else None
    architecture = _ARCHITECTURE.search(text)
    return System(
        kind=kind,
        family=family,
        edition=edition,
        version=_version(release, version),
        build=number,
        is_32_bit=architecture is not None and architecture[1] in {"x86", "32-bit"},
        release=release,
        text=" ".join(clean(os or "").split()),
    )


def _kind(text: str, device_class: str) -> Kind:
    if _MAC.search(text) or device_class == "mac":
        return "mac"
    if _LINUX.search(text):
        return "linux"
    if _SERVER.search(text):
        return "server"
    if "windows" in text and _CLIENT.search(text):
        return "client"
    if "server" in device_class or "domain controller" in device_class:
        return "server"
    return "client" if "windows" in text else "other"


def _family(kind: Kind, text: str, build: int | None) -> str:
    match kind:
        case "mac":
            return "macOS"
        case "linux":
            return "Linux"
        case "server":
            found = _SERVER.search(text)
            return f"Windows Server {((found and found[1]) or '').upper()}".strip()
        case "client":
            found = _CLIENT.search(text)
            said = found[1] if found else ""
            # The registry goes on calling upgraded machines Windows 10.
            if said in {"", "10"} and build is not None and build >= _FIRST_11:
                said = "11"
            return f"Windows {said.title() if said != 'xp' else 'XP'}".strip()
        case "other":
            return ""


def _edition(text: str) -> str:
    return next((name for name, words in _EDITIONS if all(_has(text, word) for word in words)), "")


def _has(text: str, word: str) -> bool:
    start = text.find(word)
    return start >= 0 and (start == 0 or not text[start - 1].isalnum())


def _channel(kind: Kind, edition: str) -> Channel:
    if kind == "server":
        return "server"
    if edition == "IoT Enterprise LTSC":
        return "IoT LTSC"
    return "LTSC" if edition == "Enterprise LTSC" else "general"


def _number(build: str | None) -> int | None:
    found = re.match(r"(?:10\.0\.|6\.[0-3]\.)?(\d{4,5})(?:\.|$)", (build or "").strip())
    return int(found[1]) if found else None


def _version(release: Release | None, version: str | None) -> str:
    if release is not None and release.channel != "server":
        words = release.name.split()
        return words[1] if len(words) > 1 else ""
    return "" if release is not None else clean(version or "").strip()
