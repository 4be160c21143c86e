"""The fixtures of every test, of the core and of the plugins."""

pytest_plugins = ["helpdesk_mcp.testing.fixtures", "tests.office"]
