"""The tools' way to the front of the slow lane: whose custom values the sync reads next."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from itertools import islice

from sqlalchemy.ext.asyncio import AsyncEngine

from helpdesk_mcp.sdk.wanted import AGAIN_AFTER, MOST
from helpdesk_mcp.store import facts

_log = logging.getLogger(__name__)


class FactRequests:
    """Records machines beside the answer that needs them; an answer waits for nothing here and learns of no trouble."""

    def __init__(self, engine: Callable[[], Awaitable[AsyncEngine]]) -> None:
        self._engine = engine
        self._waiting: dict[int, None] = {}
        self._writing: asyncio.Task[None] | None = None

    def __call__(self, machine_ids: Iterable[int]) -> bool:
        """Have some machines recorded soon; those beyond the ceiling are left to the lane's own order."""
        self._waiting.update(dict.fromkeys(islice(machine_ids, MOST - len(self._waiting))))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        return True

    async def written(self) -> None:
        """Wait until what was asked for so far is recorded, or given up."""
        if self._writing is not None:
            await self._writing

    async def _write(self) -> None:
        while self._waiting:
            ids, self._waiting = list(self._waiting), {}
            try:
                async with (await self._engine()).begin() as connection:
                    await facts.want(connection, ids, most=MOST, again_after=AGAIN_AFTER)
            except Exception as error:  # noqa: BLE001 - a courtesy: without it the lane keeps its own order
                _log.warning("wanted_facts_not_recorded machines=%d error=%s", len(ids), type(error).__name__)
