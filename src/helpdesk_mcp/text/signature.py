"""Finds the signature, the phone's footer and the lawyers' paragraph at the end of a mail.

Cutting words that somebody meant is worse than leaving a signature, so each rule asks for evidence, and a bare
"Thanks, Alex" stays.
"""

import re

from .phrases import DISCLAIMER, MOBILE, NOTICE, SIGN_OFFS
from .quotes import is_quoted

_DELIMITER = re.compile(r"\s*(?:--|—)\s*")
_RULE = re.compile(r"\s*(?:-{5,}|_{5,}|\*{5,}|={5,})\s*")
_SIGN_OFF = re.compile(rf"\s*(?:{SIGN_OFFS})\s*[,.!;:]*\s*")
_MOBILE = re.compile(rf"\W{{0,3}}(?:{MOBILE})")
_LINKS = re.compile(r"[(<]?(?:https?://|www\.)[^\s)>]+[)>]?")
_NOTICE = re.compile(rf"\W{{0,5}}(?:{NOTICE})")
_DISCLAIMER = re.compile("|".join(DISCLAIMER))
_ADDRESS = re.compile(r"[^\s@<>()]+@[^\s@<>()]+\.[a-z]{2,}")
_PAGE = re.compile(r"(?:https?://|www\.)\S+")
_PHONE = re.compile(r"(?:\+|\(?\d)[\d\s().\-/]{6,24}\d")
_NAME = re.compile(r"[^\W\d_][\w.'\u2019-]*(?:,? [^\W\d_][\w.'\u2019-]*){0,4},?")
_TITLE = re.compile(r"\s[|\u2013\u2014-]\s")
_AFTERTHOUGHT = re.compile(r"\s*(?:p\.?\s?s\b|n\.?b\b|edit:|update:|[-*•>]\s|\d+[.)]\s)")
_LONGEST_LINE = 120
_MOST_LINES = 20
_MOST_WORDS = 14
_MOST_PAGE_LINE_WORDS = 6
_FEWEST_CARD_LINES = 3
_MOST_CARD_LINES = 10
_MOST_BARE_LINES = 5
_MOST_FOOTER_WORDS = 9
_MOST_NAME_WORDS = 3
_NAME_AND_FOOTER = 2
_LONGEST_NAME = 60
_LONGEST_DISCLAIMER = 4000


def first_line_of_footer(lines: list[str]) -> int:
    """Return where the footers at the very end begin (a phone's line, a disclaimer); the number of lines when none."""
    end = _rstrip(lines, len(lines))
    while end:
        start = _paragraph_start(lines, end)
        cut = _footer_start(lines, start, end)
        if cut is None:
            break
        end = _rstrip(lines, cut)
    # The rule above a disclaimer goes with it.
    if 0 < end < _rstrip(lines, len(lines)) and _RULE.fullmatch(lines[end - 1]):
        end = _rstrip(lines, end - 1)
    return end


def first_line_of_signature(lines: list[str], author: str = "") -> int:
    """Return where the sender's signature begins; the number of lines when there is none.

    The author's name is evidence too: a sign-off above it, or it alone above the end, needs no address below.
    """
    end = _rstrip(lines, len(lines))
    seen = 0
    earliest = end
    for at in range(end - 1, -1, -1):
        if not lines[at].strip():
            continue
        if seen > _MOST_LINES or is_quoted(lines[at]):
            break
        if _starts_signature(lines, at, end, author):
            earliest = at
        seen += 1
    return earliest if earliest < end else _contact_card(lines, end)


def _starts_signature(lines: list[str], at: int, end: int, author: str) -> bool:
    line = lines[at].lower()
    below = [one for one in lines[at + 1 : end] if one.strip()]
    if not below:
        return bool(_DELIMITER.fullmatch(line)) or (
            _is_author(lines[at], author) and _stands_alone(lines, at)
        )
    if any(_AFTERTHOUGHT.match(one.lower()) for one in below):
        return False
    card = all(_could_be_card(one) for one in below)
    reachable = any(_is_contact(one) for one in below)
    if _DELIMITER.fullmatch(line):
        return card and (reachable or len(below) <= _MOST_BARE_LINES)
    named = _RULE.fullmatch(line) or (_SIGN_OFF.fullmatch(line) and _is_name(below[0]))
    if _is_author(lines[at], author) and _stands_alone(lines, at):
        return card
    return bool(named) and card and (reachable or _is_author(below[0], author))


