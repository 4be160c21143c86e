"""`helpdesk-mcp plugin new NAME`: a plugin that works at once, from the files in `templates/`.

In a checkout it becomes `plugins/NAME` and is named in the root's pyproject.toml, so that a bare `uv run` has it; anywhere else
it is a package of its own that depends on helpdesk-mcp. Both come with a tool, a query and tests that pass.
"""

import json
import keyword
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from string import Template
from typing import Any
from urllib.parse import urlparse
from urllib.request import url2pathname

from helpdesk_mcp.discovery import PLUGIN_NAME
from helpdesk_mcp.store.plugins import RESERVED

LONGEST_NAME = 25
"""Characters: it stands twice in some lines of code."""

_TEMPLATES = Path(__file__).parent / "templates"
_IN_DEV_GROUP = re.compile(r'^    "helpdesk-mcp-[a-z0-9-]+",$', re.MULTILINE)
_IN_SOURCES = re.compile(r"^helpdesk-mcp-[a-z0-9-]+ = \{ workspace = true \}$", re.MULTILINE)


class NotMade(Exception):
    """The plugin was not made, and nothing was written; the message says why."""


@dataclass(frozen=True, slots=True)
class Made:
    """A new plugin."""

    folder: Path
    files: tuple[str, ...]
    """Paths in it."""
    in_checkout: bool
    """It stands beside the repo's own plugins, and is named in the root's pyproject.toml."""


def make(name: str, where: Path) -> Made:
    """Write a new plugin: into the checkout that `where` is in, else into a new folder there.

    Raises:
        NotMade: the name cannot be used, or there is something of that name already.
    """
    _check_name(name)
    root = _checkout(where)
    folder = where / name if root is None else root / "plugins" / name
    if folder.exists():
        raise NotMade(f"{folder} exists already: choose another name, or remove it first.")
    named = None if root is None else _with_plugin(root / "pyproject.toml", name.replace("_", "-"))
    files = dict(_filled(name, standalone=root is None))
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8", newline="\n")
    if root is not None and named is not None:
        (root / "pyproject.toml").write_text(named, encoding="utf-8", newline="\n")
    return Made(folder, tuple(files), root is not None)


def _check_name(name: str) -> None:
    if not PLUGIN_NAME.match(name) or len(name) > LONGEST_NAME:
        raise NotMade(
            f"{name!r} cannot be the name: use lower-case letters, digits and underscores, a letter first, "
            f"{LONGEST_NAME} at most, such as warranty or wan_status."
        )
    if name in RESERVED or keyword.iskeyword(name):
        raise NotMade(f"{name!r} has a meaning of its own to Postgres or Python: choose another name.")


def _checkout(where: Path) -> Path | None:
    for folder in (where, *where.parents):
        file = folder / "pyproject.toml"
        if file.is_file():
            project = tomllib.loads(file.read_text(encoding="utf-8")).get("project", {})
            if project.get("name") == "helpdesk-mcp":
                return folder
    return None


def _with_plugin(pyproject: Path, dashed: str) -> str:
    text = pyproject.read_text(encoding="utf-8")
    for pattern, line in (
        (_IN_DEV_GROUP, f'    "helpdesk-mcp-{dashed}",'),
        (_IN_SOURCES, f"helpdesk-mcp-{dashed} = {{ workspace = true }}"),
    ):
        there = [found for found in pattern.finditer(text) if found.group() != line]
        if len(there) < len(pattern.findall(text)):
            continue
        if not there:
            raise NotMade(
                f"{pyproject} names no plugin yet, and it is not clear where this one belongs: {line.strip()}"
            )
        # In the order of the alphabet, as the others are.
        before = [found.end() for found in there if found.group() < line]
        at = before[-1] if before else there[0].start()
        text = f"{text[:at]}\n{line}{text[at:]}" if before else f"{text[:at]}{line}\n{text[at:]}"
    return text


def _filled(name: str, *, standalone: bool) -> Iterator[tuple[str, str]]:
    """Yield the path and the text of each file."""
    values = {"name": name, "dashed": name.replace("_", "-"), "words": name.replace("_", " ")}
    only = ".standalone" if standalone else ".checkout"
    for file in sorted(_TEMPLATES.rglob("*.template")):
        path = file.relative_to(_TEMPLATES).as_posix().removesuffix(".template")
        if path.endswith((".standalone", ".checkout")) and not path.endswith(only):
            continue
        path = path.removesuffix(only).replace("package", f"helpdesk_mcp_{name}").replace("NAME", name)
        yield path, Template(file.read_text(encoding="utf-8")).substitute(values, source=_source())


def _source() -> str:
    """Return where a package outside of the checkout finds this helpdesk-mcp, where that is a folder and no release."""
    try:
        told = distribution("helpdesk-mcp").read_text("direct_url.json")
    except PackageNotFoundError:
        told = None
    origin: dict[str, Any] = json.loads(told or "{}")
    if "dir_info" not in origin:
        return ""
    path = Path(url2pathname(urlparse(str(origin["url"])).path)).as_posix()
    return f'\n[tool.uv.sources]\nhelpdesk-mcp = {{ path = "{path}", editable = true }}\n'
