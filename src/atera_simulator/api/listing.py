"""Sorted lists of record ids that stay right as the world changes, so that a page never sorts 60,000 rows.

A Listing keeps one sorted list per group (all tickets, tickets of one status, of one customer ...). It is built on first use
and then follows the world's journal: each noted record is taken out of its old places and put into its new ones by bisection.
"""

from bisect import bisect_left, insort
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, overload

from atera_simulator.world import World

ALL = "all"
Place = Callable[[World, int], tuple[Any, Iterable[Hashable]]]
"""Gives a record's sort key (one comparable type per listing) and the groups it belongs to."""


class Ids(Sequence[int]):
    """A view of a listing's ids, good until the world changes; a slice copies only what it names."""

    def __init__(self, rows: list[tuple[Any, int]], places: range) -> None:
        self._rows = rows
        self._places = places

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, index: int) -> int: ...
    @overload
    def __getitem__(self, index: slice) -> list[int]: ...
    def __getitem__(self, index: int | slice) -> int | list[int]:
        if isinstance(index, slice):
            return [self._rows[place][1] for place in self._places[index]]
        return self._rows[self._places[index]][1]


class Listing:
    """The ids of one of the world's dicts, sorted within groups."""

    def __init__(self, world: World, table: str, place: Place, *, reverse: bool = False) -> None:
        self._world = world
        self._table = table
        self._place = place
        self._reverse = reverse
        self._seen = -1
        self._groups: dict[Hashable, list[tuple[Any, int]]] = {}
        self._places: dict[int, tuple[Any, tuple[Hashable, ...]]] = {}

    def ids(self, group: Hashable = ALL, *, start: Any = None, reverse: bool = False) -> Ids:
        """Return the ids of a group in order; with `start` only those whose sort key is at least that.

        `reverse` turns the listing's own direction round.
        """
        self._follow()
        rows = self._groups.get(group, [])
        first = 0 if start is None else bisect_left(rows, start, key=lambda row: row[0])
        places = range(first, len(rows))
        return Ids(rows, places[::-1] if self._reverse != reverse else places)

    def _follow(self) -> None:
        journal = self._world.journal
        if self._seen < 0:
            self._build()
        else:
            # A change noted several times is followed once.
            for record_id in {key for table, key in journal[self._seen :] if table == self._table}:
                self._take_out(record_id)
                self._put_in(record_id)
        self._seen = len(journal)

    def _build(self) -> None:
        for record_id in getattr(self._world, self._table):
            key, groups = self._place(self._world, record_id)
            self._places[record_id] = (key, tuple(groups))
            for group in self._places[record_id][1]:
                self._groups.setdefault(group, []).append((key, record_id))
        for rows in self._groups.values():
            rows.sort()

    def _take_out(self, record_id: int) -> None:
        key, groups = self._places.pop(record_id, (None, ()))
        for group in groups:
            rows = self._groups[group]
            del rows[bisect_left(rows, (key, record_id))]

    def _put_in(self, record_id: int) -> None:
        if record_id not in getattr(self._world, self._table):
            return
        key, groups = self._place(self._world, record_id)
        self._places[record_id] = (key, tuple(groups))
        for group in self._places[record_id][1]:
            insort(self._groups.setdefault(group, []), (key, record_id))
