"""Intel Core: the names since 2006, by generation."""

import re

from .rules import Rule, first
from .verdict import Line, Verdict

_FIRST, _LAST_I = 8, 14
_KABY_LAKE = 7
_HEDT_OF_GENERATION_6 = ("7640", "7740")
MODEL_DECIDES = "7820HQ"
"""In the name of the one processor whose verdict depends on the computer that it is in."""
EXCEPTED_MODELS = ("surface studio 2", "precision 5520")
"""The two computers for which Microsoft lists it."""

_NEEDS_SIGNATURE = "needs the processor's stepping (Win32_Processor.Caption in a custom field)"
_I7_7820HQ = re.compile(rf"\bi7-{MODEL_DECIDES}\b", re.IGNORECASE)


def judge(name: str, model: str) -> Verdict | None:
    """Return the verdict on a bare name, or None where it is no Intel Core; `model` is the computer's, in lower case."""
    if _I7_7820HQ.search(name):
        return _i7_7820hq(model)
    return first(_RULES, name)


def _numbered(tier: str, number: str, suffix: str) -> Verdict:
    family = f"Core i{tier}"
    if len(number) <= 3:  # noqa: PLR2004 - i7-870, i5 430: the first generation has three digits
        return _first_generation(family, number)
    is_short = len(number) == 4 and not number.startswith("1")  # noqa: PLR2004 - one digit of generation, then three
    generation = int(number[0]) if is_short else int(number[:2])
    line = Line("Intel", family, generation)
    if generation == _KABY_LAKE:
        return _seventh(line, number, suffix)
    if generation < _FIRST and is_short:
        return line.no() if generation > 1 else line.unknown()
    if generation > _LAST_I or (not is_short and generation < 10):  # noqa: PLR2004 - two digits begin with 10
        return line.unknown(f"There is no {family} with the number {number} that a rule knows.")
    return line.yes()


def _first_generation(family: str, number: str) -> Verdict:
    line = Line("Intel", family, 1)
    return line.no() if len(number) == 3 else Line("Intel", family).unknown()  # noqa: PLR2004 - as above


def _seventh(line: Line, number: str, suffix: str) -> Verdict:
    if suffix.startswith("x"):
        if number in _HEDT_OF_GENERATION_6:
            return line.no("Kaby Lake-X is not on Microsoft's lists.", "listed")
        return line.yes("Core X of the 7000 series is on Microsoft's lists.")
    if number == "7020" and suffix == "u":
        return line.conditional(
            f"The i3-7020U exists in two steppings, one of them supported: {_NEEDS_SIGNATURE}."
        )
    return line.no("Intel Core of generation 7 is not supported, one generation too old.")


def _i7_7820hq(model: str) -> Verdict:
    line = Line("Intel", "Core i7", _KABY_LAKE)
    if any(excepted in model for excepted in EXCEPTED_MODELS):
        return line.yes("Microsoft lists the i7-7820HQ for this computer.", "listed")
    if model:
        return line.no(
            "The i7-7820HQ is supported only in the Surface Studio 2 and the Precision 5520.", "listed"
        )
    return line.conditional(
        "The i7-7820HQ is supported only in the Surface Studio 2 and the Precision 5520: needs the computer's model."
    )


_RULES: tuple[Rule, ...] = (
    (
        re.compile(r"core ?2\b|core (?:duo|solo)\b|\bcore t\d{4}"),
        lambda _: Line("Intel", "Core 2 and Core Duo").no(
            "Intel Core processors of 2006 to 2009 are not supported."
        ),
    ),
    (
        re.compile(r"\bultra x?([3579])[ -](\d{3})(?!\d)"),
        lambda found: Line("Intel", f"Core Ultra {found[1]}").yes(
            "All Intel Core Ultra processors are supported."
        ),
    ),
    (
        re.compile(r"\bcore ([3579])[ -](?:[123]\d\d|n3\d\d)(?!\d)"),
        lambda found: Line("Intel", f"Core {found[1]}").yes(),
    ),
    (
        re.compile(r"\bi([3579])-(?:n30[05]|l13g4|l16g7)\b"),
        lambda found: Line("Intel", f"Core i{found[1]}").yes("Microsoft lists this model.", "listed"),
    ),
    (
        re.compile(r"\bm3-8100y\b"),
        lambda _: Line("Intel", "Core m3", _FIRST).yes("Microsoft lists the m3-8100Y.", "listed"),
    ),
    (
        re.compile(r"\b(i[3579]|m[357]?)[- ]*([4-7])y\d\d"),
        lambda found: Line("Intel", f"Core {found[1]}", int(found[2])).no(),
    ),
    (
        re.compile(r"\bi([3579])[- ]*(?:[mqxulsk]|[qlu]m) ?\d{3}\b"),
        lambda found: Line("Intel", f"Core i{found[1]}", 1).no(),
    ),
    (
        re.compile(r"\bi([3579])[- ]*(\d{1,5})(?:[ -]?([a-z][a-z0-9]*))?"),
        lambda found: _numbered(found[1], found[2], found[3] or ""),
    ),
)
