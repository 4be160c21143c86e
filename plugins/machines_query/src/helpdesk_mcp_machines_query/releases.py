"""Releases of Windows by build, and when each stops getting security updates.

Dates are Microsoft's lifecycle dates as published up to August 2026. Those of 11 26H2 follow from its announced 24 and 36
months. Extended updates that cost money are in `paid_until`; they do not count as support.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

Channel = Literal["general", "LTSC", "IoT LTSC", "server"]


@dataclass(frozen=True, slots=True)
class Release:
    """One release, for one group of editions."""

    name: str
    build: int
    end: date
    """Last day with security updates: Home and Pro, or all editions where there is one date."""
    end_enterprise: date
    """The same for Enterprise and Education."""
    channel: Channel = "general"
    paid_until: date | None = None


def _release(  # a row of the table below
    name: str, build: int, end: str, end_enterprise: str = "", channel: Channel = "general", paid: str = ""
) -> Release:
    return Release(
        name,
        build,
        date.fromisoformat(end),
        date.fromisoformat(end_enterprise or end),
        channel,
        date.fromisoformat(paid) if paid else None,
    )


RELEASES: tuple[Release, ...] = (
    _release("11 26H2", 26300, "2028-10-10", "2029-10-09"),
    _release("11 26H1", 28000, "2028-03-14", "2029-03-13"),
    _release("11 25H2", 26200, "2027-10-12", "2028-10-10"),
    _release("11 24H2", 26100, "2026-10-13", "2027-10-12"),
    _release("11 24H2 LTSC", 26100, "2029-10-09", channel="LTSC"),
    _release("11 24H2 IoT LTSC", 26100, "2034-10-10", channel="IoT LTSC"),
    _release("11 23H2", 22631, "2025-11-11", "2026-11-10"),
    _release("11 22H2", 22621, "2024-10-08", "2025-10-14"),
    _release("11 21H2", 22000, "2023-10-10", "2024-10-08"),
    _release("10 22H2", 19045, "2025-10-14", paid="2028-10-10"),
    _release("10 21H2", 19044, "2023-06-13", "2024-06-11"),
    _release("10 21H2 LTSC", 19044, "2027-01-12", channel="LTSC"),
    _release("10 21H2 IoT LTSC", 19044, "2032-01-13", channel="IoT LTSC"),
    _release("10 21H1", 19043, "2022-12-13"),
    _release("10 20H2", 19042, "2022-05-10", "2023-05-09"),
    _release("10 2004", 19041, "2021-12-14"),
    _release("10 1909", 18363, "2021-05-11", "2022-05-10"),
    _release("10 1903", 18362, "2020-12-08"),
    _release("10 1809", 17763, "2020-11-10", "2021-05-11"),
    _release("10 1809 LTSC", 17763, "2029-01-09", channel="LTSC"),
    _release("10 1809 IoT LTSC", 17763, "2029-01-09", channel="IoT LTSC"),
    _release("10 1803", 17134, "2019-11-12", "2021-05-11"),
    _release("10 1709", 16299, "2019-04-09", "2020-10-13"),
    _release("10 1703", 15063, "2018-10-09", "2019-10-08"),
    _release("10 1607", 14393, "2018-04-10", "2019-04-09"),
    _release("10 1607 LTSB", 14393, "2026-10-13", channel="LTSC"),
    _release("10 1607 IoT LTSB", 14393, "2026-10-13", channel="IoT LTSC"),
    _release("10 1511", 10586, "2017-10-10"),
    _release("10 1507", 10240, "2017-05-09"),
    _release("10 1507 LTSB", 10240, "2025-10-14", channel="LTSC"),
    _release("10 1507 IoT LTSB", 10240, "2025-10-14", channel="IoT LTSC"),
    _release("8.1", 9600, "2023-01-10"),
    _release("8", 9200, "2016-01-12"),
    _release("7 SP1", 7601, "2020-01-14"),
    _release("7", 7600, "2013-04-09"),
    _release("Vista SP2", 6002, "2017-04-11"),
    _release("XP SP3", 2600, "2014-04-08"),
    _release("Server 2025", 26100, "2034-11-14", channel="server"),
    _release("Server 23H2", 25398, "2026-05-12", channel="server"),
    _release("Server 2022", 20348, "2031-10-14", channel="server"),
    _release("Server 20H2", 19042, "2022-08-09", channel="server"),
    _release("Server 2004", 19041, "2021-12-14", channel="server"),
    _release("Server 1909", 18363, "2021-05-11", channel="server"),
    _release("Server 1903", 18362, "2020-12-08", channel="server"),
    _release("Server 2019", 17763, "2029-01-09", channel="server"),
    _release("Server 1803", 17134, "2019-11-12", channel="server"),
    _release("Server 1709", 16299, "2019-04-09", channel="server"),
    _release("Server 2016", 14393, "2027-01-12", channel="server", paid="2030-01-12"),
    _release("Server 2012 R2", 9600, "2023-10-10", channel="server", paid="2026-10-13"),
    _release("Server 2012", 9200, "2023-10-10", channel="server", paid="2026-10-13"),
    _release("Server 2008 R2", 7601, "2020-01-14", channel="server", paid="2023-01-10"),
    _release("Server 2008", 6003, "2020-01-14", channel="server", paid="2023-01-10"),
    _release("Server 2003", 3790, "2015-07-14", channel="server"),
)


@cache
def _by_build() -> dict[tuple[int, Channel], Release]:
    return {(release.build, release.channel): release for release in RELEASES}


def of_build(build: int | None, channel: Channel) -> Release | None:
    """Return the release with this build in a channel, or None; clients and servers share some builds."""
    return None if build is None else _by_build().get((build, channel))


def newest() -> Release:
    """Return the release of Windows 11 to move to: the newest that existing computers can take."""
    return RELEASES[0]
