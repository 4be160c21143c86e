"""Operating systems as Atera names them: edition text, version, build and device class."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class System:
    """An operating system; `build` may be empty where Atera reports none."""

    text: str
    version: str
    build: str
    device_class: str = "Work Station"
    number: float = 10.0


_WS = "Work Station"
_SV = "Server"

# (weight, system): what an MSP's clients run a year after Windows 10 went out of support.
CLIENTS: tuple[tuple[int, System], ...] = (
    (16, System("Microsoft Windows 10 Pro x64", "22H2", "19045.6456")),
    (4, System("Microsoft Windows 10 Pro x64", "21H2", "19044.3086")),
    (1, System("Microsoft Windows 10 Pro x64", "1809", "17763.1935")),
    (1, System("Microsoft Windows 10 Home x64", "22H2", "19045.5011")),
    (1, System("Microsoft Windows 10 Pro x86", "22H2", "19045.5371")),
    (2, System("Microsoft Windows 11 Pro x64", "22H2", "22621.4317")),
    (8, System("Microsoft Windows 11 Pro x64", "23H2", "22631.6199")),
    (3, System("Microsoft Windows 11 Enterprise x64", "23H2", "22631.6199")),
    (18, System("Microsoft Windows 11 Pro x64", "24H2", "26100.7019")),
    (22, System("Microsoft Windows 11 Pro x64", "25H2", "26200.7171")),
    (3, System("Microsoft Windows 11 Enterprise x64", "25H2", "26200.7171")),
    (3, System("Microsoft Windows 11 Pro x64", "26H2", "26300.1105")),
    (1, System("Microsoft Windows 11 Home x64", "24H2", "26100.6584")),
)

ARM_CLIENT = System("Microsoft Windows 11 Pro ARM64", "24H2", "26100.7019")
LONG_TERM: tuple[System, ...] = (
    System("Microsoft Windows 10 Enterprise LTSC x64", "21H2", "19044.6456"),
    System("Microsoft Windows 10 IoT Enterprise LTSC x64", "1809", "17763.7919"),
    System("Microsoft Windows 11 IoT Enterprise LTSC x64", "24H2", "26100.7019"),
)
OUTDATED: tuple[System, ...] = (
    System("Microsoft Windows 7 Professional x64", "6.1", "7601", _WS, 6.1),
    System("Microsoft Windows 8.1 Pro x64", "6.3", "9600", _WS, 6.3),
)
SERVERS: tuple[tuple[int, System], ...] = (
    (2, System("Microsoft Windows Server 2012 R2 Standard x64", "6.3", "9600", _SV, 6.3)),
    (4, System("Microsoft Windows Server 2016 Standard x64", "1607", "14393.8519", _SV)),
    (8, System("Microsoft Windows Server 2019 Standard x64", "1809", "17763.7919", _SV)),
    (8, System("Microsoft Windows Server 2022 Standard x64", "21H2", "20348.4294", _SV)),
    (4, System("Microsoft Windows Server 2025 Standard x64", "24H2", "26100.7019", _SV)),
)
LINUX: tuple[System, ...] = (
    System("Ubuntu 22.04.5 LTS", "22.04", "5.15.0-122-generic", _SV, 22.04),
    System("Debian GNU/Linux 12 (bookworm)", "12", "6.1.0-28-amd64", _SV, 12.0),
)
MAC: tuple[System, ...] = (
    System("macOS Sequoia 15.7.2", "15.7.2", "24G325", "Mac", 15.7),
    System("macOS Ventura 13.7.8", "13.7.8", "22H730", "Mac", 13.7),
)
