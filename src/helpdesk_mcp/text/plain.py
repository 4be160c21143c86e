"""Any text from outside as clean plain text, HTML or not."""

import re

from .page import Page, read_page

_TAGS = (
    "a abbr address article b big blockquote body button center code dd div dl dt em font footer form h1 h2 h3 h4 h5 h6 head "
    "header html i label li main nav o:p ol p pre s section small span strike strong style sub sup script table tbody td th "
    "thead title tr tt u ul"
)
_TAG = re.compile(rf"<(/?)({'|'.join(_TAGS.split())})(?=[\s/>])", re.IGNORECASE)
_SURE = re.compile(
    r"<br\s?/?>|<!doctype html|<(?:html|body|img|meta|table|div|p|span)\s[^<>=]{1,40}=", re.IGNORECASE
)
_LINE_ENDS = re.compile(r"\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]")
_TRAILING = re.compile(r"(?<![ \t])[ \t]+(?=\n|\Z)")
_BLANK_RUNS = re.compile(r"\n{3,}")
_SURROGATES = re.compile("[\ud800-\udfff]")


def to_plain(source: str) -> str:
    """Return the text a person would read, from HTML or plain text; never raises, linear in time.

    Links stand as "words (address)", quotes as "> " lines, hidden text and comments are left out (see `inspect_hidden`).
    """
    text = storable(source)
    return tidy(read_page(text).text if is_html(text) else text)


def storable(text: str) -> str:
    """Return the text without what Postgres refuses: NUL is dropped, a lone surrogate becomes U+FFFD."""
    return _SURROGATES.sub("\ufffd", text.replace("\0", ""))


def tidy(text: str) -> str:
    """Return the text with one kind of line end and of space, no trailing blanks, and at most one blank line in a row."""
    lines = _LINE_ENDS.sub("\n", text).replace("\xa0", " ").replace("\u202f", " ")
    return _BLANK_RUNS.sub("\n\n", _TRAILING.sub("", lines.removeprefix("\ufeff"))).strip("\n")


def is_html(text: str) -> bool:
    """Whether the text is HTML, not words that speak of `<b>` or hold a `<name@example.com>`."""
    if _SURE.search(text):
        return True
    opened: set[str] = set()
    closed: set[str] = set()
    for slash, name in _TAG.findall(text):
        (closed if slash else opened).add(name.lower())
    return bool(opened & closed) or bool(opened and _TAG.match(text.lstrip()))


def page_of(source: str) -> Page:
    """Return what the source shows and hides; plain text shows everything."""
    return read_page(source) if is_html(source) else Page(source, "", ())
