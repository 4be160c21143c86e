"""AMD: Zen+ and later are supported, with Zen parts sold under later numbers in between."""

import re

from .rules import Rule, first
from .verdict import Line, Verdict

_EPYC = re.compile(r"\bepyc (?:embedded )?(\d)(\w{2})(\w)")
_THREADRIPPER = re.compile(r"\bthreadripper (?:pro )?(\d)\d{3}")
_EMBEDDED = re.compile(r"\b(?:embedded )?([vr])(\d)\d{3}[a-z]{0,2}\b|\bembedded (\d)\w{3}")
_RYZEN = re.compile(r"\bryzen ([3579]) (pro )?(\d{4})([a-z]\w*)?")
_RYZEN_SHORT = re.compile(r"\bryzen (?:[3579] (?:pro )?\d{2,3}(?!\d)|ai\b|z\d)")
_SURFACE = re.compile(r"\bryzen ([3579]) microsoft surface")
_ATHLON_ZEN = re.compile(r"\b(?:gold|silver)\b|\b(?:300ge|320ge|300u|7[12]20[a-z]|3[01]45b)\b")
_ATHLON_OLD_ZEN = re.compile(r"\b2[024]0ge\b")
_SAMPLE = re.compile(
    r"\beng\b|\bsample\b|\bcustom\b|\b4700s\b|\b4800s\b|\bxbox\b|^amd \d[a-z]\d{5}|\bunknown\b"
)
_OLD = re.compile(
    r"\b(?:fx|a\d{1,2}|e\d?|c-\d+|r-\d+\w*|z-\d+|gx-\w+|rx-\w+|phenom|opteron|turion|sempron|duron|k\d|v\d{2,3}|neo|mobile|geode|g-?series|tdp|"
    r"[ae]\d-\w+|e-\d+|g-t\w+|quad|dual)\b"
)
_OLD_ATHLON = re.compile(
    r"\b(?:64|x[234]|ii|xp|mp|le|neo|dual|\d{4}\+|[1-6]\d{3}[a-z]?|7[4-9]50|[xl]\w+|\d{3}\w?|tf-\d+|q[il]-\d+)\b"
)
_ZEN_PLUS_SUFFIXES = frozenset(("", "x", "e"))


def judge(name: str) -> Verdict:
    """Return the verdict on a bare name of AMD."""
    return first(_RULES, name) or Line("AMD", "").unknown("No rule covers this AMD processor.")


def _epyc(name: str) -> Verdict:
    line = Line("AMD", "EPYC")
    found = _EPYC.search(name)
    if found is None:
        return line.unknown("This EPYC has no number in its name.")
    series, last = found[1], found[3]
    if series == "3" or (series == "7" and last == "1"):
        return line.no("EPYC of the first generation (7001, 3000) is not supported.")
    if series == "7" and last.isdigit():
        return line.yes()
    return line.yes() if series in {"4", "7", "8", "9"} else line.unknown()


def _ryzen(name: str) -> Verdict:
    if found := _THREADRIPPER.search(name):
        line = Line("AMD", "Ryzen Threadripper", int(found[1]))
        return line.no() if found[1] == "1" else line.yes()
    if found := _RYZEN.search(name):
        return _numbered(found[1], found[3], found[4] or "", is_pro=bool(found[2]))
    if (found := _EMBEDDED.search(name)) and ("embedded" in name or found[1]):
        return _embedded(found)
    if found := _SURFACE.search(name):
        return Line("AMD", f"Ryzen {found[1]}", 3).yes(
            "Surface Editions are Ryzen 3580U and 3780U, which are supported."
        )
    if _RYZEN_SHORT.search(name):
        return Line("AMD", "Ryzen AI" if " ai" in name else "Ryzen").yes()
    return Line("AMD", "Ryzen").unknown("This Ryzen has no number in its name.")


def _numbered(tier: str, number: str, suffix: str, *, is_pro: bool) -> Verdict:
    generation, rest = int(number[0]), number[1:]
    line = Line("AMD", f"Ryzen {tier}", generation)
    if generation == 1:
        if rest in {"200", "600"} and not suffix and not is_pro:
            return line.conditional(
                f"The Ryzen {tier} 1{rest} was sold with two designs, one of them supported: needs the processor's family, model and stepping (Win32_Processor.Caption in a custom field)."
            )
        return line.no()
    if generation == 2:  # noqa: PLR2004 - the thousand that holds both Zen and Zen+
        if suffix in _ZEN_PLUS_SUFFIXES:
            return line.yes("Ryzen 2000 without graphics (Zen+) is on Microsoft's lists.")
        return line.no("Ryzen 2000 with graphics is of the first Zen design, which is not supported.")
    return line.yes() if generation else line.unknown()


def _embedded(found: re.Match[str]) -> Verdict:
    kind, thousand = found[1] or "", found[2] or found[3]
    line = Line("AMD", "Ryzen Embedded", int(thousand))
    if kind == "v" and thousand == "1":
        return line.no("Ryzen Embedded V1000 is not supported.")
    if kind == "r" and thousand == "1":
        return line.yes("Ryzen Embedded R1000 passes Microsoft's rule; its lists do not name it.", "rule")
    return line.yes()


def _athlon(name: str) -> Verdict:
    line = Line("AMD", "Athlon")
    if "3000g" in name:
        return line.conditional(
            "The Athlon 3000G is listed, and an early stepping of it fails: needs the processor's family, model and stepping (Win32_Processor.Caption in a custom field)."
        )
    if _ATHLON_ZEN.search(name):
        return line.yes()
    if _ATHLON_OLD_ZEN.search(name):
        return line.no("Athlon 200GE, 220GE and 240GE are of the first Zen design, which is not supported.")
    return line.no() if _OLD_ATHLON.search(name) or name.endswith("athlon") else line.unknown()


_RULES: tuple[Rule, ...] = (
    (_SAMPLE, lambda _: Line("AMD", "").unknown("This is a sample, a custom or a console processor.")),
    (re.compile(r"\bryzen\b"), lambda found: _ryzen(found.string)),
    (re.compile(r"\bepyc\b"), lambda found: _epyc(found.string)),
    (re.compile(r"\bathlon\b"), lambda found: _athlon(found.string)),
    (
        re.compile(r"\b3(?:015|020)(?:ce|e)\b"),
        lambda _: Line("AMD", "3000 Series").yes("Microsoft lists 3015e and 3020e.", "listed"),
    ),
    (_EMBEDDED, _embedded),
    (
        _OLD,
        lambda _: Line("AMD", "FX, A, E, Phenom and earlier").no(
            "AMD processors from before Ryzen are not supported."
        ),
    ),
)
