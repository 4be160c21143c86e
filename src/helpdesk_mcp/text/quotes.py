"""Finds where a reply stops and what it answers begins.

Rules of our own, on plain lines, so that every line is either kept or counted. Two kinds of quote are told apart: lines
with a mark may stand between answers, while an old mail under a header block runs to the end.
"""

import re

from .phrases import ATTRIBUTIONS, COPY, FROM, ORIGINAL, REPLY_ABOVE, SENT, SUBJECT, TO

_ORIGINAL = re.compile(rf"[>\s]*[-_=*]{{2,}}\s*(?:{ORIGINAL})\s*[-_=*]{{2,}}")
_RULE = re.compile(r"\s*(?:-{3,}|_{3,}|\*{3,}|={3,})\s*")
_ROLES = {
    **dict.fromkeys(COPY, "copy"),
    **dict.fromkeys(SUBJECT, "subject"),
    **dict.fromkeys(TO, "to"),
    **dict.fromkeys(SENT, "sent"),
    **dict.fromkeys(FROM, "from"),
}
_HEADER = re.compile(
    r"\s*\*{0,2}([^\W\d_][^\W\d_\s:\-]{0,15}(?:-to)?(?: 사람| 날짜| la| el| le)?)\s*\*{0,2}\s*[:\uff1a]\*{0,2}\s*(\S?)"
)
_BIDI = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_DATED = re.compile(r"\d{4}|\d{1,2}[:.hH]\d{2}|\d{1,2}[./-]\d{1,2}")
_COLONS = (":", "\uff1a")
_AFTER_ADDRESS = ":\uff1a >)\"'"
_LONGEST_HEADER_NAME = 60
_NEAR = 4
_LONGEST_ATTRIBUTION = 400
_MOST_ATTRIBUTION_LINES = 4
_MOST_HEADER_LINES = 12


def is_quoted(line: str) -> bool:
    """Whether the line carries a quote mark."""
    return line.lstrip().startswith(">")


def first_line_of_tail(lines: list[str]) -> int | None:
    """Return where an old mail begins that runs to the end without quote marks, None without one."""
    roles = [_role(line[:_LONGEST_HEADER_NAME]) for line in lines]
    for at, line in enumerate(lines):
        if line.strip() and not is_quoted(line) and _starts_tail(lines, roles, at):
            return with_rule(lines, at)
    return None


def attributed_quote(lines: list[str], at: int) -> tuple[int, bool]:
    """Return how many lines from here are an "On … wrote:" line (0 when none), and whether marked lines follow."""
    count = len(_attribution(lines, at))
    below = [line for line in lines[at + count : at + count + _NEAR] if line.strip()] if count else []
    return (count, is_quoted(below[0])) if below else (0, False)


def _attribution(lines: list[str], at: int) -> list[str]:
    """Return the lines of the "On … wrote:" that begins here, none when there is none."""
    near = lines[at : at + _MOST_ATTRIBUTION_LINES]
    if not any(map(_has_colon, near)):
        return []
    joined = ""
    for count, line in enumerate(near, start=1):
        if not line.strip() or is_quoted(line) or len(joined) + len(line) > _LONGEST_ATTRIBUTION:
            return []
        if count == 1 and not _DATED.search(line):
            return []
        joined = f"{joined} {_BIDI.sub('', line).strip()}".lstrip("- ")
        if joined.endswith(_COLONS):
            return lines[at : at + count] if _is_attribution(joined.lower()) else []
    return []


def _starts_tail(lines: list[str], roles: list[str | None], at: int) -> bool:
    lowered = lines[at][:_LONGEST_ATTRIBUTION].strip().lower()
    if _ORIGINAL.fullmatch(lowered) or any(phrase in lowered for phrase in REPLY_ABOVE):
        return True
    if _is_header_block(lines, roles, at):
        return True
    # Without marks below it, a line must open and end as an attribution: a log may hold a date and an address as well.
    count, marked = attributed_quote(lines, at)
    return (
        bool(count) and not marked and _has_verb(" ".join(lines[at : at + count]).lower(), needs_start=True)
    )


def _is_header_block(lines: list[str], roles: list[str | None], at: int) -> bool:
    """Whether a mail's From, with date and To or Subject, begins here, in any known language."""
    if roles[at] in {None, "copy", "to"}:
        return False
    seen: set[str] = set()
    strangers = 0
    for line, role in zip(
        lines[at : at + _MOST_HEADER_LINES], roles[at : at + _MOST_HEADER_LINES], strict=True
    ):
        if role:
            seen.add(role)
            strangers = 0
        elif line.strip():
            # A long list of recipients wraps onto a line of its own.
            strangers += 1
        if strangers > 1:
            break
    return {"from", "sent"} <= seen and bool(seen & {"to", "subject"})


def _has_colon(line: str) -> bool:
    """Whether the line may be a header or end an attribution: most do not, and what asks more of them takes far longer."""
    return ":" in line or "\uff1a" in line


def _role(line: str) -> str | None:
    if not _has_colon(line):
        return None
    found = _HEADER.match(_BIDI.sub("", line).lower())
    if found is None:
        return None
    return _ROLES.get(found.group(1).replace(" ", "")) or _ROLES.get(found.group(1).split(" ")[0])


def _is_attribution(joined: str) -> bool:
    return "@" in joined.rstrip(_AFTER_ADDRESS).rpartition(" ")[2] or _has_verb(joined, needs_start=False)


def _has_verb(joined: str, *, needs_start: bool) -> bool:
    words = joined.lstrip("- ")
    end = words[-_LONGEST_HEADER_NAME:]
    free_start = not needs_start and (words[0].isdigit() or "@" in words)
    return any(
        words.startswith(start) and any(verb in end for verb in verbs) and (start or free_start)
        for start, *verbs in ATTRIBUTIONS
    )


def with_rule(lines: list[str], at: int) -> int:
    """Return the place of the rule that mail programs draw above an old mail, if it stands right before."""
    above = at - 1
    while above >= 0 and not lines[above].strip():
        above -= 1
    return above if above >= 0 and _RULE.fullmatch(lines[above]) else at
