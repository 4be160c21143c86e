"""The office around the plugin: tests/office.py has the account, the clients and the people."""

import pytest
from tests.office import offering

from helpdesk_mcp_atera_write import plugin


@pytest.fixture(scope="session")
def plugins():
    return offering(plugin)
