"""What CSS hides: just enough of styles to tell whether a person would have seen a piece of text.

No CSS library is used: mails carry inline styles and simple rules, and a full cascade would cost more than the whole
conversion. Selectors of one tag, class or id are understood; rules inside @media belong to other screens and are left out.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

RGB = tuple[int, int, int]
Style = dict[str, str]

_WHITE = (255, 255, 255)
_NAMED = {
    "white": _WHITE,
    "black": (0, 0, 0),
    "snow": (255, 250, 250),
    "ivory": (255, 255, 240),
    "whitesmoke": (245, 245, 245),
    "ghostwhite": (248, 248, 255),
    "red": (255, 0, 0),
    "green": (0, 128, 0),
    "blue": (0, 0, 255),
    "navy": (0, 0, 128),
    "yellow": (255, 255, 0),
    "gray": (128, 128, 128),
    "grey": (128, 128, 128),
}
_NUMBER = re.compile(r"-?\d{0,6}(?:\.\d{0,6})?")
_HEX = re.compile(r"#([0-9a-f]{3,8})\b")
_RGB_CALL = re.compile(r"rgba?\(([^()]{1,60})\)")
# Two colours closer than this on every channel cannot be told apart on a screen.
_ALIKE = 12
# Letters of up to a pixel or a point are the usual way to hide a preheader.
_TINY = 1.0
_OFF_SCREEN = -500.0


@dataclass(frozen=True, slots=True)
class Look:
    """How text at one place of a page looks; what CSS lets children undo is kept apart from what it does not.

    `background` is None where it cannot be known (an image, a gradient).
    """

    gone: bool = False
    unseen: bool = False
    tiny: bool = False
    clear: bool = False
    color: RGB | None = None
    background: RGB | None = _WHITE

    @property
    def hidden(self) -> bool:
        """Whether a reader would not see text here."""
        return self.gone or self.unseen or self.tiny or self.clear or self._melts

    @property
    def _melts(self) -> bool:
        if self.color is None or self.background is None:
            return False
        return all(abs(a - b) <= _ALIKE for a, b in zip(self.color, self.background, strict=True))


def without_css_comments(css: str) -> str:
    """Return the style text without its comments; an unclosed comment swallows the rest, as in a browser."""
    first, *rest = css.split("/*")
    return first + "".join(part.partition("*/")[2] for part in rest)


def read_style(style: str) -> Style:
    """Return the declarations of a style attribute: lower-case names and values, the last of a name wins."""
    found: Style = {}
    for declaration in without_css_comments(style).lower().split(";"):
        name, colon, value = declaration.partition(":")
        if colon:
            found[name.strip()] = value.replace("!important", "").strip()
    return found


def read_sheet(css: str) -> dict[str, Style]:
    """Return the rules of a style sheet by simple selector (`p`, `.note`, `#top`, `p.note`)."""
    rules: dict[str, Style] = {}
    depth, selectors = 0, ""
    for piece in re.split(r"([{}])", without_css_comments(css)):
        if piece == "{":
            depth += 1
        elif piece == "}":
            depth = max(0, depth - 1)
        elif depth == 0:
            selectors = piece.rpartition(";")[2].strip().lower()
        elif depth == 1 and not selectors.startswith("@"):
            for selector in selectors.split(","):
                rules.setdefault(selector.strip(), {}).update(read_style(piece))
    return rules


def look_of(parent: Look, styles: Iterable[Style]) -> Look:
    """Return how an element looks: its parent's look changed by its styles, weakest first."""
    style: Style = {}
    for one in styles:
        style.update(one)
    if not style:
        return parent
    size = _size(style.get("font-size", ""))
    visibility = style.get("visibility")
    color = style.get("color", "")
    return replace(
        parent,
        gone=parent.gone or _gone(style),
        unseen=parent.unseen if visibility is None else visibility in {"hidden", "collapse"},
        tiny=parent.tiny if size is None else size <= _TINY,
        clear=parent.clear if not color else color == "transparent",
        color=_color(color) or parent.color,
        background=_background(style, parent.background),
    )


def _gone(style: Style) -> bool:
    clipped = style.get("overflow") == "hidden" and (
        _is_zero(style.get("max-height")) or _is_zero(style.get("height")) or _is_zero(style.get("max-width"))
    )
    return (
        style.get("display") == "none"
        or style.get("mso-hide") == "all"
        or _is_zero(style.get("opacity"))
        or clipped
        or any((_size(style.get(name, "")) or 0.0) <= _OFF_SCREEN for name in ("text-indent", "left", "top"))
    )


def _is_zero(value: str | None) -> bool:
    return bool(value) and _size(value or "") == 0.0


def _size(value: str) -> float | None:
    """Return the number a length starts with, None where there is none or its unit is large (em, %)."""
    digits = _NUMBER.match(value)
    if digits is None or not digits.group().strip("-."):
        return None
    number = float(digits.group())
    unit = value[digits.end() :].strip()
    return number if number == 0 or unit in {"", "px", "pt"} else None


def _color(value: str) -> RGB | None:
    if named := _NAMED.get(value.strip()):
        return named
    if call := _RGB_CALL.search(value):
        parts = re.findall(r"\d{1,3}", call.group(1))[:3]
        return (int(parts[0]), int(parts[1]), int(parts[2])) if len(parts) == len(_WHITE) else None
    return _hex_color(value)


def _hex_color(value: str) -> RGB | None:
    found = _HEX.search(value)
    if found is None:
        return None
    digits = found.group(1)
    if len(digits) in {3, 4}:
        digits = "".join(digit * 2 for digit in digits)
    if len(digits) not in {6, 8}:
        return None
    return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)


def _background(style: Style, inherited: RGB | None) -> RGB | None:
    if "url(" in style.get("background-image", "") or "gradient(" in style.get("background-image", ""):
        return None
    value = style.get("background-color") or style.get("background", "")
    if "url(" in value or "gradient(" in value:
        return None
    first_word = value.split(" ", 1)[0]
    if not value or first_word in {"transparent", "none", "inherit", "initial", "unset"}:
        return inherited
    # A colour we cannot name is some colour: unknown, so that text on it is never taken for hidden.
    return _color(value) or _NAMED.get(first_word)
