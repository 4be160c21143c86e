"""A fleet and Windows 11: every machine judged, counted by group, reason and customer."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from helpdesk_mcp.sdk import Call

from .lines import inert, joined, processor, quoted
from .machine_text import stale_note
from .queries import facts, fleet
from .readiness import GROUPS, Facts, Readiness, assess
from .readiness.criteria import Criterion
from .search import fleet_facts
from .settings import settings_of

_NOTHING = Facts()
_FEW = 6
_UNLISTED = {"TPM", "Secure Boot"}
_ASKED = ("replace", "upgrade", "fixable", "unknown", "meets")
"""The groups of machines whose hardware decides."""
_HOW = (
    "TPM and Secure Boot are not in Atera's inventory. Run the collector script from Atera into the custom field"
    " {field} (docs/windows11.md), or fill the fields {tpm} and {secure_boot}."
)


@dataclass(frozen=True, slots=True)
class Survey:
    """The readiness of some machines."""

    found: Sequence[Readiness]

    def counts(self) -> Counter[str]:
        """Return how many machines each group has; they add up to all."""
        return Counter(one.group for one in self.found)

    def of(self, group: str) -> list[Readiness]:
        """Return the machines of a group or of one of the two subgroups of Windows 11."""
        if group == "on_11_unsupported":
            return [one for one in self.found if one.is_unsupported]
        if group == "on_11_ended":
            return [one for one in self.found if one.is_ended]
        return [one for one in self.found if one.group == group]


async def survey(call: Call, customer_id: int | None) -> Survey:
    """Judge all machines, or those of one customer."""
    machines = await fleet.machines(call.db, customer_id)
    known = await fleet_facts(call, customer_id)
    today = call.now.astimezone(call.zone).date()
    return Survey([assess(machine, known.get(machine.id, _NOTHING), today) for machine in machines])


def summary(found: Survey, call: Call) -> list[str]:
    """Return the counts of all groups, and the reasons behind them."""
    counts = found.counts()
    lines = [f"{counts[group]:>6}  {name}{_more(found, group)}" for group, name in GROUPS.items()]
    candidates = [one for one in found.found if one.group in _ASKED]
    failing = [one for one in candidates if one.group in {"replace", "upgrade"}]
    lines += _counted("Fails (a machine may have several)", _reasons(failing, "fail"))
    lines += _counted("Fixable", _reasons([one for one in candidates if one.group == "fixable"], "fixable"))
    unknown = [one for one in candidates if one.group == "unknown"]
    lines += _counted("Not known", _reasons(unknown, "unknown", "conditional"))
    lines += _by_microsoft(candidates)
    return [*lines, *_doubts(found, call)]


def _more(found: Survey, group: str) -> str:
    if group == "not_applicable":
        reasons = Counter(one.why_not_applicable for one in found.of(group))
        return f": {_list(reasons)}" if reasons else ""
    if group != "on_11":
        return ""
    unsupported, ended = found.of("on_11_unsupported"), found.of("on_11_ended")
    releases = Counter(f"{one.system.version} {one.system.edition}".strip() for one in ended)
    which = f" ({_list(releases)})" if releases else ""
    return f": {len(unsupported)} on unsupported hardware, {len(ended)} in a release without security updates{which}"


def _reasons(found: Iterable[Readiness], *statuses: str) -> Counter[str]:
    reasons: Counter[str] = Counter()
    for one in found:
        names = {criterion.name for criterion in one.of(*statuses)}
        if one.microsoft is not None and "fail" in statuses and one.differs:
            names = set(one.microsoft.reasons) or names
        reasons.update(names)
    return reasons


def _counted(title: str, counts: Counter[str]) -> list[str]:
    return [f"{title}: {_list(counts)}"] if counts else []


def _list(counts: Counter[str]) -> str:
    most = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:_FEW]
    rest = counts.total() - sum(size for _, size in most)
    told = ", ".join(f"{inert(name)} {size}" for name, size in most)
    return f"{told}, others {rest}" if rest else told


def _by_microsoft(found: Sequence[Readiness]) -> list[str]:
    told = [one for one in found if one.microsoft is not None]
    if not told:
        return []
    differing = sum(one.differs for one in told)
    return [f"Decided by Microsoft's own check: {len(told)}, of which {differing} differ from our reading"]


def _doubts(found: Survey, call: Call) -> list[str]:
    stale = sum(1 for one in found.found if one.group in _ASKED and stale_note(one, call))
    days = settings_of(call).stale_days
    return (
        [f"Old data: {stale} of these machines not seen for {days} days or more, or never"] if stale else []
    )


def by_customer(found: Survey) -> list[tuple[str, Counter[str]]]:
    """Return the counts of each customer, those with most work first."""
    customers: dict[tuple[int | None, str], Counter[str]] = {}
    for one in found.found:
        key = (one.machine.customer_id, one.machine.customer_name or "no customer")
        customers.setdefault(key, Counter())[one.group] += 1
    rows = [(name, counts) for (_, name), counts in customers.items()]
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


async def how_to_know(call: Call, found: Survey) -> list[str]:
    """Return what to do about facts that are missing, as notes for an answer; nothing where none is."""
    lacking = [one for one in found.found if one.group != "on_11" and _UNLISTED & set(one.missing)]
    if not lacking:
        return []
    settings = settings_of(call)
    fields = (settings.facts_field, settings.tpm_field, settings.secure_boot_field)
    names = dict(zip(("field", "tpm", "secure_boot"), map(quoted, fields), strict=True))
    notes = [_HOW.format(**names)]
    waiting = sum(one.machine.facts_read_at is None for one in lacking)
    if waiting and await facts.field_names(call.db):
        notes.append(
            f"The custom values of {waiting} of them are not read from Atera yet; the sync reads some in every cycle."
        )
    return notes
