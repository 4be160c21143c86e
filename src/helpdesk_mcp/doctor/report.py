"""The doctor's result: lines for a person or JSON for a program, without any secret."""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from urllib.parse import unquote, urlsplit

from pydantic import SecretStr
from rich.console import Console
from rich.text import Text

from helpdesk_mcp import logs
from helpdesk_mcp.app import connect
from helpdesk_mcp.doctor.checks import CHECKS
from helpdesk_mcp.doctor.checks.settings import findings as settings_findings
from helpdesk_mcp.doctor.examine import Check, examine, still_running
from helpdesk_mcp.doctor.finding import Finding
from helpdesk_mcp.settings import Settings, as_set

_STYLES = {"ok": "green", "warning": "yellow", "problem": "red"}
_FOR_BRIDGE = ("HELPDESK_BRIDGE_",)
_SHORTEST_SECRET = 4
"""Characters. To hide a shorter one would blot out ordinary words."""


def run(
    settings: Settings,
    unusable: Sequence[str],
    *,
    as_json: bool = False,
    checks: Mapping[str, Check] = CHECKS,
) -> int:
    """Examine this machine, print the result, and return the exit code: 1 when something is a problem.

    `unusable` are the sentences on settings that cannot be used; they stand in `settings` as if unset.
    """
    found = [*settings_findings(unusable), *examine(settings, checks)]
    hide = _Hide(settings)
    shown = [Finding(one.check, one.level, hide.all(one.text), hide.all(one.then)) for one in found]
    entry = hide.known(_entry(settings))
    _print_json(shown, entry) if as_json else _print_lines(shown, entry)
    return 1 if any(one.level == "problem" for one in found) else 0


def _entry(settings: Settings) -> str:
    """Return a configuration for Claude Desktop that fits this machine."""
    variables = as_set()
    if settings.bridge_url:
        mine = {name: value for name, value in variables.items() if name.startswith(_FOR_BRIDGE)}
        return connect.claude_desktop(mine, "bridge")
    mine = {name: value for name, value in variables.items() if not name.startswith(_FOR_BRIDGE)}
    return connect.claude_desktop({"HELPDESK_ENGINEER": "you@your-company.example", **mine})


class _Hide:
    """Takes out what must not be seen: all secrets that are set, and what looks like one."""

    def __init__(self, settings: Settings) -> None:
        values = [getattr(settings, name) for name in Settings.model_fields]
        secrets = [value.get_secret_value() for value in values if isinstance(value, SecretStr)]
        secrets += [part for url in secrets if (part := _password(url))]
        self._secrets = sorted((s for s in secrets if len(s) >= _SHORTEST_SECRET), key=len, reverse=True)

    def known(self, text: str) -> str:
        """Return `text` without the secrets that are set."""
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return text

    def all(self, text: str) -> str:
        """Return `text` without these, and without what only looks like one."""
        return logs.redact(self.known(text))


def _password(url: str) -> str | None:
    try:
        password = urlsplit(url).password
    except ValueError:
        return None
    return unquote(password) if password else None


def _print_json(found: Sequence[Finding], entry: str) -> None:
    result = {"findings": [asdict(one) for one in found], "claude_desktop_config": json.loads(entry)}
    print(json.dumps(result, indent=2, ensure_ascii=False))  # noqa: T201 - a command's result


def _print_lines(found: Sequence[Finding], entry: str) -> None:
    console = Console(soft_wrap=True, highlight=False)
    width = max(len(one.check) for one in found)
    for one in found:
        line = Text.assemble((f"{one.level:8}", _STYLES[one.level]), f"{one.check:{width}}  {one.text}")
        console.print(line.append(f" {one.then}", "bold") if one.then else line)
    console.print("\nFor Claude Desktop, into claude_desktop_config.json:")
    console.print(entry, markup=False)


def leave(code: int) -> int:
    """Return `code`, or end the process with it at once where a check still hangs: Python would wait for its threads."""
    if still_running():
        sys.stdout.flush()
        os._exit(code)
    return code
