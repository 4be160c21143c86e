"""Moments as people say and read them: `today`, `7d`, `2026-11-01` in; `Tue 24 Nov 09:05`, `3 d` out."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from .errors import BadInput

_AGO = re.compile(r"^(\d{1,4})\s*(h|d|w|m|y|hours?|days?|weeks?|months?|years?)( ago)?$")
_UNIT_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}
_YEARS = (1900, 2999)
"""Beyond them calendars and zones run out, and some who ask mean no limit at all."""
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


def moment(text: str, now: datetime, zone: ZoneInfo, *, end: bool = False) -> datetime:
    """Return the UTC moment that `text` names, seen from `now`.

    Takes `today`, `yesterday`, `7d` (also h, w, m, y: back from now), an ISO day or an ISO moment; without an offset they
    are in `zone`. A day means its start, or with `end` the start of the next one, so that "before 1 Nov" keeps all of 1 Nov.

    Raises:
        BadInput: the text is none of these, or centuries away.
    """
    try:
        found = _moment(text, now, zone, end=end)
    except OverflowError:
        found = None
    if found is None or not _YEARS[0] <= found.year <= _YEARS[1]:
        raise BadInput(
            f"{text!r} is too far away: use a day between {_YEARS[0]} and {_YEARS[1]}, or leave it out for no limit."
        )
    return found


def _moment(text: str, now: datetime, zone: ZoneInfo, *, end: bool) -> datetime:
    said = text.strip().lower()
    if match := _AGO.match(said):
        return now - _span(int(match[1]), match[2][0])
    today = now.astimezone(zone).date()
    days = {"today": today, "yesterday": today - timedelta(days=1), "tomorrow": today + timedelta(days=1)}
    day = days.get(said) or _iso_day(said)
    if day is not None:
        return datetime.combine(day + timedelta(days=int(end)), time.min, zone).astimezone(UTC)
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise BadInput(
            f"{text!r} is no date. Use 2026-11-24, 2026-11-24T14:00, today, yesterday, or 7d for 7 days back."
        ) from error
    return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)


def shown(at: datetime | None, now: datetime, zone: ZoneInfo) -> str:
    """Return a moment as short as it stays clear: `09:05` today, `24 Nov 09:05` this year, else `24 Nov 2025`; "" for None."""
    if at is None:
        return ""
    local, today = at.astimezone(zone), now.astimezone(zone)
    if local.date() == today.date():
        return f"{local:%H:%M}"
    if abs((today - local).days) < 300:  # noqa: PLR2004 - near enough that the year goes without saying
        return f"{local.day} {local:%b %H:%M}"
    return f"{local.day} {local:%b %Y}"


def span(length: timedelta) -> str:
    """Return a length of time in its largest unit: `40 s`, `5 min`, `3 h`, `12 d`."""
    seconds = abs(int(length.total_seconds()))
    if seconds < _MINUTE:
        return f"{seconds} s"
    if seconds < _HOUR:
        return f"{seconds // _MINUTE} min"
    if seconds < 2 * _DAY:
        return f"{seconds // _HOUR} h"
    return f"{seconds // _DAY} d"


def minutes(count: int) -> str:
    """Return worked time: `45 min`, `1 h`, `2 h 15 min`."""
    hours, rest = divmod(count, 60)
    return " ".join(
        part for part in (f"{hours} h" if hours else "", f"{rest} min" if rest or not hours else "") if part
    )


def _span(count: int, unit: str) -> timedelta:
    return timedelta(hours=count) if unit == "h" else timedelta(days=count * _UNIT_DAYS[unit])


def _iso_day(said: str) -> date | None:
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None
