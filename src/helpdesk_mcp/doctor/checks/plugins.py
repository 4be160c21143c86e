"""Plugins: which are served, and which are left out and why."""

from collections.abc import Iterator

from helpdesk_mcp.discovery import discover
from helpdesk_mcp.doctor.finding import Finding, ok, problem, warning
from helpdesk_mcp.settings import Settings

NAME = "plugins"


def check(settings: Settings) -> Iterator[Finding]:
    """Yield a problem for each broken plugin, and the names of the others."""
    found = discover(settings.plugins)
    for broken in found.broken:
        yield problem(NAME, f"{broken.name} is left out: {broken.reason}", "The others are served.")
    if found.loaded:
        tools = sum(len(loaded.plugin.tools) for loaded in found.loaded)
        names = ", ".join(loaded.plugin.name for loaded in found.loaded)
        yield ok(NAME, f"{names}, with {tools} tool{'s'[: tools != 1]}.")
    elif not found.broken and not settings.bridge_url:
        yield warning(NAME, "None is installed: the server would offer no tools.", "Install a plugin.")
