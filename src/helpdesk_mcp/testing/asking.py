"""Calls of a plugin as the server makes them: checked arguments in, the whole text out, failures as their sentence."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from helpdesk_mcp.discovery import Discovered, Loaded
from helpdesk_mcp.sdk import Caller, Plugin, PluginSettings
from helpdesk_mcp.server import calls, checks
from helpdesk_mcp.server.desk import Desk

from .mirror import NOW


class Asker:
    """Somebody who asks one plugin: `await ask("search_things", name="x")` returns the text of the answer."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.caller = desk.local or Caller(person="test", engineer=None)

    async def __call__(self, tool: str, **arguments: Any) -> str:
        """Call a tool."""
        return await calls.run(self.desk, self.caller, self.desk.tools[tool], arguments)

    async def refusal(self, tool: str, **arguments: Any) -> str:
        """Call a tool that must fail, and return the sentence that the caller is told."""
        with pytest.raises(calls.Failed) as caught:
            await self(tool, **arguments)
        return str(caught.value)

    async def prompt(self, name: str, **arguments: Any) -> str:
        """Fill in a prompt."""
        return await calls.run(self.desk, self.caller, self.desk.prompts[name], arguments)

    async def resource(self, uri: str, **fields: Any) -> str:
        """Read a resource, named by its template."""
        return await calls.run(self.desk, self.caller, self.desk.resources[uri], fields)

    async def completed(self, argument: str, typed: str) -> list[str]:
        """Return what is offered for an argument."""
        owner, completion = self.desk.completions[argument]
        return await calls.complete(self.desk, self.caller, completion, owner, typed)

    async def check(self, name: str) -> tuple[bool, str]:
        """Run the plugin's checks, and return whether one of them is content and what it says."""
        found = next(one for one in await checks.run_checks(self.desk) if one.check == name)
        return found.ok, found.text


def make_desk(
    plugin: Plugin,
    engine: AsyncEngine,
    *,
    settings: PluginSettings | None = None,
    engineer: str | None = "Jens Holm",
    now: datetime = NOW,
    small: bool = False,
) -> Desk:
    """Return a server's composition with one plugin: asked in Copenhagen, at a fixed moment."""

    async def opened() -> AsyncEngine:
        return engine

    return Desk(
        engine=opened,
        plugins=Discovered((Loaded(plugin, settings or plugin.settings(), f"{plugin.name} 0"),), ()),
        zone=ZoneInfo("Europe/Copenhagen"),
        local=Caller(person="test", engineer=engineer),
        small=small,
        call_timeout_s=20,
        clock=lambda: now,
    )
