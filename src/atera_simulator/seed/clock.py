"""Moments: how they are written on the wire, and when a helpdesk's day happens.

Office hours are those of the account's zone, taken as UTC+1 all year: an hour's error in summer is not worth a zone database.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import accumulate
from random import Random

HISTORY_DAYS = 730
_SATURDAY = 5
_OPENS_UTC, _CLOSES_UTC = 6, 17
_DAY_WEIGHTS = (1.25, 1.1, 1.0, 0.95, 0.8, 0.1, 0.07)
_HOUR_WEIGHTS = (1, 1, 1, 1, 2, 6, 25, 70, 95, 90, 80, 60, 75, 80, 65, 45, 25, 12, 7, 5, 4, 3, 2, 1)
_NEWEST_MINUTES = (7, 19, 46, 88, 171)


def iso(moment: datetime) -> str:
    """Return a UTC moment as Atera writes it: whole seconds and Z."""
    return moment.isoformat()[:19] + "Z"


def arrivals(rng: Random, now: datetime, count: int) -> list[datetime]:
    """Return `count` distinct moments of the last 24 months, oldest first: busy on working days, the newest minutes old."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    days = [midnight - timedelta(days=age) for age in range(HISTORY_DAYS)]
    day_weights = list(accumulate(_DAY_WEIGHTS[day.weekday()] for day in days))
    hour_weights = list(accumulate(_HOUR_WEIGHTS))
    newest = min(len(_NEWEST_MINUTES), count)
    found = {now - timedelta(minutes=age, seconds=age % 40) for age in _NEWEST_MINUTES[:newest]}
    while len(found) < count:
        day = rng.choices(days, cum_weights=day_weights)[0]
        hour = rng.choices(range(24), cum_weights=hour_weights)[0]
        moment = day + timedelta(hours=hour, seconds=rng.randrange(3600))
        if moment < now - timedelta(minutes=_NEWEST_MINUTES[0]):
            found.add(moment)
    return sorted(found)


def schedule(rng: Random, start: datetime, end: datetime, count: int) -> list[datetime]:
    """Return `count` strictly rising moments after `start`, nearly all before `end`, most of them in office hours."""
    span = (end - start).total_seconds()
    shares = sorted(rng.random() ** 1.4 for _ in range(count))
    # The last one comes near the end, or the span would mean little where messages are few.
    shares[-1:] = [rng.uniform(0.93, 1.0)] if count else []
    raw = [start + timedelta(seconds=span * share) for share in sorted(shares)]
    moved = sorted(_into_office_hours(rng, moment, end) for moment in raw)
    return _spread(start, moved)


def _into_office_hours(rng: Random, moment: datetime, end: datetime) -> datetime:
    if moment.weekday() < _SATURDAY and _OPENS_UTC <= moment.hour < _CLOSES_UTC:
        return moment
    opening = moment.replace(hour=_OPENS_UTC, minute=0, second=0) + timedelta(seconds=rng.randrange(9000))
    if moment.hour >= _CLOSES_UTC:
        opening += timedelta(days=1)
    while opening.weekday() >= _SATURDAY:
        opening += timedelta(days=1)
    return opening if opening < end else moment


def _spread(start: datetime, moments: Sequence[datetime]) -> list[datetime]:
    spread: list[datetime] = []
    before = start
    for moment in moments:
        whole = moment.replace(microsecond=0)
        before = whole if whole > before + timedelta(seconds=20) else before + timedelta(seconds=41)
        spread.append(before)
    return spread
