"""Marks where a stranger's words begin and end, in a way the stranger cannot know and so cannot close."""

import re
import secrets

from .invisible import clean

_MARK = re.compile(r"[0-9A-Za-z]{4,32}")
_OURS = re.compile(r"[0-9a-f]+")
"""What new_mark makes."""
_OPENS = re.compile(r"<<(?=\s*untrusted)", re.IGNORECASE)
_CLOSES = re.compile(r"(?<=[0-9a-f]{4})(\s*)>>", re.IGNORECASE)


def new_mark() -> str:
    """Return a mark for the fences of one answer: 6 characters that nobody can foresee."""
    return secrets.token_hex(3)


def fence(text: str, label: str, mark: str | None = None) -> str:
    """Return the text between two lines that carry the mark, cleaned of what a reader would not see.

    The mark, and lines that look like a fence, are made harmless inside. Raises ValueError for a mark that is not 4 to 32
    plain letters and digits; without one, a new one is made.
    """
    mark = new_mark() if mark is None else mark
    if not _MARK.fullmatch(mark):
        raise ValueError("A fence's mark is 4 to 32 plain letters and digits: take one from new_mark().")
    inside = _harmless(text, mark)
    title = " ".join(_harmless(label, mark).replace("<<", "< <").replace(">>", "> >").split())
    return f"<<untrusted {mark}: {title}\n{inside}\n{mark}>>"


def _harmless(text: str, mark: str) -> str:
    seen = clean(text)
    # A plain look tells nearly always that there is nothing to do. Only for marks of ours: no letter of another alphabet is
    # the same as one of theirs in another case.
    if mark in seen.lower() or not _OURS.fullmatch(mark):
        seen = re.sub(re.escape(mark), "[mark]", seen, flags=re.IGNORECASE)
    if "<<" in seen:
        seen = _OPENS.sub("< <", seen)
    return _CLOSES.sub(r"\1> >", seen) if ">>" in seen else seen
