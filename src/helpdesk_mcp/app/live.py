"""The tools' way to Atera, for the few reads that no copy answers."""

import asyncio
from typing import TypeVar

from helpdesk_mcp.atera import AteraClient, join_path, wire
from helpdesk_mcp.atera.errors import AteraError
from helpdesk_mcp.sdk import NotFound, Unavailable
from helpdesk_mcp.sdk.live import Patch, Patches

M = TypeVar("M", wire.InstalledPatches, wire.AvailablePatches)


class AteraReads:
    """Asks Atera through a client that is already open."""

    def __init__(self, client: AteraClient) -> None:
        self._client = client

    async def patches(self, device_guid: str) -> Patches:
        """Return the updates of a machine, by two calls side by side."""
        installed, available = await asyncio.gather(
            self._read(wire.InstalledPatches, "agents", device_guid, "installed-patches"),
            self._read(wire.AvailablePatches, "agents", device_guid, "available-patches"),
        )
        return Patches(
            tuple(
                Patch(one.Name or "", one.KBId or "", one.Class or "", "", one.InstallDate)
                for one in installed.InstalledUpdates or ()
            ),
            tuple(
                Patch(one.Name or "", one.KBId or "", one.Class or "", one.Status or "", None)
                for one in available.AvailableUpdates or ()
            ),
            max(filter(None, (installed.Timestamp, available.Timestamp)), default=None),
        )

    async def _read(self, model: type[M], *path: str) -> M:
        try:
            found = await self._client.get(join_path(*path), urgent=True)
            if found is None:
                raise NotFound(
                    "Atera does not know this machine any more: it was removed after the last sync."
                )
            return wire.parse_one(model, found)
        except AteraError as error:
            raise Unavailable(str(error)) from error
        except ValueError as error:
            raise Unavailable(f"Atera's answer has a shape that it does not document: {error}.") from error
