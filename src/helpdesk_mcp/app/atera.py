"""The server's own client of Atera: one for live reads and changes, loaded and opened by the first of them."""

import asyncio
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from helpdesk_mcp.sdk.errors import Unavailable
from helpdesk_mcp.sdk.live import Patches
from helpdesk_mcp.settings import Settings, SettingsError

if TYPE_CHECKING:
    from helpdesk_mcp.atera import AteraClient

_BUDGET_S = 25.0
"""A person waits for each of these calls."""


class Atera:
    """Opens the client on first use: most servers are asked for days before they need one."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._opening = asyncio.Lock()
        self._open = AsyncExitStack()
        self._client: AteraClient | None = None

    @property
    def is_configured(self) -> bool:
        """Whether there is a token."""
        return self._settings.atera_token is not None

    async def client(self) -> "AteraClient":
        """Return the client, open.

        Raises:
            Unavailable: the token or the address cannot be used.
        """
        async with self._opening:
            if self._client is None:
                self._client = await self._open.enter_async_context(self._made())
            return self._client

    async def close(self) -> None:
        """Close the client, if it was opened."""
        await self._open.aclose()

    def _made(self) -> "AteraClient":
        from helpdesk_mcp.atera import RetryPolicy, errors  # noqa: PLC0415 - loads httpx, see the class

        from .client import make_client  # noqa: PLC0415 - the same

        try:
            return make_client(self._settings, RetryPolicy(budget_s=_BUDGET_S))
        except (errors.AteraError, SettingsError, ValueError) as error:
            raise Unavailable(str(error)) from error


class LiveReadsLater:
    """The tools' reads from Atera, through a client that the first of them opens."""

    def __init__(self, atera: Atera) -> None:
        self._atera = atera

    async def patches(self, device_guid: str) -> Patches:
        """Return the updates of a machine."""
        from .live import AteraReads  # noqa: PLC0415 - loads httpx

        return await AteraReads(await self._atera.client()).patches(device_guid)
