"""A fleet and Windows 11: every machine judged, counted by group, reason and customer."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain
from typing import ParamSpec, TypeVar

from helpdesk_mcp.sdk import Call
from helpdesk_mcp.sdk.words import inert, joined

from .judging import judgements
from .lines import processor
from .machine_text import stale_note
from .queries import alike, facts
from .queries import conditions as on
from .queries.alike import Alike, Fields, Listed
from .queries.rulings import ruling
from .readiness import GROUPS, Judgement, Machine, Readiness, assess, read_facts
from .readiness.criteria import Criterion
from .settings import settings_of

_FEW = 6
_FEW_PARTS = 200
P = ParamSpec("P")
T = TypeVar("T")
_ASKED = ("replace", "upgrade", "fixable", "unknown", "meets")
"""The groups of machines whose hardware decides."""


@dataclass(frozen=True, slots=True)
class Part:
    """Machines of which the same counts."""

    judgement: Judgement
    size: int
    stale: int
    """How many were not seen for long, or never."""
    listed: Sequence[int | None]
    """What the survey was asked to tell of each."""


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
        return _total((part.judgement.group, part.size) for part in self.parts)

    def of(self, group: str) -> list[Part]:
        """Return the machines of a group or of one of the two subgroups of Windows 11."""
        return [part for part in self.parts if part.judgement.is_in(group)]


async def survey(call: Call, customer_id: int | None, listed: Listed = "unread") -> Survey:
    """Judge all machines, or those of one customer."""
    settings = settings_of(call)
    fields = Fields(settings.fields, settings.facts_field)
    conditions = [] if customer_id is None else [on.is_of(customer_id)]
    ruled = await ruling(call.db, conditions)
    found = await alike.in_hardware(
        call.db,
        conditions,
        fields,
        ruled,
        seen_since=call.now - timedelta(days=settings.stale_days),
        listed=listed,
    )
    judged = await judgements(call, found, fields, ruled)
    return await aside(len(found), _joined, found, judged)


async def aside(parts: int, work: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
    """Return what `work` returns: of a big fleet it takes long, and others want answers meanwhile."""
    # A few parts are done before a thread has begun.
    return work(*given, **named) if parts < _FEW_PARTS else await asyncio.to_thread(work, *given, **named)


def _joined(found: Sequence[Alike], judged: Mapping[int, Judgement]) -> Survey:
    """Return the machines of equal judgement as one part each: thousands of kinds of hardware have a few hundred of them."""
    parts: dict[int, list[Alike]] = defaultdict(list)
    for part in found:
        if part.hash in judged:
            parts[id(judged[part.hash])].append(part)
    return Survey(
        [
            Part(
                judged[some[0].hash],
                sum(part.size for part in some),
                sum(part.stale for part in some),
                list(chain.from_iterable(part.listed or () for part in some)),
            )
            for some in parts.values()
        ]
    )


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
    failing = _reasons(
        (part.judgement.failing, part.size) for part in (*found.of("replace"), *found.of("upgrade"))
    )
    lines += _counted("Fails (a machine may have several)", failing)
    fixable = _reasons((part.judgement.fixable, part.size) for part in found.of("fixable"))
    lines += _counted("Fixable", fixable)
    missing = _reasons((part.judgement.missing, part.size) for part in found.of("unknown"))
    lines += _counted("Not known", missing)
    candidates = [part for part in found.parts if part.judgement.group in _ASKED]
    return [*lines, *_by_microsoft(candidates), *_doubts(candidates, call)]


def _more(found: Survey, group: str) -> str:
    if group == "not_applicable":
        reasons = _total((part.judgement.why_not_applicable, part.size) for part in found.of(group))
        return f": {_list(reasons)}" if reasons else ""
    if group != "on_11":
        return ""
    unsupported = sum(part.size for part in found.of("on_11_unsupported"))
    releases = _total((part.judgement.ended or "", part.size) for part in found.of("on_11_ended"))
    which = f" ({_list(releases)})" if releases else ""
    return (
        f": {unsupported} on unsupported hardware,"
        f" {releases.total()} in a release without security updates{which}"
    )


def _reasons(found: Iterable[tuple[frozenset[str], int]]) -> Counter[str]:
    return _total((name, size) for names, size in found for name in names)


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
    told = sum(part.size for part in parts if part.judgement.is_by_microsoft)
    differing = sum(part.size for part in parts if part.judgement.differs)
    if not told:
        return []
    return [f"Decided by Microsoft's own check: {told}, of which {differing} differ from our reading"]


def _doubts(parts: Sequence[Part], call: Call) -> list[str]:
    stale = sum(part.stale for part in parts)
    days = settings_of(call).stale_days
    return (
        [f"Old data: {stale} of these machines not seen for {days} days or more, or never"] if stale else []
    )


def by_customer(found: Survey, names: Mapping[int, str]) -> list[tuple[str, Counter[str]]]:
    """Return the counts of each customer, those with most work first; the survey has to list `customers`."""
    customers: dict[int | None, Counter[str]] = defaultdict(Counter)
    for group in GROUPS:
        ids = chain.from_iterable(part.listed for part in found.of(group))
        for id_, size in Counter(ids).items():
            customers[id_][group] = size
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
