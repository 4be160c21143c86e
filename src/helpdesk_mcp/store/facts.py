"""Custom values of machines: what the inventory lacks (TPM, Secure Boot, kind of disk) and a script has written there.

Atera gives them machine by machine only, so they are read slowly and in the order in which questions need them.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, ColumnElement, Select, case, delete, func, literal, or_, select, update
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from helpdesk_mcp.store.tables import custom_field, custom_value, machine, wanted_facts
from helpdesk_mcp.store.upsert import Outcome

TARGET = "Agent"
"""Atera's word for machines among the targets of custom fields."""


async def has_fields(connection: AsyncConnection) -> bool:
    """Return whether the account has any custom field for machines: without one there is nothing to read."""
    fields = select(custom_field.c.name).where(
        custom_field.c.target == TARGET, custom_field.c.deleted_at.is_(None)
    )
    return (await connection.execute(select(fields.exists()))).scalar_one()


async def due(
    connection: AsyncConnection, limit: int, *, older_than: timedelta, but_not: Collection[int] = ()
) -> list[int]:
    """Return machines whose values must be read: those that a question needs, the newest question first, then those never read.

    Among equals come first the ones that questions are likely to be about.
    """
    statement = (
        _due(select(machine.c.id), older_than)
        .where(machine.c.id.not_in(but_not))
        .order_by(
            wanted_facts.c.asked_at.desc().nulls_last(),
            machine.c.facts_read_at.nulls_first(),
            _asked_for_last(),
            machine.c.last_seen_at.desc().nulls_last(),
        )
        .limit(limit)
    )
    return list(await connection.scalars(statement))


async def count_due(connection: AsyncConnection, *, older_than: timedelta) -> int:
    """Return how many machines `due` has to offer."""
    return (await connection.execute(_due(select(func.count(machine.c.id)), older_than))).scalar_one()


async def want(
    connection: AsyncConnection, machine_ids: Sequence[int], *, most: int, again_after: timedelta
) -> None:
    """Have machines read before others, unless that was done less than `again_after` ago; no more than `most` wait at once."""
    places = func.greatest(0, most - select(func.count()).select_from(wanted_facts).scalar_subquery())
    is_old = or_(machine.c.facts_read_at.is_(None), machine.c.facts_read_at < func.now() - again_after)
    asked = (
        func.unnest(literal(list(machine_ids), ARRAY(BigInteger)))
        .table_valued("id", with_ordinality="place")
        .render_derived()
    )
    chosen = (
        select(machine.c.id)
        .join(asked, asked.c.id == machine.c.id)
        .where(machine.c.deleted_at.is_(None), is_old)
        .order_by(asked.c.place)
        .limit(places)
    )
    await connection.execute(
        insert(wanted_facts).from_select(["machine_id"], chosen).on_conflict_do_nothing()
    )


async def forget_wishes(connection: AsyncConnection, *, older_than: timedelta) -> None:
    """Forget what was asked for so long ago that nobody waits for it: machines that cannot be read, or are gone."""
    await connection.execute(delete(wanted_facts).where(wanted_facts.c.asked_at < func.now() - older_than))


async def replace(
    connection: AsyncConnection,
    machine_id: int,
    values: Mapping[str, str],
    *,
    read_at: datetime,
    is_complete: bool = True,
) -> tuple[Outcome, int]:
    """Make a machine's values what a reading found, by field name; return what was written and how many are gone.

    A reading older than the stored one changes nothing. `read_at` is the moment before Atera was asked; where some
    values could not be read it is not `is_complete`, and none is removed.
    """
    lock = select(machine.c.facts_read_at).where(machine.c.id == machine_id).with_for_update()
    before = (await connection.execute(lock)).scalar_one_or_none()
    if before is not None and before > read_at:
        return Outcome(stale=len(values)), 0
    ours = (custom_value.c.target == TARGET, custom_value.c.item_id == machine_id)
    known = await connection.execute(select(custom_value.c.name, custom_value.c.value).where(*ours))
    stored = {row.name: row.value for row in known}
    gone = stored.keys() - values.keys() if is_complete else set[str]()
    if gone:
        await connection.execute(delete(custom_value).where(*ours, custom_value.c.name.in_(gone)))
    changed = {name: value for name, value in values.items() if stored.get(name) != value}
    if changed:
        rows = [
            {"target": TARGET, "item_id": machine_id, "name": name, "value": value, "fetched_at": read_at}
            for name, value in changed.items()
        ]
        new = insert(custom_value).values(rows)
        same = new.on_conflict_do_update(
            index_elements=["target", "item_id", "name"],
            set_={"value": new.excluded.value, "fetched_at": new.excluded.fetched_at},
        )
        await connection.execute(same)
    await connection.execute(update(machine).where(machine.c.id == machine_id).values(facts_read_at=read_at))
    await connection.execute(delete(wanted_facts).where(wanted_facts.c.machine_id == machine_id))
    inserted = len(changed.keys() - stored.keys())
    return Outcome(
        inserted=inserted, changed=len(changed) - inserted, unchanged=len(values) - len(changed)
    ), len(gone)


def _due(statement: Select[int], older_than: timedelta) -> Select[int]:
    late = or_(
        machine.c.facts_read_at.is_(None),
        machine.c.facts_read_at < func.now() - older_than,
        wanted_facts.c.machine_id.is_not(None),
    )
    return statement.outerjoin_from(machine, wanted_facts, wanted_facts.c.machine_id == machine.c.id).where(
        machine.c.deleted_at.is_(None), late
    )


def _asked_for_last() -> ColumnElement[int]:
    """Return the rank of a machine: the question is which can move to Windows 11, so those that are there come later."""
    return case((machine.c.os.ilike("%server%"), 2), (machine.c.os.ilike("%windows 11%"), 1), else_=0)
