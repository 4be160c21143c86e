"""What every change shares: the errors, the journal, new ids and the wire form of a moment."""

from datetime import UTC, datetime

from atera_simulator.world import Record, World


class Refused(ValueError):
    """The account does not carry out the request; the message says why and what would be accepted."""


class Conflict(Refused):
    """The request clashes with a record that exists already."""


class Missing(LookupError):
    """The record the request is about does not exist."""


def stamp(moment: datetime) -> str:
    """Return a moment as Atera writes it: UTC, whole seconds, `Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def note(world: World, table: str, key: int) -> None:
    """Tell the sorted lists that a record was added, changed or removed."""
    world.journal.append((table, key))


def next_id(world: World, table: str) -> int:
    """Return an id that no record of this dict has or had."""
    records: dict[int, Record] = getattr(world, table, {})
    world.last_ids[table] = max(world.last_ids.get(table, 0), max(records, default=0)) + 1
    return world.last_ids[table]


def find(world: World, table: str, key: int) -> Record:
    """Return the record, or raise Missing with a sentence that names it."""
    records: dict[int, Record] = getattr(world, table)
    try:
        return records[key]
    except KeyError:
        name = table.removesuffix("s").replace("_", " ").capitalize()
        raise Missing(f"{name} {key} was not found") from None


def remove(world: World, table: str, key: int) -> None:
    """Take a record out for good, keeping its id from being given again."""
    find(world, table, key)
    records: dict[int, Record] = getattr(world, table)
    world.last_ids[table] = max(world.last_ids.get(table, 0), *records)
    del records[key]
    note(world, table, key)


def retell(world: World, tables: tuple[str, ...], match: tuple[str, int], values: Record) -> None:
    """Repeat changed values in every record that copies them, as Atera's joined DTOs would show them at once."""
    column, key = match
    for table in tables:
        records: dict[int, Record] = getattr(world, table)
        for record_id, record in records.items():
            if record.get(column) == key:
                record.update(values)
                note(world, table, record_id)
