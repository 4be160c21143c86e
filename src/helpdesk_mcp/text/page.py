"""Reads the HTML of a mail once, from front to back: what is visible goes to a `Writer`, what is hidden is kept apart.

The parser is the standard library's `html.parser`, used as a stream with our own stack of open elements. A tree on the same
parser (Beautiful Soup) was measured and left: about three times as long on an ordinary mail, and 9 s for 100 kB of "<!--",
which a hostile sender would find. What makes `html.parser` itself quadratic is taken out beforehand by `markup`.
"""

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

from .css import Look, Style, look_of, read_sheet, read_style
from .markup import strip_raw
from .writer import Writer

_VOID = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    ]
)
_SKIPPED = frozenset(["title", "template", "xml", "script", "style"])
_PARAGRAPHS = frozenset(["p", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "dl"])
_BLOCKS = _PARAGRAPHS | frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "div",
        "dt",
        "fieldset",
        "figure",
        "figcaption",
        "footer",
        "form",
        "header",
        "html",
        "legend",
        "li",
        "main",
        "nav",
        "ol",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "caption",
    ]
)
_ENDED_BY_THEIR_LIKE = {"li": {"li"}, "td": {"td", "th"}, "th": {"td", "th"}, "tr": {"tr", "td", "th"}}
_LISTS = {"ul", "ol"}
# How far up a stray or missing end tag is looked for; further up the page is wrong anyway, and time would go quadratic.
_REACH = 64

_QUOTE_CLASSES = frozenset(
    [
        "gmail_quote",
        "gmail_quote_container",
        "yahoo_quoted",
        "protonmail_quote",
        "moz-cite-prefix",
        "moz-forward-container",
        "zmail_extra",
        "tutanota_quote",
        "front-blockquote",
    ]
)
_QUOTE_IDS = frozenset(
    {"olk_src_body_section", "mail-editor-reference-message-container", "isforwardcontent"}
)
# Outlook on the web, Hotmail and Zimbra mark only where the old mail begins: it runs to the end of the page.
_QUOTE_STARTS = frozenset({"divrplyfwdmsg", "stopspelling", "zwchr"})
_SIGNATURE_CLASSES = frozenset({"gmail_signature", "moz-signature", "protonmail_signature_block"})
_SIGNATURE_IDS = frozenset({"signature", "ms-outlook-mobile-signature"})
_FILE_NAME = re.compile(r"^\S*\.(?:png|jpe?g|gif|bmp|svg|webp|tiff?)$", re.IGNORECASE)
_EMPTY_ALT = frozenset(
    {"image", "img", "logo", "picture", "photo", "spacer", "icon", "bild", "pixel", "inline image"}
)
_LONGEST_SIGN = 4


@dataclass(frozen=True, slots=True)
class Page:
    """What a page shows, and what it holds back: `hidden` by CSS, `comments` in its source."""

    text: str
    hidden: str
    comments: tuple[str, ...]


@dataclass(slots=True)
class _Quote:
    """The container of a quoted mail; `waiting` until the quote itself is seen, after which answers may stand between."""

    cites: int
    waiting: bool = True


@dataclass(slots=True)
class _Element:
    name: str
    look: Look
    cites: int = 0
    quote: _Quote | None = None
    skip: bool = False
    pre: bool = False
    tight: bool = False

    @property
    def depth(self) -> int:
        if self.quote is not None and self.quote.waiting:
            return max(self.cites, self.quote.cites + 1)
        return self.cites


@dataclass(slots=True)
class _Link:
    url: str
    words: list[str]


def read_page(source: str) -> Page:
    """Return what the HTML shows and hides; takes any text, in time linear to its length."""
    stripped = strip_raw(source)
    reader = _Reader(read_sheet(stripped.css))
    reader.feed(stripped.markup)
    reader.close()
    return Page(reader.writer.text(), "".join(reader.hidden), stripped.comments)


