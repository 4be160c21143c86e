"""Claude Desktop on this computer: its configuration, our entry in it, and whether what the entry names exists."""

import itertools
import json
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

from helpdesk_mcp.doctor import desktop_files
from helpdesk_mcp.doctor.desktop_files import DesktopFiles
from helpdesk_mcp.doctor.finding import Finding, ok, problem, warning
from helpdesk_mcp.settings import Settings

NAME = "Claude Desktop"
_PASTE = "Paste the entry below into it, and start Claude Desktop anew."
_MARK = "\ufeff"
_OURS = ("helpdesk-mcp", "helpdesk_mcp")


def check(_: Settings) -> Iterator[Finding]:
    """Yield on the installation of this user."""
    yield from findings(desktop_files.find(sys.platform, os.environ, Path.home()))


def findings(files: DesktopFiles) -> Iterator[Finding]:
    """Yield on an installation."""
    if files.config is None:
        looked = " or ".join(str(folder) for folder in files.looked_in)
        yield ok(NAME, f"It is not installed for this user (looked for {looked}).")
        return
    for ignored in files.ignored:
        yield warning(NAME, f"It does not read {ignored}.", f"What is in there belongs into {files.config}.")
    extension = _extension(files.config.parent)
    if extension:
        yield ok(NAME, f"The extension is installed: {extension}.")
    yield from _config(files.config, has_extension=extension is not None)


def _config(path: Path, *, has_extension: bool) -> Iterator[Finding]:
    if not path.exists():
        if not has_extension:
            yield warning(
                NAME, f"It has no configuration yet ({path}).", _PASTE.replace("into it", f"into {path}")
            )
        return
    try:
        text = path.read_text(encoding="utf-8")
        servers = _servers(json.loads(text.removeprefix(_MARK)))
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        yield problem(
            NAME, f"{path} is not JSON ({where}: {error.msg}).", "Correct it; nothing of it is read."
        )
        return
    except (OSError, ValueError) as error:
        yield problem(NAME, f"{path} cannot be used: {_words(error)}.", "Correct it; nothing of it is read.")
        return
    if text.startswith(_MARK):
        yield warning(NAME, f"{path} begins with a byte-order mark.", "Save it as UTF-8 without one.")
    ours = {name: entry for name, entry in servers.items() if _is_ours(name, entry)}
    for name, entry in ours.items():
        yield _entry(name, entry)
    if not ours and not has_extension:
        yield warning(NAME, f"{path} has no entry for this server.", _PASTE)


def _servers(config: Any) -> dict[str, Any]:
    servers: Any = cast("dict[str, Any]", config).get("mcpServers", {}) if isinstance(config, dict) else None
    if not isinstance(servers, dict):
        raise ValueError("it must be an object with an object `mcpServers`")  # noqa: TRY004 - a value, not our argument
    return cast("dict[str, Any]", servers)


def _is_ours(name: str, entry: Any) -> bool:
    words = [name, *_words_of(entry)]
    return "helpdesk" in name.lower() or any(ours in word for word in words for ours in _OURS)


def _words_of(entry: Any) -> list[str]:
    fields = cast("dict[str, Any]", entry) if isinstance(entry, dict) else {}
    arguments: Any = fields.get("args", [])
    listed = cast("list[Any]", arguments) if isinstance(arguments, list) else []
    return [str(word) for word in [fields.get("command", ""), *listed]]


def _entry(name: str, entry: Any) -> Finding:
    command, *arguments = _words_of(entry)
    if not command:
        return problem(NAME, f"The entry {name!r} has no command.", _PASTE)
    if not Path(command).is_absolute():
        found = shutil.which(command)
        then = f"Write the whole path: {found}." if found else "Write the whole path."
        return warning(
            NAME, f"The entry {name!r} runs {command!r}, which it looks up in a PATH of its own.", then
        )
    if not Path(command).is_file():
        return problem(NAME, f"The entry {name!r} runs {command}, which does not exist.", _PASTE)
    folders = [value for option, value in itertools.pairwise(arguments) if option == "--directory"]
    if missing := [folder for folder in folders if not Path(folder).is_dir()]:
        return problem(NAME, f"The entry {name!r} works in {missing[0]}, which does not exist.", _PASTE)
    return ok(NAME, f"The entry {name!r} runs {command}.")


def _extension(folder: Path) -> str | None:
    """Return name and version of our extension, if it is installed."""
    for manifest in sorted((folder / desktop_files.EXTENSIONS).glob("*/manifest.json")):
        try:
            told: Any = json.loads(manifest.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        fields = cast("dict[str, Any]", told) if isinstance(told, dict) else {}
        if fields.get("name") == "helpdesk-mcp":
            return f"helpdesk-mcp {fields.get('version', '')}".strip()
    return None


def _words(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else str(error)) or type(error).__name__
