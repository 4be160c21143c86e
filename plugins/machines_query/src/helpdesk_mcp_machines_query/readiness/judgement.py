"""What counts of a machine's readiness where machines are counted."""

from dataclasses import dataclass
from functools import lru_cache

from .groups import Group, Readiness

_UNLISTED = frozenset(("TPM", "Secure Boot"))
"""Criteria whose facts are in no inventory."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on a machine without the machine: nothing in it tells whose it is."""

    group: Group
    failing: frozenset[str] = frozenset()
    """Names of criteria; by Microsoft's word where that differs from ours."""
    fixable: frozenset[str] = frozenset()
    missing: frozenset[str] = frozenset()
    """Names of the criteria that are not decided."""
    is_by_microsoft: bool = False
    differs: bool = False
    """Whether Microsoft's verdict says something else than ours."""
    why_not_applicable: str = ""
    is_unsupported: bool = False
    ended: str | None = None
    """The release of Windows 11 that gets no security updates, and its edition; None: it gets them, or it is not Windows 11."""

    @property
    def lacks_facts(self) -> bool:
        """Return whether facts are missing that only custom values can tell, and somebody waits for them."""
        return self.group != "on_11" and not _UNLISTED.isdisjoint(self.missing)

    def is_in(self, group: str) -> bool:
        """Return whether the machine is in a group, or in one of the two subgroups of Windows 11."""
        if group == "on_11_unsupported":
            return self.is_unsupported
        if group == "on_11_ended":
            return self.ended is not None
        return self.group == group


def judgement(one: Readiness) -> Judgement:
    """Return what counts of it; one object for all that are equal."""
    failing = frozenset[str](criterion.name for criterion in one.of("fail"))
    if one.microsoft is not None and one.differs:
        failing = frozenset(one.microsoft.reasons) or failing
    return _one_of_each(
        Judgement(
            group=one.group,
            failing=failing,
            fixable=frozenset(criterion.name for criterion in one.of("fixable")),
            missing=frozenset(one.missing),
            is_by_microsoft=one.microsoft is not None,
            differs=one.differs,
            why_not_applicable=one.why_not_applicable,
            is_unsupported=one.is_unsupported,
            ended=f"{one.system.version} {one.system.edition}".strip() if one.is_ended else None,
        )
    )


@lru_cache(maxsize=4096)
def _one_of_each(judged: Judgement) -> Judgement:
    return judged
