"""Intel Xeon: where a hyphen decides between 2009 and 2017."""

import re

from .rules import Rule, first
from .verdict import Line, Verdict

_FIRST_D, _SKYLAKE_D = 1700, range(2100, 2200)


def judge(name: str) -> Verdict:
    """Return the verdict on a bare name that says Xeon."""
    return first(_RULES, name) or Line("Intel", "Xeon").unknown(
        "The name of this Xeon has no number that a rule knows."
    )


def _xeon_d(number: int) -> Verdict:
    line = Line("Intel", "Xeon D")
    if number < _FIRST_D:
        return line.no()
    if number in _SKYLAKE_D:
        return line.yes("Xeon D-2100 passes Microsoft's rule; its lists do not name it.", "rule")
    return line.yes()


_RULES: tuple[Rule, ...] = (
    (re.compile(r"\bphi\b"), lambda _: Line("Intel", "Xeon Phi").no()),
    (
        re.compile(r"\be[357][- ]?\d{4}|\be[357]\b"),
        lambda _: Line("Intel", "Xeon E3/E5/E7").no("Xeon E3, E5 and E7 are not supported in any version."),
    ),
    (
        re.compile(r"\b(bronze|silver|gold|platinum|max)\b"),
        lambda found: Line("Intel", f"Xeon {found[1].title()}").yes(),
    ),
    (re.compile(r"\bw-\d{4,5}|\bw[3579]-\d{4}"), lambda _: Line("Intel", "Xeon W").yes()),
    (re.compile(r"\be-2\d{3}"), lambda _: Line("Intel", "Xeon E").yes()),
    (re.compile(r"\bd-(\d{4})"), lambda found: _xeon_d(int(found[1]))),
    (re.compile(r"\b(?:6\d\d[a-z]?|6\d{3}[pe]\w?)\b"), lambda _: Line("Intel", "Xeon 6 and 600").yes()),
    (
        re.compile(r"\bxeon (?:mp |lv |uv )?[a-z]?\d{4}\b|\d\.\d+ ?ghz"),
        lambda _: Line("Intel", "Xeon").no(
            "Xeons with a four-digit number and no hyphen are from before 2012."
        ),
    ),
)
