"""Plugins from entry points: what is served, and what is left out with which reason."""

import sys
from importlib.metadata import EntryPoint
from types import ModuleType

import pytest

from helpdesk_mcp.discovery import GROUP, discover
from helpdesk_mcp.sdk import Plugin, PluginSettings, Tool


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
    ],
)
def test_an_unfit_plugin_is_left_out_with_the_reason(install, plugin, sentence):
    assert reason(install("x", plugin=plugin)) == sentence


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
