"""Time worked: from what people say to a start, an end and their classification."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Literal

from helpdesk_mcp.sdk import BadInput, Call, Choice, Form, Question, Step
from helpdesk_mcp.sdk.names import Named
from helpdesk_mcp.sdk.times import minutes, moment
from helpdesk_mcp.sdk.words import inert, joined

from .queries import work as queries

Site = Literal["on-site", "off-site"]

_HOURS = re.compile(r"^(?:(\d+(?:[.,]\d+)?)\s*h(?:ours?|rs?)?)?\s*(?:(\d+)\s*m(?:in(?:utes?)?)?)?$")
_TIME_OF_DAY = re.compile(r"^(?:(today|yesterday),?\s+)?(\d{1,2}):(\d{2})$")
_CLOCK = re.compile(r"^(\d{1,2}):(\d{2})$")
_LONGEST = timedelta(hours=24)
_SOON = timedelta(minutes=5)
_LONG_AGO = timedelta(days=60)
_OVERLAPS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the caller told of the time; None: nothing."""

    duration: str | None
    start: str | None
    end: str | None
    site: Site | None
    billable: bool | None

    @property
    def is_silent(self) -> bool:
        """Whether nothing at all was said."""
        return self.duration is self.start is self.end is self.site is self.billable is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Time to book."""

    start: datetime
    end: datetime
    site: Site
    billable: bool


def missing(said: Said) -> Form | None:
    """Return the questions for what was not said; None when all was."""
    questions: list[Question] = []
    if said.duration is None and (said.start is None or said.end is None):
        questions.append(Question(argument="duration", asks="How long, such as 45m, 1h or 1h30m?"))
    if said.site is None:
        choices = (Choice("on-site"), Choice("off-site"))
        questions.append(Question(argument="site", asks="On-site or off-site?", choices=choices))
    if said.billable is None:
        questions.append(Question(argument="billable", asks="Is it billable?", kind="yes_no"))
    return Form(title="Time worked", questions=tuple(questions)) if questions else None


def understood(said: Said, call: Call) -> Work:
    """Return the time that was meant; without a start it ends now.

    Raises:
        BadInput: it cannot be, for example an end before its start.
    """
    start = _at(said.start, call) if said.start else None
    end = _at(said.end, call) if said.end else None
    length = duration(said.duration) if said.duration else None
    if start and end and length and end - start != length:
        raise BadInput("Start, end and duration do not fit together: give two of them.")
    if length is not None:
        end = end or (start + length if start else _whole_minute(call.now))
        start = start or end - length
    if start is None or end is None or said.site is None or said.billable is None:
        raise BadInput(
            "The time is not complete: give a duration or start and end, the site, and whether it is billable."
        )
    if end <= start:
        raise BadInput("The time ends before it starts.")
    if end - start > _LONGEST:
        raise BadInput("More than 24 hours in one entry: make several.")
    if end > call.now + _SOON:
        raise BadInput(
            f"The time ends in the future ({_local(end, call)}): it can be booked once it is worked."
        )
    return Work(start=start, end=end, site=said.site, billable=said.billable)


def duration(said: str) -> timedelta:
    """Return a length of time from `45m`, `1h`, `1h 30m`, `1.5h`, `1:30` or `90` (minutes)."""
    text = said.strip().lower()
    if match := _CLOCK.match(text):
        return timedelta(hours=int(match[1]), minutes=int(match[2]))
    if text.isdecimal():
        return _positive(timedelta(minutes=int(text)), said)
    match = _HOURS.match(text)
    if not match or not (match[1] or match[2]):
        raise BadInput(f"{said!r} is no length of time. Use 45m, 1h, 1h30m or 1:30.")
    hours = float((match[1] or "0").replace(",", "."))
    return _positive(timedelta(minutes=round(hours * 60) + int(match[2] or 0)), said)


def line(work: Work, engineer: Named, call: Call) -> str:
    """Return the time as a line of a preview, with its zone."""
    length = minutes(round((work.end - work.start).total_seconds() / 60))
    billing = "billable" if work.billable else "not billable"
    span = f"{_local(work.start, call)} to {_local(work.end, call)} ({call.zone.key})"
    return f"- Time: {joined([length, work.site, billing, span, inert(engineer.name)])}"


async def warnings(work: Work, engineer: Named, call: Call) -> list[str]:
    """Return what looks wrong about the time."""
    told = [
        f"the time overlaps with what {inert(engineer.name)} has booked on #{inert(one.number, 20)}: "
        f"{_local(one.started_at, call)} to {_local(one.ended_at, call)}"
        for one in await queries.overlapping(call.db, engineer.id, work.start, work.end, _OVERLAPS)
    ]
    if call.now - work.end > _LONG_AGO:
        told.append(f"the time is {(call.now - work.end).days} days ago")
    return [*told, "Atera's API can neither change nor delete booked time"]


def step(
    work: Work, ticket_id: int, number: str, engineer: Named, description: str, rate_id: int | None
) -> Step:
    """Return the step that books the time."""
    length = minutes(round((work.end - work.start).total_seconds() / 60))
    return Step(
        operation="log_time",
        arguments={
            "ticket_id": ticket_id,
            "technician_id": engineer.id,
            "started_at": work.start.isoformat(timespec="seconds"),
            "ended_at": work.end.isoformat(timespec="seconds"),
            "on_site": work.site == "on-site",
            "billable": work.billable,
            "description": description,
            "rate_id": rate_id,
        },
        says=f"Log {length} {work.site} on #{inert(number, 20)}",
        ticket_id=ticket_id,
    )


def _at(said: str, call: Call) -> datetime:
    """Return the moment that is meant; a time of day alone is today's."""
    match = _TIME_OF_DAY.match(said.strip().lower())
    if match is None:
        return moment(said, call.now, call.zone)
    day = call.now.astimezone(call.zone).date() - timedelta(days=int(match[1] == "yesterday"))
    try:
        at = time(int(match[2]), int(match[3]))
    except ValueError as error:
        raise BadInput(f"{said!r} is no time of day.") from error
    return datetime.combine(day, at, call.zone).astimezone(UTC)


def _positive(length: timedelta, said: str) -> timedelta:
    if length <= timedelta():
        raise BadInput(f"{said!r} is no length of time: it must be at least a minute.")
    return length


def _whole_minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def _local(at: datetime, call: Call) -> str:
    return f"{at.astimezone(call.zone):%a %d %b %H:%M}"
