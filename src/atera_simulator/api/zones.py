"""The account's time zone and the dates that callers send: some are UTC, some are local and must not carry an offset."""

import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tzlocal.windows_tz import win_tz

_LOCAL = re.compile(r"\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2})?")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def account_zone(name: str) -> ZoneInfo:
    """Return the zone of `GET /account`'s TimeZoneName, which may be a Windows or an IANA name.

    Raises ValueError for a name that is neither.
    """
    try:
        return ZoneInfo(win_tz.get(name, name))
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError(
            f"TimeZoneName '{name}' is neither a Windows nor an IANA zone; correct the account"
        ) from None


def parse_local(text: str, zone: ZoneInfo) -> datetime:
    """Return the UTC moment of `yyyy-MM-dd[THH:mm:ss]` in the account's zone; ValueError for any other form."""
    if not _LOCAL.fullmatch(text):
        raise ValueError(
            f"'{text}' must be yyyy-MM-dd or yyyy-MM-ddTHH:mm:ss in the account's time zone, without an offset"
        )
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


def parse_day(text: str) -> date:
    """Return the day of `yyyy-MM-dd`; ValueError for any other form."""
    if not _DAY.fullmatch(text):
        raise ValueError(f"'{text}' must be yyyy-MM-dd")
    return date.fromisoformat(text)


def parse_moment(text: str, zone: ZoneInfo | None = None) -> datetime:
    """Return the UTC moment of an ISO 8601 text; without an offset it is meant in `zone` (default UTC)."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone or UTC)
    return moment.astimezone(UTC)
