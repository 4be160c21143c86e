"""The Atera helpdesk for MCP clients."""
