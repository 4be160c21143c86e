"""What a package may add to the server. Data only: a plugin declares, the core reads it and hands nothing of itself over.

A plugin is one frozen `Plugin` behind an entry point of the group `helpdesk_mcp.plugins`, named like the plugin. Objects and
not hooks, because every plugin here only adds to lists: the type checker sees a mistake at the author's desk, and
`helpdesk-mcp plugins` can print the whole thing without running it. Importing a plugin imports no MCP.
"""

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import MetaData

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
class Schema:
    """A plugin's own tables, in a Postgres schema with the plugin's name. Tools may read them, its jobs may write them."""

    metadata: MetaData
    """The tables as SQLAlchemy describes them: `MetaData(schema=<the plugin's name>)`."""
    migrations: Path
    """Folder of Alembic revisions that lead there, a history of the plugin's own; it needs no `env.py`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Work that the worker does every so often. `run` is `async def name(job)`: it gets a `JobRun` and returns nothing.

    Its runs are recorded like those of the sync, as the stream `<plugin>.<name>`: name that in `Tool.streams`, and answers
    tell the age of what the job found. What it raises ends this run only; a `ToolFailure`'s sentence is shown as it is.
    """

    run: Callable[..., Awaitable[None]]
    every: timedelta | Callable[[Any], timedelta]
    """Least time between two complete runs, or a function that tells it from the plugin's settings.

    The worker looks once per cycle: a job never runs more often than that. A failed run is tried again after 15 minutes.
    """
    longest: timedelta = timedelta(minutes=10)
    """A run that takes longer is ended and has failed."""

    @property
    def name(self) -> str:
        """Return its name within the plugin."""
        return self.run.__name__

    @property
    def description(self) -> str:
        """Return what it does, for people."""
        return _description(self.run)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A look at whether the plugin can do its work: `async def name(call) -> str`.

    It returns a sentence about what is well, and raises a `ToolFailure` with one about what is not and what to do. Fast:
    readiness probes ask it too.
    """

    run: Callable[..., Awaitable[str]]

    @property
    def name(self) -> str:
        """Return its name within the plugin."""
        return self.run.__name__

    @property
    def description(self) -> str:
        """Return what it looks at, for people."""
        return _description(self.run)


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
    schema: Schema | None = None
    jobs: tuple[Job, ...] = ()
    checks: tuple[Check, ...] = ()
    by_default: bool = True
    """Served wherever it is installed; else only where HELPDESK_PLUGINS names it, as `+name` beside the others."""
    api: int = API

    def stream(self, job: Job) -> str:
        """Return the name under which the runs of one of its jobs are recorded."""
        return f"{self.name}.{job.name}"


def _description(function: Callable[..., Any]) -> str:
    text = inspect.cleandoc(function.__doc__ or "")
    return text.split("\nRaises:", 1)[0].strip()
