"""The plugins of one process: those that are installed, and the core's own, which no setting can leave out."""

from helpdesk_mcp.changes import plugin as changes
from helpdesk_mcp.discovery import Discovered, Loaded, discover
from helpdesk_mcp.sdk import PluginSettings
from helpdesk_mcp.settings import Settings


def load(settings: Settings) -> Discovered:
    """Return what this process serves, and what is broken."""
    built_in = (Loaded(changes.plugin, PluginSettings(), "helpdesk-mcp"),)
    return discover(settings.plugins, built_in=built_in)
