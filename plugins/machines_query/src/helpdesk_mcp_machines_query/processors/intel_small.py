"""Intel Pentium, Celeron, Atom and the plain Intel Processor: the same number may mean opposite things in two of them."""

import re

from .verdict import Line, Verdict

_DESKTOP = re.compile(r"\bg(\d{4})[a-z]{0,2}\b")
_SOLDERED = re.compile(r"\b[nj](\d{4})[a-z]?\b")
_MOBILE = re.compile(r"\b(\d{4})([a-z]{1,2})\b|\b(\d{4})\b")
_PENTIUM_MOBILE = frozenset(("4417u", "4425y", "5405u", "6405u", "6500y", "6805", "7505", "8500", "8505"))
_PENTIUM_GOLD_OLD = re.compile(r"\b44[01]\d[uy]\b")
_CELERON_NEW = re.compile(r"\b[4-9]\d{3}[a-z]{0,2}\b")
_CELERON_MOBILE = re.compile(
    r"\b(?:3867u|4205u|4305ue?|5205u|5305u|5[2-9]\d\du?|6305e?|6600he|63\d\d[a-z]?|66\d\d[a-z]{0,2}|73\d\d[a-z]?)\b"
)
_GENERATION_5_ATOM = re.compile(r"\b[cp]5\d{3}")
_NEW_ATOM = re.compile(r"\bx[67]\d{3}")
_OLD_ATOM = re.compile(r"\bx[3579]-|\b[ndzesku]\d{3,4}[a-z]?\b|\bc[23]\d{3}|\b\d{3}\b|atom$")
_PLAIN = re.compile(r"\b(?:n(?:50|9[57]|100|150|200|250)|u30\d[a-z]{0,2}|3[01]0t?|n[12]\d\d)\b")
_CORE_M_2014 = re.compile(r"\b5y\d\d")
_OLD_SAMPLE = re.compile(r"\b[tul]\d{4}\b")


def pentium(name: str) -> Verdict:
    """Return the verdict on a bare name that says Pentium."""
    line = Line("Intel", _tier("Pentium", name))
    if found := _DESKTOP.search(name):
        number = int(found[1])
        return line.yes() if number >= 5400 and not 6900 <= number < 7000 else line.no()  # noqa: PLR2004 - G5400; G6950 is of 2010
    if found := _SOLDERED.search(name):
        return line.yes() if int(found[1]) >= 5000 else line.no()  # noqa: PLR2004 - N5000 and J5005, Gemini Lake
    if found := _MOBILE.search(name):
        number = found[3] or f"{found[1]}{found[2]}"
        if number in _PENTIUM_MOBILE:
            return line.yes("Microsoft lists this model.", "listed")
    # "Gold" and "Silver" came with the first supported ones, and a few older models got them too.
    is_new_name = line.family != "Pentium" and not _PENTIUM_GOLD_OLD.search(name)
    return line.unknown() if is_new_name else line.no()


def celeron(name: str) -> Verdict:
    """Return the verdict on a bare name that says Celeron."""
    line = Line("Intel", "Celeron")
    if found := _DESKTOP.search(name):
        return line.yes() if int(found[1]) >= 4900 else line.no()  # noqa: PLR2004 - G4900, Coffee Lake
    if found := _SOLDERED.search(name):
        return line.yes() if int(found[1]) >= 4000 else line.no()  # noqa: PLR2004 - N4000, Gemini Lake
    if _CELERON_MOBILE.search(name):
        return line.yes("Microsoft lists this model.", "listed")
    return line.unknown() if _CELERON_NEW.search(name) else line.no()


def atom(name: str) -> Verdict:
    """Return the verdict on a bare name that says Atom."""
    line = Line("Intel", "Atom")
    if _GENERATION_5_ATOM.search(name):
        return line.unknown("Atom C5000 and P5000 pass Microsoft's rule, and no list names them.")
    if _NEW_ATOM.search(name):
        return line.yes("Atom x6000 and x7000 are on Microsoft's lists.")
    return line.no() if _OLD_ATOM.search(name) else line.unknown()


def plain(name: str) -> Verdict:
    """Return the verdict on an Intel name without any of the known words."""
    line = Line("Intel", "Processor")
    if _CORE_M_2014.search(name):
        return Line("Intel", "Core M", 5).no()
    if name.startswith("genuine"):
        if _OLD_SAMPLE.search(name):
            return Line("Intel", "Core").no("Intel processors of 2006 are not supported.")
        return line.unknown("This is an engineering sample without a name.")
    if _PLAIN.search(name):
        return Line("Intel", "Processor N/U/300").yes(
            "Intel Processor N, U and 300 are on Microsoft's lists."
        )
    return line.unknown("This Intel processor's name has no number that a rule knows.")


def _tier(word: str, name: str) -> str:
    return next((f"{word} {tier.title()}" for tier in ("gold", "silver") if tier in name), word)
