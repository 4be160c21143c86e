"""One machine of each kind judged, and the judgements kept: the next question meets the same kinds."""

import asyncio
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache

from helpdesk_mcp.sdk import Call

from .queries import alike
from .queries.alike import Alike, Fields, One
from .queries.rulings import Ruling
from .readiness import Facts, Judgement, assess, judgement, read_facts
from .readiness.facts import NOTHING
from .settings import MachineSettings, settings_of

_MOST = 65_536
"""Judgements kept under the same settings; a fleet of 100,000 machines needs ten thousand, at 100 bytes each."""


class Kept:
    """Judgements by the hash of all that they follow from, so one is right for as long as it is kept."""

    def __init__(self) -> None:
        """Begin with none."""
        self._by_hash: dict[int, Judgement] = {}

    def known(self, hashes: Iterable[int]) -> dict[int, Judgement]:
        """Return those of the judgements that are kept."""
        return {hash_: judged for hash_ in hashes if (judged := self._by_hash.get(hash_))}

    def keep(self, judged: Mapping[int, Judgement]) -> None:
        """Keep judgements; where there is no room for them all go, and only those of this question stay."""
        if len(self._by_hash) + len(judged) > _MOST:
            self._by_hash = {}
        self._by_hash.update(list(judged.items())[:_MOST])


@lru_cache(maxsize=4)
def kept(fields: tuple[str, ...], today: date) -> Kept:  # noqa: ARG001 - what judgements depend on beside the machine
    """Return what was judged on this day with these names of fields: support of a release ends at midnight."""
    return Kept()


async def judgements(
    call: Call, found: Sequence[Alike], fields: Fields, ruling: Ruling
) -> dict[int, Judgement]:
    """Return the judgement on each part of a fleet by its hash; a part whose machine has just gone has none."""
    settings, today = settings_of(call), call.now.astimezone(call.zone).date()
    store = kept(settings.fields, today)
    known = store.known(part.hash for part in found)
    new = [part for part in found if part.hash not in known]
    if not new:
        return known
    ones = await alike.ones(call.db, [part.one for part in new], fields, ruling)
    # Of a big fleet it takes long, and others want answers meanwhile.
    by_id = await asyncio.to_thread(_judged, ones, settings, today)
    # By the hash that was read together with what was judged: the machine may have changed since it was counted.
    store.keep({one.hash: by_id[one.machine.id] for one in ones if ruling.covers(one.machine)})
    return known | {part.hash: by_id[part.one] for part in new if part.one in by_id}


def _judged(ones: Sequence[One], settings: MachineSettings, today: date) -> dict[int, Judgement]:
    said: dict[int | None, Facts] = {None: NOTHING}
    found: dict[int, Judgement] = {}
    for one in ones:
        if one.values not in said:
            said[one.values] = read_facts(json.loads(one.texts), settings)
        found[one.machine.id] = judgement(assess(one.machine, said[one.values], today))
    return found
