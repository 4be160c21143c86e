"""The MCP edge: the only package that imports `mcp`, so that the SDK's next big change ends here."""
