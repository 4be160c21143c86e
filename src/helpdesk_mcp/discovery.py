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
from .sdk.plugin import API, Plugin, PluginSettings

GROUP = "helpdesk_mcp.plugins"
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


class _Unfit(Exception):
    """The plugin loads but cannot be served."""


def discover(
    wanted: str | None = None,
    points: Iterable[EntryPoint] | None = None,
    *,
    built_in: Sequence[Loaded] = (),
) -> Discovered:
    """Load the installed plugins, or only those named in `wanted` (comma-separated), beside those that are `built_in`.

    `points` stands in for the installed entry points in tests.
    """
    found = sorted(entry_points(group=GROUP) if points is None else points, key=lambda point: point.name)
    names = None if wanted is None else {name.strip() for name in wanted.split(",") if name.strip()}
    loaded: list[Loaded] = [*built_in]
    broken = [
        Broken(name, "HELPDESK_PLUGINS names it, and no installed package provides it.", "")
        for name in sorted((names or set()) - {point.name for point in found})
    ]
    for point in found:
        if names is not None and point.name not in names:
            continue
        try:
            loaded.append(_load(point, loaded))
        except Exception as error:  # noqa: BLE001 - a stranger's package: whatever it raises, the others are served
            broken.append(Broken(point.name, _reason(error), _package(point)))
    for one in broken:
        _log.warning("plugin_left_out plugin=%s reason=%r", one.name, one.reason)
    # What is built in comes last: it completes what the others offer.
    return Discovered((*loaded[len(built_in) :], *built_in), tuple(broken))


def _load(point: EntryPoint, earlier: Sequence[Loaded]) -> Loaded:
    plugin = point.load()
    if not isinstance(plugin, Plugin):
        raise _Unfit(
            f"its entry point {point.value} is a {type(plugin).__name__}, not a helpdesk_mcp.sdk.Plugin"
        )
    _check(plugin, point.name)
    _check_clashes(plugin, earlier)
    return Loaded(plugin, settings.load_for_plugin(plugin.settings, plugin.name), _package(point))


def _check(plugin: Plugin, entry: str) -> None:
    if plugin.api != API:
        raise _Unfit(
            f"it is written for plugin contract {plugin.api}, this server speaks {API}: install a version that fits"
        )
    if plugin.name != entry:
        raise _Unfit(f"its name is {plugin.name!r} and its entry point {entry!r}: they must be the same")
    for item in (*plugin.tools, *plugin.prompts, *plugin.resources):
        bare = [
            p.name for p in [*inspect.signature(item.run).parameters.values()][1:] if p.annotation is p.empty
        ]
        if bare:
            raise _Unfit(
                f"the argument {bare[0]!r} of its {item.name!r} has no type, and clients are told types"
            )
    for tool in plugin.tools:
        if not _TOOL_NAME.match(tool.name):
            raise _Unfit(f"its tool {tool.name!r} needs a name of lower-case letters, digits and underscores")
        if not tool.description:
            raise _Unfit(f"its tool {tool.name!r} has no docstring, and that is what a model chooses by")
        if not inspect.iscoroutinefunction(tool.run):
            raise _Unfit(f"its tool {tool.name!r} must be an async function: it would block everyone else")


def _check_clashes(plugin: Plugin, earlier: Sequence[Loaded]) -> None:
    taken = {tool.name: other.plugin.name for other in earlier for tool in other.plugin.tools}
    for tool in plugin.tools:
        if tool.name in taken:
            raise _Unfit(f"its tool {tool.name!r} has the name of one of plugin {taken[tool.name]!r}")


def _reason(error: Exception) -> str:
    if isinstance(error, settings.SettingsError):
        return str(error)
    if isinstance(error, _Unfit):
        return f"{error}."
    return f"it cannot be imported: {type(error).__name__}: {error}."


def _package(point: EntryPoint) -> str:
    return f"{point.dist.name} {point.dist.version}" if point.dist else ""
