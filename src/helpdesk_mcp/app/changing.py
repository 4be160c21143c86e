"""Whether and what this server changes, and the desk for it, which is made at its first use."""

import asyncio
from typing import TYPE_CHECKING, Any, cast

from helpdesk_mcp.sdk.changes import Changes
from helpdesk_mcp.sdk.plugin import Effect
from helpdesk_mcp.settings import Settings

from .atera import Atera
from .database import Database

if TYPE_CHECKING:
    from helpdesk_mcp.changes.service import ChangeDesk


def effects(settings: Settings) -> frozenset[Effect]:
    """Return what this deployment does at all; without a token for Atera it can only read."""
    if settings.writes == "off" or settings.atera_token is None:
        return frozenset({"read"})
    return frozenset({"read", "write", "reach"} if settings.reach == "on" else {"read", "write"})


def desk(settings: Settings, database: Database, atera: Atera) -> Changes:
    """Return the desk for changes; nothing is loaded or connected before it is used."""
    return cast("Changes", _Later(settings, database, atera))


class _Later:
    """Passes each call on to the desk, which the first one makes."""

    def __init__(self, settings: Settings, database: Database, atera: Atera) -> None:
        self._settings = settings
        self._database = database
        self._atera = atera
        self._opening = asyncio.Lock()
        self._desk: ChangeDesk | None = None

    def __getattr__(self, name: str) -> Any:
        async def call(*values: Any, **named: Any) -> Any:
            return await getattr(await self._opened(), name)(*values, **named)

        return call

    async def close(self, patience_s: float) -> None:
        """Let changes under way end, if there ever were any."""
        if self._desk is not None:
            await self._desk.close(patience_s)

    async def _opened(self) -> "ChangeDesk":
        async with self._opening:
            if self._desk is None:
                from helpdesk_mcp.changes.operations import Outside  # noqa: PLC0415 - loads httpx
                from helpdesk_mcp.changes.policy import Policy  # noqa: PLC0415 - see the class
                from helpdesk_mcp.changes.service import ChangeDesk  # noqa: PLC0415 - see the class

                outside = Outside(await self._atera.client(), await self._database.server())
                named = self._settings.write_customers
                customers = (
                    None
                    if named is None
                    else tuple(part.strip() for part in named.split(",") if part.strip())
                )
                policy = Policy(reach=self._settings.reach == "on", customers=customers)
                self._desk = ChangeDesk(outside, policy)
            return self._desk
