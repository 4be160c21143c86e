"""Atera's REST API and nothing else: no database, no MCP, no environment.

client       AteraClient: pages, single reads, writes
errors       what can go wrong, sorted by what the caller does next
wire         Atera's records as it spells them, and times as it means them
"""

from helpdesk_mcp.atera import errors, wire
from helpdesk_mcp.atera.client import AteraClient, WriteResult, join_path
from helpdesk_mcp.atera.clock import Clock
from helpdesk_mcp.atera.credentials import Auth, Credentials
from helpdesk_mcp.atera.pages import PAGE_SIZE, Page
from helpdesk_mcp.atera.retry import RetryPolicy
from helpdesk_mcp.atera.stats import RequestStats

__all__ = [
    "PAGE_SIZE",
    "AteraClient",
    "Auth",
    "Clock",
    "Credentials",
    "Page",
    "RequestStats",
    "RetryPolicy",
    "WriteResult",
    "errors",
    "join_path",
    "wire",
]
