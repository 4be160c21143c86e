"""Says what a text holds that its reader would not have seen."""

import re
from collections.abc import Iterable, Iterator

from .invisible import Kind, suspects
from .plain import page_of

# Left by mail programs on every other mail: conditional comments for Outlook, clipboard marks, the names of converters.
_ORDINARY_COMMENT = re.compile(
    r"\s*(?:\[(?:if|endif)\b|<?!\[(?:if|endif)|(?:Start|End)Fragment|Converted from text/|(?:end of )?AOLMsgPart)",
    re.IGNORECASE,
)
_LONGEST_SPELLING = 40
_FIRST_TAG = 0xE0000
_NAMES = {
    Kind.INVISIBLE: "invisible character",
    Kind.BIDI: "bidirectional control",
    Kind.BIDI_OVERRIDE: "bidirectional override",
    Kind.VARIATION: "stray variation selector",
    Kind.CONTROL: "control character",
}


def inspect_hidden(source: str) -> tuple[str, ...]:
    """Return one phrase for each way something is hidden in the source (HTML or plain), none for a clean one.

    What honest mail programs leave behind is not reported. A phrase about tag characters quotes them (40 at most): it
    belongs inside the fence, beside the text it speaks of.
    """
    page = page_of(source)
    hidden = len("".join(page.hidden.split()))
    comments = [
        comment
        for comment in page.comments
        if comment.strip(" -\n\r\t") and not _ORDINARY_COMMENT.match(comment)
    ]
    return (
        *_characters(page.text + page.hidden),
        *([f"text hidden by CSS ({_count(hidden, 'character')})"] if hidden else []),
        *_comments(comments),
    )


def _comments(comments: list[str]) -> Iterator[str]:
    if comments:
        size = _count(sum(map(len, comments)), "character")
        yield f"{_plural(len(comments), 'HTML comment')} ({size})"


def _characters(text: str) -> Iterator[str]:
    found = suspects(text)
    for kind, name in _NAMES.items():
        if count := sum(1 for one, _ in found if one is kind):
            yield _count(count, name)
    if tags := [char for kind, char in found if kind is Kind.TAG]:
        yield f"tag characters spelling: {_spelled(tags)}"


def _spelled(tags: Iterable[str]) -> str:
    letters = [chr(ord(tag) - _FIRST_TAG) for tag in tags]
    shown = "".join(letter for letter in letters if letter.isprintable())
    more = len(shown) - _LONGEST_SPELLING
    return shown if more <= 0 else f"{shown[:_LONGEST_SPELLING]} (and {more} more)"


def _plural(count: int, name: str) -> str:
    return name if count == 1 else f"{count} {name}s"


def _count(count: int, name: str) -> str:
    return f"{count} {name}" + ("" if count == 1 else "s")
