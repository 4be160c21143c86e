"""The pytest plugin: databases, and for a plugin's tests `mirror` to write into, `ask` to call tools, `work` to run jobs.

A plugin's conftest.py overrides `plugin`, and `plugin_settings` where the defaults are not what it wants to test.
"""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from helpdesk_mcp.app.background import upgrade_tables
from helpdesk_mcp.discovery import Discovered, Loaded
from helpdesk_mcp.sdk import Plugin, PluginSettings
from helpdesk_mcp.store.engines import read_engine, write_engine
from helpdesk_mcp.sync.run import RunReport

from .asking import Asker, make_desk
from .jobs import run_job
from .mirror import Mirror
from .postgres import (
    anyio_backend,
    bare_database_url,
    copy_of,
    database_url,
    own_database_url,
    postgres,
    pytest_addoption,
    shared_database_url,
    spares,
    template,
)

__all__ = [
    "anyio_backend",
    "bare_database_url",
    "copy_of",
    "database_url",
    "own_database_url",
    "postgres",
    "pytest_addoption",
    "shared_database_url",
    "spares",
    "template",
]

_migrated: set[tuple[str, str]] = set()
"""Databases and the plugins whose tables are in them."""


@pytest.fixture
def plugin() -> Plugin:
    """Return the plugin under test."""
    raise NotImplementedError("Say which plugin is tested: a fixture `plugin` in its conftest.py returns it.")


@pytest.fixture
def plugin_settings(plugin: Plugin) -> PluginSettings:
    """Return the settings it is tested with."""
    return plugin.settings()


@pytest.fixture
async def plugin_database_url(shared_database_url: str, plugin: Plugin) -> str:
    """Return the URL of a database with the mirror's tables and the plugin's; `mirror` empties it."""
    if (shared_database_url, plugin.name) not in _migrated:
        found = Discovered((Loaded(plugin, PluginSettings(), ""),), ())
        done = await upgrade_tables(shared_database_url, found)
        if done.failed:
            raise AssertionError(done.failed[plugin.name])
        _migrated.add((shared_database_url, plugin.name))
    return shared_database_url


@pytest.fixture
async def mirror(plugin_database_url: str) -> AsyncIterator[Mirror]:
    """Return an empty local copy to write rows into."""
    engine = write_engine(plugin_database_url)
    made = Mirror(engine)
    await made.empty()
    yield made
    await engine.dispose()


@pytest.fixture
async def ask(
    plugin_database_url: str, plugin: Plugin, plugin_settings: PluginSettings
) -> AsyncIterator[Asker]:
    """Return the plugin to ask, on that local copy."""
    engine = read_engine(plugin_database_url)
    yield Asker(make_desk(plugin, engine, settings=plugin_settings))
    await engine.dispose()


@pytest.fixture
def work(
    plugin_database_url: str, plugin: Plugin, plugin_settings: PluginSettings
) -> Callable[[str], Awaitable[RunReport]]:
    """Return a function that runs a job by its name, as the worker would."""

    async def run(name: str) -> RunReport:
        return await run_job(plugin, name, plugin_database_url, plugin_settings)

    return run
