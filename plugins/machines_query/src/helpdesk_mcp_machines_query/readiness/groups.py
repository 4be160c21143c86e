"""Which group a machine is in. The groups divide a fleet: every machine is in exactly one, so their counts add up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from helpdesk_mcp_machines_query.systems import System

from .criteria import Criterion, judge
from .facts import Facts, MicrosoftVerdict
from .inventory import Machine

Group = Literal["replace", "upgrade", "fixable", "unknown", "meets", "on_11", "virtual", "not_applicable"]
GROUPS: dict[Group, str] = {
    "replace": "fails, must be replaced (processor)",
    "upgrade": "fails, upgrade a part (memory, disk)",
    "fixable": "fixable by a setting or reinstallation",
    "unknown": "no failure seen, but facts are missing",
    "meets": "meets the requirements",
    "on_11": "already on Windows 11",
    "virtual": "virtual machines (vTPM and generation decide)",
    "not_applicable": "not applicable",
}
SUBGROUPS = {
    "on_11_unsupported": "on Windows 11, on unsupported hardware",
    "on_11_ended": "on Windows 11, in a release without security updates",
}
_PARTS = {"memory", "disk", "cores"}


@dataclass(frozen=True, slots=True)
class Readiness:
    """What is known about one machine and Windows 11."""

    machine: Machine
    system: System
    facts: Facts
    group: Group
    ours: Group
    """The group that the hardware alone would be in, without Microsoft's own verdict."""
    criteria: tuple[Criterion, ...] = ()
    """Empty where the hardware is not judged."""
    why_not_applicable: str = ""
    is_unsupported: bool = False
    """On Windows 11 although the hardware fails."""
    is_ended: bool = False
    """On a release of Windows 11 that gets no security updates."""

    @property
    def microsoft(self) -> MicrosoftVerdict | None:
        """Return the verdict of Microsoft's own tools, which outranks ours."""
        return self.facts.microsoft if self.criteria else None

    @property
    def differs(self) -> bool:
        """Return whether Microsoft's verdict says something else than ours; it settles an unknown without differing."""
        return self.microsoft is not None and self.ours not in {
            "unknown",
            _by_microsoft(self.criteria, self.microsoft),
        }

    def of(self, *statuses: str) -> list[Criterion]:
        """Return the criteria with one of these statuses."""
        return [criterion for criterion in self.criteria if criterion.status in statuses]

    @property
    def missing(self) -> list[str]:
        """Return the names of the criteria that are not decided."""
        return [criterion.name for criterion in self.of("unknown", "conditional")]


def assess(machine: Machine, facts: Facts, today: date) -> Readiness:
    """Return the readiness of one machine."""
    system = machine.system
    if reason := _out_of_scope(system):
        return Readiness(
            machine, system, facts, "not_applicable", "not_applicable", why_not_applicable=reason
        )
    # The bar for IoT editions is lower and a virtual machine's is its host's: neither is held to this one.
    is_judged = not (machine.is_virtual or system.is_iot)
    if system.is_windows_11:
        criteria = judge(machine, facts) if is_judged else ()
        is_failing = is_judged and _group(criteria, facts.microsoft) in {"replace", "upgrade"}
        ours = _ours(criteria) if is_judged else "on_11"
        return Readiness(machine, system, facts, "on_11", ours, criteria, "", is_failing, system.ended(today))
    if machine.is_virtual:
        return Readiness(machine, system, facts, "virtual", "virtual")
    criteria = judge(machine, facts)
    return Readiness(machine, system, facts, _group(criteria, facts.microsoft), _ours(criteria), criteria)


def _out_of_scope(system: System) -> str:
    if system.kind in {"server", "mac", "linux"}:
        return {"server": "servers", "mac": "macOS", "linux": "Linux"}[system.kind]
    return "IoT editions (lower requirements)" if system.is_iot and not system.is_windows_11 else ""


def _group(criteria: Sequence[Criterion], microsoft: MicrosoftVerdict | None) -> Group:
    return _ours(criteria) if microsoft is None else _by_microsoft(criteria, microsoft)


def _ours(criteria: Sequence[Criterion]) -> Group:
    failing = {criterion.name for criterion in criteria if criterion.status == "fail"}
    statuses = {criterion.status for criterion in criteria}
    if "processor" in failing:
        return "replace"
    if failing:
        return "upgrade"
    if "fixable" in statuses:
        return "fixable"
    return "unknown" if statuses & {"unknown", "conditional"} else "meets"


def _by_microsoft(criteria: Sequence[Criterion], verdict: MicrosoftVerdict) -> Group:
    if verdict.is_capable:
        return "meets"
    if not verdict.reasons:
        return "unknown"
    if "processor" in verdict.reasons:
        return "replace"
    fixable = {criterion.name for criterion in criteria if criterion.status == "fixable"}
    parts = (_PARTS & set(verdict.reasons)) - fixable
    return "upgrade" if parts else "fixable"