def _is_author(line: str, author: str) -> bool:
    """Whether the line is the author's whole name, perhaps with a title behind it."""
    name = _TITLE.split(line.strip()[:_LONGEST_LINE], maxsplit=1)[0].rstrip(",")
    return bool(author) and name.casefold() == author.casefold()


def _stands_alone(lines: list[str], at: int) -> bool:
    return at > 0 and not lines[at - 1].strip()


def _contact_card(lines: list[str], end: int) -> int:
    """Return where a card without any mark begins: a name, then a web page and an address or number, each on its line."""
    start = _paragraph_start(lines, end) if end else 0
    card = [line.strip() for line in lines[start:end]]
    above = _rstrip(lines, start)
    if not _FEWEST_CARD_LINES <= len(card) <= _MOST_CARD_LINES or not above or lines[above - 1].endswith(":"):
        return len(lines)
    if any(not _could_be_card(line) or line.endswith(":") for line in card) or not _is_name(card[0]):
        return len(lines)
    pages = [line for line in card if _PAGE.search(line) and len(line.split()) <= _MOST_PAGE_LINE_WORDS]
    reach = [line for line in card if _ADDRESS.search(line.lower()) or _PHONE.search(line)]
    return start if pages and reach else len(lines)


def _footer_start(lines: list[str], start: int, end: int) -> int | None:
    paragraph = lines[start:end]
    if any(map(is_quoted, paragraph)):
        return None
    if len(paragraph) <= _MOST_LINES and _is_disclaimer(" ".join(paragraph)):
        return start
    if not _is_mobile(paragraph[-1]):
        return None
    # "Ann Lee / via mobile": the name above belongs to the footer.
    named = len(paragraph) == _NAME_AND_FOOTER and start > 0 and _is_short_name(paragraph[0])
    return start if named else end - 1


def _is_disclaimer(paragraph: str) -> bool:
    """Whether lawyers wrote it: it opens as a notice, or two of their phrases stand in it."""
    text = paragraph[:_LONGEST_DISCLAIMER].lower().strip()
    return bool(_NOTICE.match(text)) or (_has_phrase(text) and len(set(_DISCLAIMER.findall(text))) > 1)


def _has_phrase(text: str) -> bool:
    """Whether lawyers' words are in a lower-case text: each looked for on its own, which is faster than all by one pattern."""
    return any(phrase in text for phrase in DISCLAIMER)


def _is_mobile(line: str) -> bool:
    if len(line) > _LONGEST_LINE:
        return False
    words = _LINKS.sub("", line.strip().lower()[:_LONGEST_LINE])
    if len(words.split()) > _MOST_FOOTER_WORDS or words.endswith("?"):
        return False
    return bool(_MOBILE.match(words))


def _is_short_name(line: str) -> bool:
    words = line.split()
    return len(words) <= _MOST_NAME_WORDS and all(word[0].isupper() and word.isalpha() for word in words)


def _is_name(line: str) -> bool:
    # "Ann Lee | Engineer", "Ann Lee - Acme"
    name = _TITLE.split(line.strip()[:_LONGEST_LINE], maxsplit=1)[0]
    return len(name) <= _LONGEST_NAME and bool(_NAME.fullmatch(name))


def _is_contact(line: str) -> bool:
    if len(line) > _LONGEST_LINE:
        return False
    lowered = line.lower()
    return bool(_ADDRESS.search(lowered) or _PAGE.search(lowered) or _PHONE.search(line))


def _could_be_card(line: str) -> bool:
    text = line.strip()
    short = len(text) <= _LONGEST_LINE and len(text.split()) <= _MOST_WORDS
    return (short and not text.endswith("?")) or _has_phrase(text[:_LONGEST_DISCLAIMER].lower())


def _paragraph_start(lines: list[str], end: int) -> int:
    start = end
    while start and lines[start - 1].strip():
        start -= 1
    return start


def _rstrip(lines: list[str], end: int) -> int:
    while end and not lines[end - 1].strip():
        end -= 1
    return end
