"""The plugins' own checks: whether each can do its work. For `status`, for readiness probes, for whoever looks for trouble."""

import asyncio
import logging
from dataclasses import dataclass

from helpdesk_mcp.discovery import Loaded
from helpdesk_mcp.sdk import Caller, Check, ToolFailure

from .desk import Desk

LONGEST_S = 5.0
"""Seconds that one check may take: probes do not wait long."""

_ITSELF = Caller(person="helpdesk-mcp", engineer=None, scopes=frozenset({"read"}))
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found."""

    plugin: str
    check: str
    ok: bool
    text: str
    """A sentence: what is well, or what is not and what to do."""


async def run_checks(desk: Desk) -> list[Finding]:
    """Run the checks of all plugins side by side; one that fails or hangs is a finding, and harms no other."""
    checks = [(loaded, check) for loaded in desk.plugins.loaded for check in loaded.plugin.checks]
    return list(await asyncio.gather(*(_finding(desk, loaded, check) for loaded, check in checks)))


async def _finding(desk: Desk, loaded: Loaded, check: Check) -> Finding:
    ok, text = await _outcome(desk, loaded, check)
    return Finding(loaded.plugin.name, check.name, ok, text)


async def _outcome(desk: Desk, loaded: Loaded, check: Check) -> tuple[bool, str]:
    try:
        async with asyncio.timeout(LONGEST_S), desk.call(loaded, _ITSELF) as call:
            return True, await check.run(call)
    except ToolFailure as failure:
        return False, str(failure)
    except TimeoutError:
        return False, f"It took longer than {LONGEST_S:g} s and was given up."
    except Exception:  # noqa: BLE001 - as for a tool: its bug ends it alone
        _log.exception("check_broke plugin=%s check=%s", loaded.plugin.name, check.name)
        return (
            False,
            "The check itself is broken; the log says where. Please report it to whoever made the plugin.",
        )
