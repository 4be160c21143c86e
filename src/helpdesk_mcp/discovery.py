"""From entry points to plugins: those that work, and those that do not with the reason why.

A broken plugin is never fatal. It is left out, logged once, and shown by `helpdesk-mcp plugins` and the server's own status;
the rest is served.
"""

import inspect
import logging
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points

from . import settings
from .sdk.plugin import API, Plugin, PluginSettings, Schema
from .store.plugins import RESERVED

GROUP = "helpdesk_mcp.plugins"
PLUGIN_NAME = re.compile(r"^[a-z][a-z0-9_]{0,39}$")
"""It becomes a Postgres schema and part of the name of a role, which may have 63 letters."""
_TOOL_NAME = re.compile(r"^[a-z][a-z0-9_]{2,63}$")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Loaded:
    """A plugin that is served, with its settings read."""

    plugin: Plugin
    settings: PluginSettings
    package: str
    """Distribution it came from, with its version."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A plugin that was left out, and why, in a sentence."""

    name: str
    reason: str
    package: str


@dataclass(frozen=True, slots=True)
class Discovered:
    """All that was found, in order of name: lists that clients cache must not change order from start to start."""

    loaded: tuple[Loaded, ...]
    broken: tuple[Broken, ...]
    resting: tuple[Plugin, ...] = ()
    """Installed, well, and not served unless HELPDESK_PLUGINS names them."""


class Unfit(Exception):
    """The plugin loads but cannot be served."""


def discover(
    wanted: str | None = None,
    points: Iterable[EntryPoint] | None = None,
    *,
    built_in: Sequence[Loaded] = (),
) -> Discovered:
    """Load the installed plugins, or only those named in `wanted` (comma-separated), beside those that are `built_in`.

    A name with a plus, `+name`, adds to the installed ones instead.

    `points` stands in for the installed entry points in tests.
    """
    found = sorted(entry_points(group=GROUP) if points is None else points, key=lambda point: point.name)
    said = [name.strip() for name in (wanted or "").split(",") if name.strip()]
    named = {name.removeprefix("+") for name in said}
    others_too = all(name.startswith("+") for name in said)
    loaded: list[Loaded] = [*built_in]
    resting: list[Plugin] = []
    broken = [
        Broken(name, "HELPDESK_PLUGINS names it, and no installed package provides it.", "")
        for name in sorted(named - {point.name for point in found})
    ]
    for point in found:
        if not (others_too or point.name in named):
            continue
        try:
            plugin = _load(point, loaded)
            if plugin.by_default or point.name in named:
                own = settings.load_for_plugin(plugin.settings, plugin.name)
                loaded.append(Loaded(plugin, own, _package(point)))
            else:
                resting.append(plugin)
        except Exception as error:  # noqa: BLE001 - a stranger's package: whatever it raises, the others are served
            broken.append(Broken(point.name, _reason(error), _package(point)))
    for one in broken:
        _log.warning("plugin_left_out plugin=%s reason=%r", one.name, one.reason)
    # What is built in comes last: it completes what the others offer.
    return Discovered((*loaded[len(built_in) :], *built_in), tuple(broken), tuple(resting))


def check_fit(plugin: Plugin, entry: str) -> None:
    """Raise `Unfit` when a plugin behind the entry point `entry` cannot be served, whatever else is installed."""
    if plugin.api != API:
        raise Unfit(
            f"it is written for plugin contract {plugin.api}, this server speaks {API}: install a version that fits"
        )
    if plugin.name != entry:
        raise Unfit(f"its name is {plugin.name!r} and its entry point {entry!r}: they must be the same")
    if not PLUGIN_NAME.match(plugin.name):
        raise Unfit(
            "its name must be of lower-case letters, digits and underscores, 40 at most, a letter first"
        )
    _check_offer(plugin)
    _check_background(plugin)
    if plugin.schema is not None:
        _check_schema(plugin.schema, plugin.name)


def _check_offer(plugin: Plugin) -> None:
    for item in (*plugin.tools, *plugin.prompts, *plugin.resources):
        bare = [
            p.name for p in [*inspect.signature(item.run).parameters.values()][1:] if p.annotation is p.empty
        ]
        if bare:
            raise Unfit(
                f"the argument {bare[0]!r} of its {item.name!r} has no type, and clients are told types"
            )
    for tool in plugin.tools:
        if not _TOOL_NAME.match(tool.name):
            raise Unfit(f"its tool {tool.name!r} needs a name of lower-case letters, digits and underscores")
        if not tool.description:
            raise Unfit(f"its tool {tool.name!r} has no docstring, and that is what a model chooses by")
        if not inspect.iscoroutinefunction(tool.run):
            raise Unfit(f"its tool {tool.name!r} must be an async function: it would block everyone else")


def _check_background(plugin: Plugin) -> None:
    for kind, items in (("job", plugin.jobs), ("check", plugin.checks)):
        names = [item.name for item in items]
        for item in items:
            if names.count(item.name) > 1:
                raise Unfit(f"two of its {kind}s are called {item.name!r}")
            if not inspect.iscoroutinefunction(item.run):
                raise Unfit(f"its {kind} {item.name!r} must be an async function: it would block the rest")


def _check_schema(schema: Schema, plugin: str) -> None:
    if plugin in RESERVED or plugin.startswith("pg_"):
        raise Unfit(f"the schema {plugin!r} is not for a plugin's tables: give the plugin another name")
    for table in schema.metadata.tables.values():
        if table.schema != plugin:
            raise Unfit(f"its table {table.name!r} is outside its schema: use MetaData(schema={plugin!r})")
    if not any(schema.migrations.glob("*.py")):
        raise Unfit(f"its migrations are not in {schema.migrations}: build its package with them")


def _load(point: EntryPoint, earlier: Sequence[Loaded]) -> Plugin:
    plugin = point.load()
    if not isinstance(plugin, Plugin):
        raise Unfit(
            f"its entry point {point.value} is a {type(plugin).__name__}, not a helpdesk_mcp.sdk.Plugin"
        )
    check_fit(plugin, point.name)
    _check_clashes(plugin, earlier)
    return plugin


def _check_clashes(plugin: Plugin, earlier: Sequence[Loaded]) -> None:
    taken = {tool.name: other.plugin.name for other in earlier for tool in other.plugin.tools}
    for tool in plugin.tools:
        if tool.name in taken:
            raise Unfit(f"its tool {tool.name!r} has the name of one of plugin {taken[tool.name]!r}")


def _reason(error: Exception) -> str:
    if isinstance(error, settings.SettingsError):
        return str(error)
    if isinstance(error, Unfit):
        return f"{error}."
    return f"it cannot be imported: {type(error).__name__}: {error}."


def _package(point: EntryPoint) -> str:
    return f"{point.dist.name} {point.dist.version}" if point.dist else ""
