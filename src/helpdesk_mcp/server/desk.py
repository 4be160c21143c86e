"""What one server process serves: its plugins, its database, who asks. Made by `app`, read by the rest of `server`."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Generic, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncEngine

from helpdesk_mcp.discovery import Discovered, Loaded
from helpdesk_mcp.sdk import Call, Caller, Completion, Effect, Prompt, Resource, Tool
from helpdesk_mcp.sdk.changes import Changes, no_changes
from helpdesk_mcp.sdk.live import LiveReads, NoLiveReads
from helpdesk_mcp.sdk.wanted import WantFacts, nobody_reads

from .arguments import Arguments
from .copies import Copies
from .leaving import Departure


def _utc_now() -> datetime:
    return datetime.now(UTC)


Item = TypeVar("Item", Tool, Prompt, Resource)


@dataclass(frozen=True, slots=True)
class Offered(Generic[Item]):
    """One thing of one plugin, with its arguments read from its signature."""

    item: Item
    owner: Loaded
    arguments: Arguments


@dataclass(frozen=True, kw_only=True)
class Desk:
    """The composition of one server. Nothing in it belongs to a single caller."""

    engine: Callable[[], Awaitable[AsyncEngine]]
    """The read-only engine; the first call may have to start a database."""
    replica: Callable[[], Awaitable[AsyncEngine]] | None = None
    """The same for a copy that answers questions instead, and may be behind."""
    plugins: Discovered
    live: LiveReads = field(default_factory=NoLiveReads)
    changes: Changes = field(default_factory=no_changes)
    effects: frozenset[Effect] = frozenset({"read"})
    """What this server does at all: tools with another effect are not offered."""
    is_person_required: bool = False
    """Whether a change needs a client that can ask the person: a code is not enough."""
    want_facts: WantFacts = nobody_reads
    zone: ZoneInfo
    local: Caller | None
    """Who asks where nobody signs in: the one client of stdio, and callers on this machine. None: everybody signs in."""
    small: bool
    call_timeout_s: float
    departure: Departure = field(default_factory=Departure)
    """The end of this server, when it comes."""
    clock: Callable[[], datetime] = _utc_now

    @cached_property
    def tools(self) -> dict[str, Offered[Tool]]:
        """Return the tools of this profile by name, in a stable order."""
        return {
            tool.name: Offered(tool, owner, Arguments(tool.run, small=self.small))
            for owner, tool in self._each("tools", Tool)
            if tool.effect in self.effects and (tool.small or not self.small)
        }

    @cached_property
    def prompts(self) -> dict[str, Offered[Prompt]]:
        """Return the prompts by name."""
        return {p.name: Offered(p, owner, Arguments(p.run)) for owner, p in self._each("prompts", Prompt)}

    @cached_property
    def resources(self) -> dict[str, Offered[Resource]]:
        """Return the resource templates by their URI."""
        return {r.uri: Offered(r, owner, Arguments(r.run)) for owner, r in self._each("resources", Resource)}

    @cached_property
    def completions(self) -> dict[str, tuple[Loaded, Completion]]:
        """Return the completions by the argument they serve; of two plugins the first in name order serves."""
        found: dict[str, tuple[Loaded, Completion]] = {}
        for owner, completion in self._each("completions", Completion):
            found.setdefault(completion.argument, (owner, completion))
        return found

    def _each(self, kind: str, _type: type[Any]) -> Iterator[tuple[Loaded, Any]]:
        for loaded in self.plugins.loaded:
            if loaded.plugin.needs not in self.effects:
                continue
            for item in getattr(loaded.plugin, kind):
                yield loaded, item

    @cached_property
    def copies(self) -> Copies:
        """Return where calls read."""
        return Copies(self.engine, self.replica)

    @asynccontextmanager
    async def call(self, owner: Loaded, caller: Caller, effect: Effect = "read") -> AsyncGenerator[Call]:
        """Open what one call of one plugin by one caller needs, and close it afterwards."""
        now = self.clock()
        session = self.copies.session(caller.person, effect, now)
        try:
            yield Call(
                db=session,
                live=self.live,
                changes=self.changes,
                want_facts=self.want_facts,
                settings=owner.settings,
                now=now,
                zone=self.zone,
                caller=caller,
            )
        finally:
            await session.close()
