"""Rates: products (an hour's price) and expenses."""

from typing import Literal

from atera_simulator.changes.journal import find, next_id, note, remove
from atera_simulator.world import Record, World

RateTable = Literal["products", "expenses"]


def create_rate(world: World, table: RateTable, fields: Record) -> int:
    """Add a rate. Returns the RateID, unique over both kinds."""
    rate_id = max(next_id(world, "products"), next_id(world, "expenses"))
    world.last_ids |= {"products": rate_id, "expenses": rate_id}
    records: dict[int, Record] = getattr(world, table)
    records[rate_id] = {
        "RateID": rate_id,
        "Amount": fields.get("Amount") or 0.0,
        "Description": fields["Description"],
        "SKU": fields.get("SKU"),
        "Category": fields.get("Category"),
    }
    note(world, table, rate_id)
    return rate_id


def update_rate(world: World, table: RateTable, rate_id: int, fields: Record) -> None:
    """Change the given fields; an archived rate leaves the list."""
    rate = find(world, table, rate_id)
    if fields.get("Archived"):
        remove(world, table, rate_id)
        return
    changed = {
        key: fields[key]
        for key in ("Description", "Amount", "SKU", "Category")
        if fields.get(key) is not None
    }
    rate.update(changed)
    note(world, table, rate_id)


def delete_rate(world: World, table: RateTable, rate_id: int) -> None:
    """Take a rate out for good."""
    remove(world, table, rate_id)
