"""What a package may add to the server. Data only: a plugin declares, the core reads it and hands nothing of itself over.

A plugin is one frozen `Plugin` behind an entry point of the group `helpdesk_mcp.plugins`, named like the plugin. Objects and
not hooks, because every plugin here only adds to lists: the type checker sees a mistake at the author's desk, and
`helpdesk-mcp plugins` can print the whole thing without running it. Importing a plugin imports no MCP.
"""

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ConfigDict

from .caller import Scope

API = 1
"""The number of this contract. A plugin written for another one is refused at load, with both numbers in the reason."""

Effect = Scope
"""read: changes nothing; write: changes something in-house; reach: sends something outside, to a customer."""


class PluginSettings(BaseModel):
    """A plugin's own settings: subclass it, one described field each; read from `HELPDESK_<PLUGIN>_<FIELD>` at start."""

    model_config = ConfigDict(frozen=True, extra="forbid")


@dataclass(frozen=True, slots=True)
class Advanced:
    """Marks an argument (`Annotated[..., Advanced()]`) that the small profile leaves out of the tool's definition."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """One tool. Its name is the function's; its description the docstring, up to a line that starts with `Raises:`.

    `run` is `async def name(call, *, ...)`: keyword arguments with defaults, flat types, `Annotated[..., Field(...)]` for
    limits and descriptions. It returns an `Answer` or, where nothing is to be counted, a plain string; with another effect
    than `read` a `Change` or `Needed` (sdk/change.py), because it is the core that asks the person and sends.
    """

    run: Callable[..., Awaitable[Any]]
    title: str
    effect: Effect
    """Declared by every tool, so that nobody forgets it."""
    streams: tuple[str, ...] = ()
    """Streams of the sync that the answer stands on: the core adds the age of the oldest one."""
    small: bool = True
    """Offered in the small profile too."""
    is_long: bool = False
    """Waits for something that may last: the limit for a question does not apply."""

    @property
    def name(self) -> str:
        """Return the name that clients call."""
        return self.run.__name__

    @property
    def description(self) -> str:
        """Return what the model reads when it chooses a tool."""
        return _description(self.run)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """A ready-made request for daily work. `run` is `async def name(call, *, argument="") -> str`; arguments are strings."""

    run: Callable[..., Awaitable[str]]
    title: str

    @property
    def name(self) -> str:
        """Return the name that clients show."""
        return self.run.__name__

    @property
    def description(self) -> str:
        """Return the sentence that clients show beside it."""
        return _description(self.run)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """Something to read by address: `uri` is a template such as `ticket://{number}`, its fields are arguments of `run`.

    A text/plain one is for reading: it gets the age of its data and is cut when it is too long, as an answer is. Any other
    kind is data for a program and is given as it is.
    """

    uri: str
    run: Callable[..., Awaitable[str]]
    title: str
    mime_type: str = "text/plain"
    streams: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Return the name that clients show."""
        return self.run.__name__

    @property
    def description(self) -> str:
        """Return the sentence that clients show beside it."""
        return _description(self.run)


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """Offers values while a person types an argument of a prompt or a resource: `await run(call, typed)` -> best first."""

    argument: str
    run: Callable[..., Awaitable[list[str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plugin:
    """All that one package adds."""

    name: str
    """Its folder, its entry point, the prefix of its settings."""
    summary: str
    """One sentence, shown by `helpdesk-mcp plugins` and told to the model in the server's instructions."""
    tools: tuple[Tool, ...] = ()
    prompts: tuple[Prompt, ...] = ()
    resources: tuple[Resource, ...] = ()
    completions: tuple[Completion, ...] = ()
    settings: type[PluginSettings] = field(default=PluginSettings)
    needs: Effect = "read"
    """Offered only where this is possible at all: `write` for a plugin that is of no use on a server that only reads."""
    api: int = API


def _description(function: Callable[..., Any]) -> str:
    text = inspect.cleandoc(function.__doc__ or "")
    return text.split("\nRaises:", 1)[0].strip()
