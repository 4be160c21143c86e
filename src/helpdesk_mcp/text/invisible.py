"""Characters that a reader does not see but a model does, and which of them have an honest use.

Ranges from the Unicode Character Database: default-ignorable code points, bidirectional controls, tags, controls.
"""

import re
import unicodedata
from enum import Enum, auto


class Kind(Enum):
    """What an invisible character can be used for."""

    INVISIBLE = auto()
    BIDI_OVERRIDE = auto()
    BIDI = auto()
    TAG = auto()
    VARIATION = auto()
    CONTROL = auto()


_SOFT_HYPHEN = "\xad"
_BOM = "\ufeff"
_JOINERS = "\u200c\u200d"
_MARKS = "\u200e\u200f\u061c"
_BIDI_MARKS = frozenset(_MARKS)
_SUSPECTS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
# Scripts that write with joiners (Arabic to Sinhala, Myanmar, Khmer, Mongolian) or mark word ends with a zero-width space.
_JOINING_SCRIPTS = re.compile(
    "[\u0600-\u0dff\u0e00-\u109f\u1780-\u18af\ua840-\ua87f\ufb50-\ufdff\ufe70-\ufefe]"
)
_FLAG = "\U0001f3f4"
_LAST_FLAG_TAG = "\U000e007f"
_LONGEST_FLAG = 7
_RIGHT_TO_LEFT = {"R", "AL"}
_NEAR = 8


def clean(text: str) -> str:
    """Return the text without invisible, control, tag and bidirectional characters; emoji and scripts that need some keep them."""
    return _SUSPECTS.sub(lambda found: found.group() if _is_shown(text, found.start()) else "", text)


def suspects(text: str) -> list[tuple[Kind, str]]:
    """Return each invisible character that has no honest use where it stands, in order."""
    return [
        (_kind(found.group()), found.group())
        for found in _SUSPECTS.finditer(text)
        if not _is_ordinary(text, found.start())
    ]


def _kind(char: str) -> Kind:
    if char in "\u202d\u202e":
        return Kind.BIDI_OVERRIDE
    if char in _MARKS or "\u202a" <= char <= "\u202c" or "\u2066" <= char <= "\u2069":
        return Kind.BIDI
    if "\U000e0000" <= char <= _LAST_FLAG_TAG:
        return Kind.TAG
    if "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef":
        return Kind.VARIATION
    return Kind.CONTROL if unicodedata.category(char) == "Cc" else Kind.INVISIBLE


def _is_ordinary(text: str, at: int) -> bool:
    """Whether the character is one that honest mails hold: reported to nobody."""
    char = text[at]
    if char == _SOFT_HYPHEN or (char == _BOM and at == 0) or char in "\v\f\x1c\x1d\x1e":
        return True
    if char in _MARKS:
        # Windows writes dates with a mark between the parts; only several in a row can carry a message.
        return text[at + 1 : at + 2] not in _BIDI_MARKS and (at == 0 or text[at - 1] not in _BIDI_MARKS)
    if _kind(char) is Kind.BIDI:
        return _near_right_to_left(text, at)
    return _is_shown(text, at)


def _is_shown(text: str, at: int) -> bool:
    """Whether the character changes what is seen, and so must stay."""
    char = text[at]
    before = text[at - 1] if at else ""
    after = text[at + 1 : at + 2]
    if char in _JOINERS:
        return _joins(before, after)
    if char == "\u200b":
        return bool(_JOINING_SCRIPTS.match(before) and _JOINING_SCRIPTS.match(after))
    if char in _MARKS:
        return _near_right_to_left(text, at)
    kind = _kind(char)
    if kind is Kind.VARIATION:
        return (
            bool(before) and not _SUSPECTS.match(before) and not before.isspace() and not before.isascii()
        ) or (char == "\ufe0f" and before in "#*0123456789" and after == "\u20e3")
    return kind is Kind.TAG and _in_flag(text, at)


def _joins(before: str, after: str) -> bool:
    if _JOINING_SCRIPTS.match(before):
        return True
    pictures = ("So", "Sk", "Mn")
    return (
        bool(before and after)
        and unicodedata.category(before) in pictures
        and unicodedata.category(after) == "So"
    )


def _near_right_to_left(text: str, at: int) -> bool:
    around = text[max(0, at - _NEAR) : at + _NEAR + 1]
    return any(unicodedata.bidirectional(char) in _RIGHT_TO_LEFT and char not in _MARKS for char in around)


def _in_flag(text: str, at: int) -> bool:
    """Whether a tag character is part of a regional flag (England, Scotland, Wales), the only use Unicode has for it."""
    start = text.rfind(_FLAG, max(0, at - _LONGEST_FLAG), at)
    if start < 0:
        return False
    end = text.find(_LAST_FLAG_TAG, at, start + _LONGEST_FLAG + 1)
    return end >= 0 and all(_kind(char) is Kind.TAG for char in text[start + 1 : end])
