"""The new part of a mail: what it quotes and what it is signed with are cut off, and counted."""

from dataclasses import dataclass

from .quotes import attributed_quote, first_line_of_tail, is_quoted, with_rule
from .signature import first_line_of_footer, first_line_of_signature


@dataclass(frozen=True, slots=True)
class Folded:
    """A mail's new words, and how many lines (blank ones not counted) were cut from it as quote and as signature."""

    body: str
    quoted_lines: int
    signature_lines: int


def fold(text: str, author: str = "") -> Folded:
    """Return the new part of a plain text mail (see `to_plain`) and what was cut; all of it where nothing would be left.

    `author` is the sender's full name, where it is known: with it a signature is told from a last sentence more often.
    Answers written between quoted lines are kept together with these lines.
    """
    lines = text.split("\n")
    kept, tail = _split(lines, _first_line_of_tail(lines))
    kept, footer = _split(kept, first_line_of_footer(kept))
    kept, trailing = _split(kept, _first_line_of_trailing_quote(kept))
    leading, kept = _split(kept, _end_of_leading_quote(kept))
    # Without a cut since the last look nothing else stands at the end.
    is_same = not (trailing or leading or _count(footer))
    kept, footer_above = _split(kept, len(kept) if is_same else first_line_of_footer(kept))
    kept, signature = _split(kept, first_line_of_signature(kept, author))
    signed = _count(footer) + _count(footer_above) + _count(signature)
    quoted = _count(tail) + _count(trailing) + _count(leading)
    if not _count(kept):
        return Folded(text, 0, 0)
    return Folded("\n".join(kept).strip("\n"), quoted, signed)


def _first_line_of_tail(lines: list[str]) -> int:
    at = first_line_of_tail(lines)
    return len(lines) if at is None or not _count(lines[:at]) else at


def _first_line_of_trailing_quote(lines: list[str]) -> int:
    marked = _marked(lines)
    at = len(lines)
    while at and (marked[at - 1] or not lines[at - 1].strip()):
        at -= 1
    return with_rule(lines, at) if any(marked[at:]) else at


def _end_of_leading_quote(lines: list[str]) -> int:
    """Return where the answer starts that stands below one quote; 0 where answers stand between quotes."""
    marked = _marked(lines)
    at = 0
    while at < len(lines) and (marked[at] or not lines[at].strip()):
        at += 1
    return 0 if any(marked[at:]) or not any(marked[:at]) else at


def _marked(lines: list[str]) -> list[bool]:
    """Say of each line whether it is quoted: it has the mark, or is the "On … wrote:" line of those that have."""
    marked = [is_quoted(line) for line in lines]
    if not any(marked):
        return marked
    for at in range(len(lines)):
        if marked[at]:
            continue
        count, followed = attributed_quote(lines, at)
        if followed:
            marked[at : at + count] = [True] * count
    return marked


def _split(lines: list[str], at: int) -> tuple[list[str], list[str]]:
    return lines[:at], lines[at:]


def _count(lines: list[str]) -> int:
    return len(list(filter(str.strip, lines)))
