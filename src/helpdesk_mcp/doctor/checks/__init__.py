"""The doctor's checks, in the order in which they are told."""

from collections.abc import Mapping

from helpdesk_mcp.doctor.checks import atera, claude_desktop, database, plugins, ports, server
from helpdesk_mcp.doctor.examine import Check

CHECKS: Mapping[str, Check] = {
    "Atera": atera.check,
    "database": database.check,
    "plugins": plugins.check,
    "ports": ports.check,
    "helpdesk server": server.check,
    "Claude Desktop": claude_desktop.check,
}
