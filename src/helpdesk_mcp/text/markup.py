"""Takes out of a page what its parser must never see: comments, declarations, scripts and style sheets.

`html.parser` has corners that are quadratic or raise, different ones in each Python. Without these parts, and with no tag
left open at the end, it has none that we could find, and answers the same on every Python.
"""

import re
from dataclasses import dataclass

_RAW = re.compile(r"<!--|<(style|script)(?=[\s/>])", re.IGNORECASE)
_COMMENT_END = re.compile(r"--!?>")
_RAW_END = {name: re.compile(rf"</{name}", re.IGNORECASE) for name in ("style", "script")}
_DECLARATION = re.compile(r"<[!?][^<>]*>?")
_ORDINARY_DECLARATION = re.compile(r"<!doctype|<\?xml|<!\[(?:end)?if|<!\[CDATA", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Stripped:
    """A page without what the parser must not see, and what that was."""

    markup: str
    css: str
    comments: tuple[str, ...]


def strip_raw(source: str) -> Stripped:
    """Take out comments, declarations, scripts and style sheets, and escape a tag that never ends."""
    shown: list[str] = []
    css: list[str] = []
    comments: list[str] = []
    at = 0
    while opener := _RAW.search(source, at):
        shown.append(source[at : opener.start()])
        if opener.group(1):
            inside, at = _raw_element(source, opener)
            css.append(inside if opener.group(1).lower() == "style" else "")
        else:
            inside, at = _comment(source, opener.end())
            comments.append(inside)
    shown.append(source[at:])

    def declaration(found: re.Match[str]) -> str:
        if not _ORDINARY_DECLARATION.match(found.group()):
            comments.append(found.group().strip("<!?>"))
        return " "

    markup = _DECLARATION.sub(declaration, "".join(shown))
    last = markup.rfind(">") + 1
    return Stripped(markup[:last] + markup[last:].replace("<", "&lt;"), "\n".join(css), tuple(comments))


def _comment(source: str, start: int) -> tuple[str, int]:
    if source.startswith(">", start):
        return "", start + 1
    end = _COMMENT_END.search(source, start)
    return (source[start : end.start()], end.end()) if end else (source[start:], len(source))


def _raw_element(source: str, opener: re.Match[str]) -> tuple[str, int]:
    inside = source.find(">", opener.end()) + 1
    end = _RAW_END[opener.group(1).lower()].search(source, inside) if inside else None
    if end is None:
        return "", len(source)
    after = source.find(">", end.end()) + 1
    return source[inside : end.start()], after or len(source)
