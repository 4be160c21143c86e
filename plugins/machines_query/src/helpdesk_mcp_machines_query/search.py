"""What the filters of a machine search mean: names become ids, texts become the systems and processors that exist."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import chain

from helpdesk_mcp.sdk import BadInput, Call, names, times
from helpdesk_mcp.sdk.words import inert, quoted

from . import missing, systems
from .filters import Filters
from .processors import Verdict
from .processors.names import tidy
from .queries import alike, facts, machines
from .queries import conditions as on
from .queries.alike import Fields
from .queries.conditions import Condition, Limits
from .readiness import read_facts
from .readiness.criteria import processor_verdict
from .readiness.facts import DiskType
from .settings import settings_of
from .systems import System

_FAMILY_WORDS = {"win": "windows", "mac": "macos", "osx": "macos", "microsoft": ""}
_GLUED = re.compile(r"\bwin(?:dows)?(\d)")
_NAMED_MOST = 12
"""Names in a refusal that lists what exists."""


@dataclass(slots=True)
class Asked:
    """A question about machines, as it was understood so far."""

    conditions: list[Condition] = field(default_factory=list[Condition])
    words: list[str] = field(default_factory=list[str])
    """The filters in words, for the heading."""
    notes: list[str] = field(default_factory=list[str])
    custom_field: str | None = None

    @property
    def heading(self) -> str:
        """Return the question in words."""
        return f"Machines: {', '.join(self.words)}" if self.words else "All machines"

    def add(self, told: str, *conditions: Condition) -> None:
        """Add conditions, and what they are called."""
        if conditions:
            self.conditions += conditions
            self.words.append(told)


async def understand(call: Call, filters: Filters) -> Asked:
    """Return what the filters ask for.

    Raises:
        BadInput: a filter's value means nothing; the message says what would.
    """
    asked = Asked()
    await _add_people(call, asked, filters)
    await _add_systems(call, asked, filters)
    await _add_processors(call, asked, filters)
    _add_sizes(asked, filters)
    _add_texts(asked, filters)
    _add_moments(call, asked, filters)
    if filters.field is not None or filters.disk_type is not None:
        asked.notes += await missing.unread(call, asked.conditions)
    await _add_field(call, asked, filters)
    # Last: it reads custom values, of the machines that all others leave.
    await _add_disk_type(call, asked, filters)
    return asked


async def _add_people(call: Call, asked: Asked, filters: Filters) -> None:
    if filters.customer is not None:
        named = await names.customer(call, filters.customer)
        if not named.is_exact and filters.customer.strip().lower() not in named.name.lower():
            asked.notes.append(f"{quoted(filters.customer)} was taken for {inert(named.name)}.")
        asked.add(f"of {inert(named.name)}", on.is_of(named.id))
    if filters.user is not None:
        asked.add(f"used by {quoted(filters.user)}", on.user(filters.user))


async def _add_systems(call: Call, asked: Asked, filters: Filters) -> None:
    tests: list[Callable[[System], bool]] = []
    if (said := filters.os) is not None:
        tests.append(lambda system: _is_family(system, said))
        asked.words.append(f"with {quoted(said)}")
    if (edition := filters.edition) is not None:
        tests.append(lambda system: edition.strip().lower() == system.edition.lower())
        asked.words.append(f"edition {quoted(edition)}")
    if (release := filters.release) is not None:
        tests.append(lambda system: _is_release(system, release))
        asked.words.append(f"release {quoted(release)}")
    if filters.unsupported_on is not None:
        day = _day(call, filters.unsupported_on)
        tests.append(lambda system: system.ended(day))
        asked.words.append(f"without security updates on {day:%Y-%m-%d}")
        asked.notes.append(
            "macOS, Linux and Windows of unknown builds have no end date here and are left out."
        )
    if not tests:
        return
    existing = await machines.systems(call.db)
    fitting = [texts for texts in existing if all(test(systems.read(*texts)) for test in tests)]
    if not fitting and filters.unsupported_on is None:
        asked.notes.append(
            f"Systems in the inventory: {_listed({str(systems.read(*texts)) for texts in existing})}."
        )
    asked.conditions.append(on.system_in(fitting))


def _is_family(system: System, said: str) -> bool:
    words = {_FAMILY_WORDS.get(word, word) for word in _GLUED.sub(r"windows \1", said.lower()).split()}
    return (words - {""}) <= {
        *str(system).lower().split(),
        *system.family.lower().split(),
    }


def _is_release(system: System, said: str) -> bool:
    wanted = said.strip().lower().removeprefix("build ")
    return wanted == system.version.lower() or wanted.split(".")[0] == str(system.build)


async def _add_processors(call: Call, asked: Asked, filters: Filters) -> None:
    if filters.cpu is None and filters.gen_min is None and filters.gen_max is None:
        return
    wanted = [
        name
        for name in await machines.processors(call.db)
        if _is_processor(name, processor_verdict(name, None, ""), filters)
    ]
    told = [quoted(filters.cpu)] if filters.cpu else []
    if filters.gen_min is not None:
        told.append(f"generation {filters.gen_min} or later")
    if filters.gen_max is not None:
        told.append(f"generation {filters.gen_max} or earlier")
    if filters.gen_min is not None or filters.gen_max is not None:
        asked.notes.append(
            "Generation is Intel Core's, and for AMD Ryzen the thousands of the model; processors without one are left out."
        )
    asked.add(f"processor {' '.join(told)}", on.processor_in(wanted))


def _is_processor(name: str, verdict: Verdict, filters: Filters) -> bool:
    if filters.cpu is not None:
        said = tidy(filters.cpu)
        if said not in tidy(name) and said not in f"{verdict.vendor} {verdict.family}".lower():
            return False
    if filters.gen_min is None and filters.gen_max is None:
        return True
    generation = verdict.generation
    if generation is None:
        return False
    return (filters.gen_min or 0) <= generation <= (filters.gen_max or generation)


def _add_sizes(asked: Asked, filters: Filters) -> None:
    drive = drive_of(filters.drive)
    where = {"system": "on the system drive", "any": "on any drive"}.get(drive, f"on drive {drive[0]}")
    f = filters
    asked.add(
        _range("cores", f.cores_min, f.cores_max), *on.between(on.m.processor_cores, f.cores_min, f.cores_max)
    )
    asked.add(
        _range("GB of memory fitted", f.memory_min_gb, f.memory_max_gb),
        *on.memory(f.memory_min_gb, f.memory_max_gb),
    )
    told = [
        _range(unit, least, most)
        for unit, least, most in (
            ("GB", f.disk_min_gb, f.disk_max_gb),
            ("GB free", f.free_min_gb, f.free_max_gb),
        )
        if least is not None or most is not None
    ]
    limits = Limits(f.disk_min_gb, f.disk_max_gb, f.free_min_gb, f.free_max_gb)
    asked.add(f"{' and '.join(told)} {where}", *on.volume(drive, limits))


def drive_of(said: str) -> str:
    """Return `system`, `any`, or a letter with its colon."""
    drive = said.strip().rstrip("\\/").lower()
    if drive in {"system", "any"}:
        return drive
    letter = drive.removesuffix(":")
    if len(letter) == 1 and letter.isalpha():
        return f"{letter.upper()}:"
    raise BadInput(f"{quoted(said)} is no drive. Use system, any, or a letter such as C:.")


def _range(unit: str, least: float | None, most: float | None) -> str:
    if least is not None and most is not None:
        return f"{least:g} to {most:g} {unit}"
    return f"at least {least:g} {unit}" if least is not None else f"at most {most or 0:g} {unit}"


def _add_texts(asked: Asked, filters: Filters) -> None:
    f = filters
    for told, column, said in (
        ("named", on.m.name, f.name),
        ("vendor", on.m.vendor, f.vendor),
        ("serial", on.m.serial, f.serial),
        ("domain", on.m.domain, f.domain),
    ):
        if said is not None:
            asked.add(f"{told} {quoted(said)}", on.holds(column, said))
    if f.model is not None:
        asked.add(f"model {quoted(f.model)}", on.model(f.model))
    for yes, no, column, flag in (
        ("online", "offline", on.m.is_online, f.online),
        ("monitored", "not monitored", on.m.is_monitored, f.monitored),
    ):
        if flag is not None:
            asked.add(yes if flag else no, on.flag(column, is_set=flag))


def _add_moments(call: Call, asked: Asked, filters: Filters) -> None:
    for verb, column, name in (
        ("last seen", on.m.last_seen_at, "seen"),
        ("last rebooted", on.m.last_reboot_at, "rebooted"),
    ):
        after, before = (_moment(call, getattr(filters, f"{name}_{side}")) for side in ("after", "before"))
        told = _since(verb, *(times.shown(at, call.now, call.zone) for at in (after, before)))
        asked.add(told, *on.since(column, after, before))
    days = [None if said is None else _day(call, said) for said in (filters.bios_after, filters.bios_before)]
    asked.add(_since("BIOS", *(str(day or "") for day in days)), *on.since(on.m.bios_date, *days))


def _since(verb: str, after: str, before: str) -> str:
    told = [f"{word} {said}" for word, said in (("from", after), ("before", before)) if said]
    return f"{verb} {', '.join(told)}"


def _moment(call: Call, said: str | None) -> datetime | None:
    return None if said is None else times.moment(said, call.now, call.zone)


def _day(call: Call, said: str) -> date:
    return times.moment(said, call.now, call.zone).astimezone(call.zone).date()


async def _add_disk_type(call: Call, asked: Asked, filters: Filters) -> None:
    if filters.disk_type is None:
        return
    disks = await disk_types(call, asked.conditions)
    if filters.disk_type == "unknown":
        asked.add("with a system disk of unknown type", on.id_not_in(disks.known))
        return
    ids = disks.by_type.get(filters.disk_type, [])
    asked.add(f"with a system disk of type {filters.disk_type}", on.id_in(ids))
    if disks.unknown:
        asked.notes.append(
            f"Not counted: {disks.unknown} machines whose disk type is not known (disk_type=unknown). Atera has it only where the collector ran."
        )


@dataclass(frozen=True, slots=True)
class Disks:
    """Machines by the type of their disk."""

    by_type: Mapping[DiskType, Sequence[int]]
    """The ids of those of which it is known."""
    unknown: int
    """How many others there are."""

    @property
    def known(self) -> list[int]:
        """Return the ids of all of which it is known."""
        return list(chain.from_iterable(self.by_type.values()))


async def disk_types(call: Call, conditions: Sequence[Condition]) -> Disks:
    """Return the machines that meet the conditions, by the type of their disk."""
    settings = settings_of(call)
    ids = await machines.ids(call.db, conditions) if conditions else None
    telling = (settings.facts_field, settings.disk_type_field)
    divided = await alike.in_values(call.db, ids, Fields(telling, line=settings.facts_field))
    values = await facts.of_machines(call.db, [some[0] for some in divided], telling)
    found: dict[DiskType, list[int]] = {}
    for some in divided:
        if kind := read_facts(values.get(some[0], {}), settings).disk_type:
            found.setdefault(kind, []).extend(some)
    total = await machines.count(call.db, conditions) if ids is None else len(ids)
    return Disks(found, total - sum(map(len, found.values())))


async def _add_field(call: Call, asked: Asked, filters: Filters) -> None:
    if filters.field is None:
        return
    said, has_value, value = filters.field.partition("=")
    name = await facts.field_named(call.db, said)
    if name is None:
        existing = await facts.field_names(call.db)
        raise BadInput(
            f"Machines have no custom field {quoted(said)}. They have: {_listed(existing) or 'none'}. Write Name=value, or Name for any value."
        )
    asked.custom_field = name
    wanted = value.strip() if has_value else None
    told = f"{inert(name)} = {quoted(wanted)}" if wanted is not None else f"with a value in {inert(name)}"
    asked.add(told, on.has_value(name, wanted))


def _listed(names_: list[str] | set[str]) -> str:
    shown = sorted(names_)[:_NAMED_MOST]
    more = f" and {len(names_) - _NAMED_MOST} more" if len(names_) > _NAMED_MOST else ""
    return ", ".join(map(inert, shown)) + more
