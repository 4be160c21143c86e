"""Lines of plain text as they grow out of a page: breaks, gaps, bullets, table cells and quote marks."""

import re

# A page nested ten thousand quotes deep must not become a text that is quadratically longer.
_DEEPEST = 8
_SPACES = re.compile(r"[ \t\n\r\f\xa0\u202f]+")
_CELL = " | "


class Writer:
    """Collects text; `text()` of it at the end is the page.

    A break asked for by a block is only made where something stands before it; `<br>` always makes one.
    """

    def __init__(self) -> None:
        self._lines: list[tuple[int, str]] = []
        self._current: list[str] = []
        self._depth = 0
        self._gap = False
        self._held_blank = False
        self._bullet = ""
        self._space = False
        self._cell_open = False
        self._rows: list[int] = []

    def inline(self, data: str, depth: int) -> str:
        """Add running text at a quote depth; returns what was added, whitespace collapsed."""
        if not data.strip():
            self._held_blank = self._held_blank or ("\xa0" in data and not self._current)
            self._space = bool(self._current)
            return ""
        words = _SPACES.sub(" ", data)
        self._start(depth)
        if (self._space or words[0] == " ") and self._current and not self._cell_open:
            self._current.append(" ")
        self._space = words[-1] == " "
        self._cell_open = False
        words = words.strip(" ")
        self._current.append(words)
        return words

    def verbatim(self, data: str, depth: int) -> None:
        """Add preformatted text: its line ends and spaces stand."""
        for number, line in enumerate(data.replace("\xa0", " ").split("\n")):
            if number:
                self.line_break()
            if line:
                self._start(depth)
                self._cell_open = False
                self._current.append(line)

    def line_break(self) -> None:
        """End the line, even an empty one."""
        if self._cell_open:
            return
        self._flush()

    def block(self) -> None:
        """End the line if there is anything on it."""
        if self._cell_open:
            return
        if self._current or self._held_blank:
            self._flush()
        self._space = False

    def paragraph(self) -> None:
        """End the line and leave a blank one before whatever comes next."""
        self.block()
        self._gap = self._gap or not (self._bullet or self._cell_open)

    def item(self, level: int, sign: str) -> None:
        """Begin a list item: `sign` stands before its first words."""
        self.block()
        self._gap = False
        self._bullet = "  " * min(level - 1, _DEEPEST) + sign

    def row(self) -> None:
        """Begin a table row."""
        self._end_cells()
        self.block()
        self._gap = False
        self._rows.append(len(self._lines))

    def end_row(self) -> None:
        """End a table row."""
        self._end_cells()
        self.block()
        self._gap = False
        if self._rows:
            self._rows.pop()

    def cell(self) -> None:
        """Begin a cell: on the line of the cells before it, if these took one line; layout tables go below each other."""
        if self._cell_open:
            self._current.append(_CELL)
            return
        self.block()
        self._gap = False
        if self._rows and len(self._lines) == self._rows[-1] + 1 and self._lines[-1][1]:
            self._depth, text = self._lines.pop()
            self._current = [text, _CELL]
            self._cell_open = True

    def signature(self, depth: int) -> None:
        """Mark the start of a signature as plain mails do, with a line of two dashes."""
        self.block()
        if not self._lines or self._lines[-1][1] != "--":
            self._start(depth)
            self._current.append("--")
            self._flush()

    def text(self) -> str:
        """Return everything, quoted lines marked with "> " once per level."""
        self._end_cells()
        self.block()
        return "\n".join(("> " * depth + line).rstrip() if line else "" for depth, line in self._lines)

    def _start(self, depth: int) -> None:
        depth = min(depth, _DEEPEST)
        if self._current and depth != self._depth:
            self._end_cells()
            self._flush()
        if self._current:
            return
        opens_row = bool(self._rows) and self._rows[-1] == len(self._lines)
        if self._gap and self._lines and self._lines[-1][1] and not opens_row:
            self._lines.append((0, ""))
        self._gap = self._space = False
        self._depth = depth
        if self._bullet:
            self._current.append(self._bullet)
            self._bullet = ""
            self._cell_open = False
            self._space = False

    def _end_cells(self) -> None:
        if self._cell_open:
            while self._current and self._current[-1] == _CELL:
                self._current.pop()
            self._cell_open = False

    def _flush(self) -> None:
        self._lines.append((self._depth, "".join(self._current)))
        self._current = []
        self._held_blank = self._space = self._cell_open = False
