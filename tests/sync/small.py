"""An account of a few records and a client that reads it in many small pages: much happens in little time."""

import copy
from functools import cache

from atera_simulator.seed import build_world
from helpdesk_mcp.atera import AteraClient

FEW = {"tickets": 14, "agents": 8, "alerts": 8}


def small_world():
    """A copy of the smallest account, with few records, so that what happens meets the same ones again and again."""
    return copy.deepcopy(_small_world())


@cache
def _small_world():
    world = build_world("tiny")
    for name, count in FEW.items():
        kept = getattr(world, name)
        for key in sorted(kept)[:-count]:
            del kept[key]
    world.comments = {key: thread for key, thread in world.comments.items() if key in world.tickets}
    entries = world.work_hours.items()
    world.work_hours = {key: entry for key, entry in entries if entry["TicketID"] in world.tickets}
    return world


class SmallPages(AteraClient):
    """Reads five records at a time, so that small lists have several pages."""

    async def page(self, path, params=None, page=1, *, size=5, urgent=False):
        return await super().page(path, params, page, size=size, urgent=urgent)
