"""A fleet and Windows 11: every machine judged, counted by group, reason and customer."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from helpdesk_mcp.sdk import Call

from .lines import inert, joined, processor
from .machine_text import stale_note
from .queries import alike, facts, fleet
from .queries import conditions as on
from .queries.alike import Alike
from .readiness import GROUPS, Facts, Machine, Readiness, assess, read_facts
from .readiness.criteria import Criterion
from .readiness.facts import NOTHING
from .readiness.inventory import is_virtual
from .settings import settings_of

_FEW = 6
_ASKED = ("replace", "upgrade", "fixable", "unknown", "meets")
"""The groups of machines whose hardware decides."""


@dataclass(frozen=True, slots=True)
class Part:
    """Machines that are equal in all that decides, and the verdict on one of them, which holds for all."""

    one: Readiness
    ids: Sequence[int]
    customer_ids: Sequence[int | None]
    stale: int
    """How many were not seen for long, or never."""

    @property
    def size(self) -> int:
        """Return how many machines it has."""
        return len(self.ids)


@dataclass(frozen=True, slots=True)
class Survey:
    """The readiness of some machines."""

    parts: Sequence[Part]

    @property
    def size(self) -> int:
        """Return how many machines there are."""
        return sum(part.size for part in self.parts)

    def counts(self) -> Counter[str]:
        """Return how many machines each group has; they add up to all."""
        return _total((part.one.group, part.size) for part in self.parts)

    def of(self, group: str) -> list[Part]:
        """Return the machines of a group or of one of the two subgroups of Windows 11."""
        if group == "on_11_unsupported":
            return [part for part in self.parts if part.one.is_unsupported]
        if group == "on_11_ended":
            return [part for part in self.parts if part.one.is_ended]
        return [part for part in self.parts if part.one.group == group]


def alone(one: Readiness) -> Part:
    """Return one machine as a part of its own."""
    return Part(one, [one.machine.id], [one.machine.customer_id], 0)


async def survey(call: Call, customer_id: int | None) -> Survey:
    """Judge all machines, or those of one customer."""
    settings = settings_of(call)
    conditions = [] if customer_id is None else [on.m.customer_id == customer_id]
    makes = await alike.makes(call.db, conditions)
    found = await alike.in_hardware(
        call.db,
        conditions,
        fields=settings.fields,
        line=settings.facts_field,
        virtual=[alike.make(*one) for one in makes if is_virtual(*one)],
        seen_since=call.now - timedelta(days=settings.stale_days),
    )
    machines = {one.id: one for one in await fleet.machines(call.db, [part.ids[0] for part in found])}
    known = await _known(call, found)
    today = call.now.astimezone(call.zone).date()

    def judged() -> list[Part]:
        return [
            Part(assess(machine, known[part.values], today), part.ids, part.customer_ids, part.stale)
            for part in found
            if (machine := machines.get(part.ids[0]))
        ]

    # Of a big fleet it takes long, and others want answers meanwhile.
    return Survey(await asyncio.to_thread(judged))


async def _known(call: Call, found: Sequence[Alike]) -> dict[int | None, Facts]:
    """Return what custom values say, by what `Alike.values` has: of machines that have the same, one is read."""
    settings = settings_of(call)
    ones = {part.values: part.ids[0] for part in found if part.values is not None}
    values = await facts.of_machines(call.db, list(ones.values()), settings.fields)
    known = {key: read_facts(values.get(id_, {}), settings) for key, id_ in ones.items()}
    return {None: NOTHING, **known}


async def judge(call: Call, machines: Sequence[Machine]) -> dict[int, Readiness]:
    """Return the readiness of a few machines, by id."""
    settings, today = settings_of(call), call.now.astimezone(call.zone).date()
    values = await facts.of_machines(call.db, [machine.id for machine in machines], settings.fields)
    return {
        machine.id: assess(machine, read_facts(values.get(machine.id, {}), settings), today)
        for machine in machines
    }


def summary(found: Survey, call: Call) -> list[str]:
    """Return the counts of all groups, and the reasons behind them."""
    counts = found.counts()
    lines = [f"{counts[group]:>6}  {name}{_more(found, group)}" for group, name in GROUPS.items()]
    failing = [*found.of("replace"), *found.of("upgrade")]
    lines += _counted("Fails (a machine may have several)", _reasons(failing, "fail"))
    lines += _counted("Fixable", _reasons(found.of("fixable"), "fixable"))
    lines += _counted("Not known", _reasons(found.of("unknown"), "unknown", "conditional"))
    candidates = [part for part in found.parts if part.one.group in _ASKED]
    return [*lines, *_by_microsoft(candidates), *_doubts(candidates, call)]


def _more(found: Survey, group: str) -> str:
    if group == "not_applicable":
        reasons = _total((part.one.why_not_applicable, part.size) for part in found.of(group))
        return f": {_list(reasons)}" if reasons else ""
    if group != "on_11":
        return ""
    unsupported = sum(part.size for part in found.of("on_11_unsupported"))
    releases = _total((_release(part.one), part.size) for part in found.of("on_11_ended"))
    which = f" ({_list(releases)})" if releases else ""
    return (
        f": {unsupported} on unsupported hardware,"
        f" {releases.total()} in a release without security updates{which}"
    )


def _release(one: Readiness) -> str:
    return f"{one.system.version} {one.system.edition}".strip()


def _reasons(parts: Iterable[Part], *statuses: str) -> Counter[str]:
    return _total((name, part.size) for part in parts for name in _names(part.one, statuses))


def _names(one: Readiness, statuses: Sequence[str]) -> set[str]:
    names: set[str] = {criterion.name for criterion in one.of(*statuses)}
    if one.microsoft is not None and "fail" in statuses and one.differs:
        return set(one.microsoft.reasons) or names
    return names


def _total(sizes: Iterable[tuple[str, int]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for name, size in sizes:
        total[name] += size
    return total


def _counted(title: str, counts: Counter[str]) -> list[str]:
    return [f"{title}: {_list(counts)}"] if counts else []


def _list(counts: Counter[str]) -> str:
    most = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:_FEW]
    rest = counts.total() - sum(size for _, size in most)
    told = ", ".join(f"{inert(name)} {size}" for name, size in most)
    return f"{told}, others {rest}" if rest else told


def _by_microsoft(parts: Sequence[Part]) -> list[str]:
    told = [part for part in parts if part.one.microsoft is not None]
    if not told:
        return []
    all_of_them, differing = (
        sum(part.size for part in some) for some in (told, [part for part in told if part.one.differs])
    )
    return [f"Decided by Microsoft's own check: {all_of_them}, of which {differing} differ from our reading"]


def _doubts(parts: Sequence[Part], call: Call) -> list[str]:
    stale = sum(part.stale for part in parts)
    days = settings_of(call).stale_days
    return (
        [f"Old data: {stale} of these machines not seen for {days} days or more, or never"] if stale else []
    )


def by_customer(found: Survey, names: Mapping[int, str]) -> list[tuple[str, Counter[str]]]:
    """Return the counts of each customer, those with most work first."""
    customers: dict[int | None, Counter[str]] = {}
    for part in found.parts:
        for id_, size in Counter(part.customer_ids).items():
            customers.setdefault(id_, Counter())[part.one.group] += size
    rows = [
        ("no customer" if id_ is None else names.get(id_, f"customer {id_}"), counts)
        for id_, counts in customers.items()
    ]
    return sorted(rows, key=lambda row: (-_work(row[1]), -row[1].total(), row[0]))


def _work(counts: Counter[str]) -> int:
    return counts["replace"] + counts["upgrade"] + counts["fixable"] + counts["unknown"]


def line(one: Readiness, call: Call, *, with_customer: bool) -> str:
    """Return a machine of a group as one line: why it is there, by whose word, and how old that is."""
    customer = inert(one.machine.customer_name, 40) if with_customer else ""
    return "- " + joined((inert(one.machine.name, 40), customer, *why(one), stale_note(one, call)))


def why(one: Readiness) -> list[str]:
    """Return the reasons for a machine's group, shortest first to read."""
    if one.group == "not_applicable":
        return [inert(str(one.system))]
    reasons = [_short(criterion) for criterion in one.of("fail", "fixable")]
    told = [str(one.system), *reasons] if one.group in {"on_11", "virtual"} else reasons
    if one.group == "unknown" or (one.missing and not reasons):
        told.append(f"not known: {', '.join(one.missing)}" if one.missing else "")
        told += [criterion.note for criterion in one.of("conditional")]
    if one.microsoft is not None:
        said = "CAPABLE" if one.microsoft.is_capable else f"NOT CAPABLE: {', '.join(one.microsoft.reasons)}"
        told.append(f"Microsoft says {said}{_against(one)}")
    return told


def _against(one: Readiness) -> str:
    return f", we say {one.ours}" if one.differs else ""


def _short(criterion: Criterion) -> str:
    if criterion.name == "processor":
        return processor(criterion.seen)
    return criterion.seen if criterion.name == "64-bit" else f"{criterion.name} {criterion.seen}"
