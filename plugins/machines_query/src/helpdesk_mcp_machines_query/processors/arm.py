"""Qualcomm: few enough that each series is named."""

import re

from .verdict import Line, Verdict

_SERIES = re.compile(
    r"\bsq([123])\b|\b(7c\+?|8cx?)(?= |$)|\b(850)\b|\b(x2?)(?: (?:elite|plus|extreme))*(?= |$)|\b(x[12][ep]?-?\d[a-z0-9-]*)|\bqc[ms](5430|6490)\b"
)
_OLD = re.compile(r"\b835\b")


def judge(name: str) -> Verdict:
    """Return the verdict on a bare name of Qualcomm, or of Microsoft's SQ that Qualcomm makes."""
    line = Line("Qualcomm", "Snapdragon")
    if _OLD.search(name):
        return line.no("The Snapdragon 835 is not supported.")
    if found := _SERIES.search(name):
        word = next(group for group in found.groups() if group)
        family = "Microsoft SQ" if found[1] else f"Snapdragon {word[:2].upper() if word[0] == 'x' else word}"
        return Line("Qualcomm", family.replace("X1", "X")).yes(f"{family.replace('X1', 'X')} is supported.")
    return line.unknown("This name does not say which Snapdragon it is.")
