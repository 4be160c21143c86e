"""Plugins from entry points: what is served, and what is left out with which reason."""

import sys
from datetime import timedelta
from importlib.metadata import EntryPoint
from pathlib import Path
from types import ModuleType

import pytest
from sqlalchemy import Column, Integer, MetaData, Table

from helpdesk_mcp.discovery import GROUP, discover
from helpdesk_mcp.sdk import Check, Job, Plugin, PluginSettings, Schema, Tool


async def ping(call):
    """Answer."""


async def undocumented(call): ...


async def untyped(call, *, what):
    """Take anything."""


def blocking(call):
    """Block."""


async def Shout(call):  # noqa: N802 - the wrong name is the point
    """Shout."""


def tool(run):
    return Tool(run=run, title="A tool", effect="read")


def job(run):
    return Job(run=run, every=timedelta(hours=1))


def schema(name, *, migrations=Path("migrations/versions")):
    metadata = MetaData(schema=name)
    Table("thing", metadata, Column("id", Integer))
    return Schema(metadata=metadata, migrations=migrations)


class Needs(PluginSettings):
    key: str


@pytest.fixture
def install(monkeypatch):
    """Make a module that stands in for a package, and its entry point."""

    def make(name, **content):
        module = ModuleType(f"toy_{name}")
        vars(module).update(content)
        monkeypatch.setitem(sys.modules, module.__name__, module)
        return EntryPoint(name, f"{module.__name__}:plugin", GROUP)

    return make


def reason(point, *others):
    (broken,) = discover(points=[*others, point]).broken
    assert broken.name == point.name
    return broken.reason


def test_plugins_are_served_in_order_of_their_names(install):
    points = [install(name, plugin=Plugin(name=name, summary="S.")) for name in ("zeta", "alpha")]
    assert [loaded.plugin.name for loaded in discover(points=points).loaded] == ["alpha", "zeta"]


def test_a_plugin_that_cannot_be_imported_is_left_out_and_the_others_are_served(install):
    good = install("good", plugin=Plugin(name="good", summary="S."))
    found = discover(points=[EntryPoint("bad", "no_such_module_here:plugin", GROUP), good])
    assert [loaded.plugin.name for loaded in found.loaded] == ["good"]
    assert [(b.name, b.reason) for b in found.broken] == [
        ("bad", "it cannot be imported: ModuleNotFoundError: No module named 'no_such_module_here'.")
    ]


def test_the_reason_is_logged_once(install, caplog):
    discover(points=[install("odd", plugin="text")])
    assert caplog.text.count("plugin_left_out plugin=odd") == 1


@pytest.mark.parametrize(
    ("plugin", "sentence"),
    [
        ("text", "its entry point toy_x:plugin is a str, not a helpdesk_mcp.sdk.Plugin."),
        (
            Plugin(name="x", summary="S.", api=9),
            "it is written for plugin contract 9, this server speaks 1: install a version that fits.",
        ),
        (Plugin(name="y", summary="S."), "its name is 'y' and its entry point 'x': they must be the same."),
        (
            Plugin(name="x", summary="S.", tools=(tool(Shout),)),
            "its tool 'Shout' needs a name of lower-case letters, digits and underscores.",
        ),
        (
            Plugin(name="x", summary="S.", tools=(tool(undocumented),)),
            "its tool 'undocumented' has no docstring, and that is what a model chooses by.",
        ),
        (
            Plugin(name="x", summary="S.", tools=(tool(blocking),)),
            "its tool 'blocking' must be an async function: it would block everyone else.",
        ),
        (
            Plugin(name="x", summary="S.", tools=(tool(untyped),)),
            "the argument 'what' of its 'untyped' has no type, and clients are told types.",
        ),
        (Plugin(name="x", summary="S.", settings=Needs), "HELPDESK_X_KEY cannot be used: Field required."),
        (
            Plugin(name="x", summary="S.", jobs=(job(ping), job(ping))),
            "two of its jobs are called 'ping'.",
        ),
        (
            Plugin(name="x", summary="S.", checks=(Check(run=blocking),)),
            "its check 'blocking' must be an async function: it would block the rest.",
        ),
        (
            Plugin(name="x", summary="S.", schema=schema("y")),
            "its table 'thing' is outside its schema: use MetaData(schema='x').",
        ),
        (
            Plugin(name="x", summary="S.", schema=schema("x", migrations=Path("nowhere"))),
            "its migrations are not in nowhere: build its package with them.",
        ),
    ],
)
def test_an_unfit_plugin_is_left_out_with_the_reason(install, plugin, sentence):
    assert reason(install("x", plugin=plugin)) == sentence


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        (
            "Oddly_named",
            "its name must be of lower-case letters, digits and underscores, 40 at most, a letter first.",
        ),
        ("mirror", "the schema 'mirror' is not for a plugin's tables: give the plugin another name."),
        ("pg_stats", "the schema 'pg_stats' is not for a plugin's tables: give the plugin another name."),
    ],
)
def test_a_name_that_cannot_be_a_schema_is_told(install, name, sentence):
    assert reason(install(name, plugin=Plugin(name=name, summary="S.", schema=schema(name)))) == sentence


def test_of_two_tools_with_one_name_the_second_plugin_is_left_out(install):
    first = install("a", plugin=Plugin(name="a", summary="S.", tools=(tool(ping),)))
    second = install("b", plugin=Plugin(name="b", summary="S.", tools=(tool(ping),)))
    assert reason(second, first) == "its tool 'ping' has the name of one of plugin 'a'."


def test_only_the_wanted_plugins_are_loaded_and_a_missing_one_is_told(install):
    points = [install(name, plugin=Plugin(name=name, summary="S.")) for name in ("a", "b")]
    found = discover("b, c", points)
    assert [loaded.plugin.name for loaded in found.loaded] == ["b"]
    assert [(b.name, b.reason) for b in found.broken] == [
        ("c", "HELPDESK_PLUGINS names it, and no installed package provides it.")
    ]


@pytest.mark.parametrize(
    ("wanted", "served", "resting"),
    [
        (None, ["a"], ["b"]),
        ("+b", ["a", "b"], []),
        ("b", ["b"], []),
        ("a", ["a"], []),
        ("a, +b", ["a", "b"], []),
    ],
)
def test_a_plugin_that_is_not_served_by_default_is_served_where_it_is_named(install, wanted, served, resting):
    points = [
        install("a", plugin=Plugin(name="a", summary="S.")),
        install("b", plugin=Plugin(name="b", summary="S.", by_default=False)),
    ]
    found = discover(wanted, points)
    assert [loaded.plugin.name for loaded in found.loaded] == served
    assert [plugin.name for plugin in found.resting] == resting
    assert found.broken == ()


def test_settings_of_a_plugin_that_is_not_served_are_not_asked_for(install):
    point = install("x", plugin=Plugin(name="x", summary="S.", settings=Needs, by_default=False))
    assert discover(points=[point]).broken == ()
    assert discover("+x", [point]).broken[0].reason == "HELPDESK_X_KEY cannot be used: Field required."
