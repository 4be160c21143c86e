import pytest

from helpdesk_mcp.testing import check_plugin, check_tables


def test_the_plugin_keeps_its_contract(plugin):
    check_plugin(plugin, tokens=150)


@pytest.mark.anyio
async def test_its_migrations_lead_to_its_tables(plugin, plugin_database_url):
    await check_tables(plugin, plugin_database_url)


def test_it_is_off_until_it_is_wanted(plugin):
    assert not plugin.by_default