class _Reader(HTMLParser):
    """Turns the parser's events into text; `_stack` is what is open, `_open` how often by name."""

    def __init__(self, sheet: dict[str, Style]) -> None:
        super().__init__(convert_charrefs=True)
        self.writer = Writer()
        self.hidden: list[str] = []
        self._sheet = sheet
        self._stack = [_Element("", Look())]
        self._open: dict[str, int] = {}
        self._lists: list[int | None] = []
        self._link: _Link | None = None
        self._rest_quoted = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # The first of two equal attributes counts, as in a browser.
        attributes = {name: value or "" for name, value in reversed(attrs)}
        if tag in _BLOCKS:
            self._end_unclosed(tag)
        if attributes.get("id", "").lower() in _QUOTE_STARTS:
            self.writer.block()
            self._rest_quoted = True
        if tag in _VOID:
            self._void(tag, attributes)
            return
        parent = self._stack[-1]
        element = _Element(tag, parent.look, parent.cites, parent.quote, parent.skip or tag in _SKIPPED)
        element.pre = parent.pre or tag == "pre"
        if attributes:
            element.look = self._look(tag, attributes, parent.look)
            element.tight = "mso" in attributes.get("class", "").lower() or "margin:0" in attributes.get(
                "style", ""
            )
            self._mark_quote(element, attributes)
        if tag == "blockquote" and "border:none" not in attributes.get("style", "").replace(" ", ""):
            element.cites += 1
            if element.quote is not None:
                element.quote.waiting = False
        self._stack.append(element)
        self._open[tag] = self._open.get(tag, 0) + 1
        if not element.skip:
            self._begin(element, attributes)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        # HTML knows no `<div/>`; Word's own elements and those we would otherwise skip to the end of the page do.
        if ":" in tag or tag in _SKIPPED:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag == "p" and not self._open.get("p"):
            self.writer.paragraph()
        if not self._open.get(tag):
            return
        if tag not in _BLOCKS and tag not in _SKIPPED:
            self._end_inline(tag)
            return
        while self._pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        element = self._stack[-1]
        if element.skip:
            return
        if element.look.hidden:
            self.hidden.append(data)
            return
        depth = max(element.depth, int(self._rest_quoted))
        if element.pre:
            self.writer.verbatim(data, depth)
            return
        words = self.writer.inline(data, depth)
        if self._link is not None and words:
            self._link.words.append(words)

    def close(self) -> None:
        super().close()
        while len(self._stack) > 1:
            self._pop()

    def _look(self, tag: str, attributes: dict[str, str], inherited: Look) -> Look:
        styles: list[Style] = []
        if self._sheet:
            classes = attributes.get("class", "").lower().split()
            names = [tag, *(f".{name}" for name in classes), *(f"{tag}.{name}" for name in classes)]
            styles = [
                self._sheet[name]
                for name in [*names, f"#{attributes.get('id', '').lower()}"]
                if name in self._sheet
            ]
        if "hidden" in attributes:
            styles.append({"display": "none"})
        if "background" in attributes:
            styles.append({"background-image": "url()"})
        if "bgcolor" in attributes:
            styles.append({"background-color": attributes["bgcolor"].lower()})
        if "color" in attributes:
            styles.append({"color": attributes["color"].lower()})
        if "style" in attributes:
            styles.append(read_style(attributes["style"]))
        return look_of(inherited, styles)

    def _mark_quote(self, element: _Element, attributes: dict[str, str]) -> None:
        classes = set(attributes.get("class", "").lower().split())
        name = attributes.get("id", "").lower()
        if element.name != "blockquote" and (classes & _QUOTE_CLASSES or name in _QUOTE_IDS):
            self.writer.block()
            element.quote = _Quote(element.cites)
        elif classes & _SIGNATURE_CLASSES or name in _SIGNATURE_IDS or "data-signatureblock" in attributes:
            self.writer.signature(element.depth)

    def _begin(self, element: _Element, attributes: dict[str, str]) -> None:
        tag = element.name
        if tag == "a":
            self._end_link()
            self._link = _Link(attributes.get("href", "").strip(), []) if not element.look.hidden else None
        elif tag in {"td", "th"}:
            self.writer.cell()
        elif tag == "tr":
            self.writer.row()
        elif tag in _LISTS:
            self.writer.block()
            self._lists.append(1 if tag == "ol" else None)
        elif tag == "li":
            self.writer.item(len(self._lists) or 1, self._sign())
        elif tag in _PARAGRAPHS and not element.tight:
            self.writer.paragraph()
        elif tag in _BLOCKS:
            self.writer.block()

    def _sign(self) -> str:
        number = self._lists[-1] if self._lists else None
        if number is None:
            return "- "
        self._lists[-1] = number + 1
        return f"{number}. "

    def _void(self, tag: str, attributes: dict[str, str]) -> None:
        element = self._stack[-1]
        if element.skip or element.look.hidden:
            return
        if tag == "br":
            self.writer.line_break()
        elif tag == "hr":
            self.writer.block()
            self.writer.inline("---", max(element.depth, int(self._rest_quoted)))
            self.writer.block()
        elif tag == "img":
            self.handle_data(_picture(attributes))

    def _pop(self) -> str:
        element = self._stack.pop()
        tag = element.name
        self._open[tag] -= 1
        if element.skip:
            return tag
        if tag == "a":
            self._end_link()
        elif tag == "tr":
            self.writer.end_row()
        elif tag in _LISTS and self._lists:
            self._lists.pop()
            self.writer.block()
        elif tag in _PARAGRAPHS and not element.tight:
            self.writer.paragraph()
        elif tag in _BLOCKS and tag not in {"td", "th"}:
            self.writer.block()
        return tag

    def _end_inline(self, tag: str) -> None:
        """Close an inline element without leaving the block that it is in."""
        for up in range(1, min(_REACH, len(self._stack))):
            name = self._stack[-up].name
            if name == tag:
                for _ in range(up):
                    self._pop()
                return
            if name in _BLOCKS:
                return

    def _end_unclosed(self, tag: str) -> None:
        """Close what the start of a block ends without an end tag: a paragraph, an item, a cell, a row."""
        for up in range(1, min(_REACH, len(self._stack))):
            name = self._stack[-up].name
            if name in _BLOCKS:
                if name == "p" or name in _ENDED_BY_THEIR_LIKE.get(tag, ()):
                    for _ in range(up):
                        self._pop()
                    self._end_unclosed(tag)
                return

    def _end_link(self) -> None:
        link, self._link = self._link, None
        if link is None:
            return
        url = _unwrapped(link.url)
        words = " ".join(link.words)
        if words and url.lower().startswith(("http://", "https://", "mailto:")) and not _same(url, words):
            self.handle_data(f" ({url})")


