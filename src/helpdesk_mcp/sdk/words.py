"""Strangers' words on a line of ours: titles and names outside of a fence.

One line, no invisible characters, nothing that looks like a fence, and no separator, so that a title cannot add a field to its
own line. Longer texts go into a fence (`Call.untrusted`).
"""

import re
from collections.abc import Iterable

from helpdesk_mcp.text import clean

SEPARATOR = " · "
_PLAIN = re.compile(r"[!-;=?-_a-~]+(?: [!-;=?-_a-~]+)*")
"""Words of printable ASCII without < > `, one space between them: nearly all names and titles, and nothing to do for them."""
_FENCES = re.compile(r"<(?=<)|>(?=>)|`(?=`)")


def inert(text: str | None, longest: int = 70) -> str:
    """Return a stranger's words on one line, cut to `longest` characters, unable to pass for anything else."""
    if not text:
        return ""
    words = text if _PLAIN.fullmatch(text) else _harmless(text)
    return words if len(words) <= longest else f"{words[: longest - 1].rstrip()}…"


def _harmless(text: str) -> str:
    return _FENCES.sub(r"\g<0> ", " ".join(clean(text).split())).replace("·", "-")


def quoted(text: str | None, longest: int = 70) -> str:
    """Return a stranger's words on one line, in quotation marks that they cannot close."""
    return f'"{inert(text, longest).replace(chr(34), chr(39))}"'


def joined(parts: Iterable[str | None]) -> str:
    """Return the parts that are not empty as one line."""
    return SEPARATOR.join(part for part in parts if part)