def _picture(attributes: dict[str, str]) -> str:
    """Return what stands for an image: its description where it has a real one, else nothing."""
    alt = " ".join(attributes.get("alt", "").split())
    pixel = {attributes.get("width", "").strip("px"), attributes.get("height", "").strip("px")} & {"0", "1"}
    if (
        not alt
        or pixel
        or alt.lower() in _EMPTY_ALT
        or _FILE_NAME.match(alt)
        or "automatically generated" in alt
    ):
        return ""
    return alt if len(alt) <= _LONGEST_SIGN and not alt.isascii() else f"[image: {alt}]"


def _unwrapped(url: str) -> str:
    """Return the address behind Microsoft's Safe Links, which would else cost hundreds of characters."""
    if "safelinks.protection.outlook.com/" not in url[:100].lower():
        return url
    try:
        inner = parse_qs(urlsplit(url).query).get("url", [url])
    except ValueError:
        return url
    return inner[0]


def _same(url: str, words: str) -> bool:
    return _bare(url) == _bare(words)


def _bare(address: str) -> str:
    bare = (
        address.strip(" <>()")
        .lower()
        .removeprefix("mailto:")
        .removeprefix("https://")
        .removeprefix("http://")
    )
    return bare.removeprefix("www.").partition("?subject=")[0].rstrip("/")
