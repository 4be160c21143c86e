"""Custom values of machines: one call for each machine, between the cycles, each machine again after a week or when a question needs it."""

from dataclasses import dataclass
from datetime import timedelta

from helpdesk_mcp.atera import join_path, wire
from helpdesk_mcp.store import facts, quarantine
from helpdesk_mcp.sync.batch import refuse
from helpdesk_mcp.sync.lane import Lane
from helpdesk_mcp.sync.reading import Reading

BATCH = 12
"""Machines read before others are asked whether they want their turn."""
REREAD_AFTER = timedelta(days=7)
WISHES_LAST = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Facts:
    """Reads the values of the machines that are due; an account without custom fields for machines costs nothing."""

    async def __call__(self, reading: Reading) -> None:
        """Do one run: until all are read, or others want their turn."""
        lane = Lane(reading, read_values, "machines' custom values")
        async with reading.transaction() as connection:
            await facts.forget_wishes(connection, older_than=WISHES_LAST)
        while True:
            await reading.now()
            async with reading.engine.connect() as connection:
                if not await facts.has_fields(connection):
                    return
                machines = await facts.due(connection, BATCH, older_than=REREAD_AFTER, but_not=lane.failed)
                waiting = await facts.count_due(connection, older_than=REREAD_AFTER)
            if not machines:
                break
            await lane.read(machines, lane.done + waiting)
            reading.pause_if_time_is_up()
        lane.end()


async def read_values(reading: Reading, machine_id: int) -> None:
    """Read and store the custom values of one machine."""
    at = await reading.now()
    found = await reading.client.get(join_path("customvalues", "agentfields", machine_id))
    items = found if isinstance(found, list) else []
    parsed = wire.parse(wire.CustomValue, items)
    values = {
        record.FieldName: record.ValueAsString.replace("\0", "")
        for record, _ in parsed.rows
        if record.ValueAsString and record.Id != wire.UNSET_VALUE_ID
    }
    refused = [refuse(reading.stream.kind, bad.raw, bad.reason, of=machine_id) for bad in parsed.bad]
    async with reading.transaction() as connection:
        outcome, gone = await facts.replace(
            connection, machine_id, values, read_at=at, is_complete=not parsed.bad
        )
        # By its own name: under its base stand the machines themselves, and their passes forget what they find good.
        await quarantine.put_aside(connection, reading.stream.name, refused)
        if not refused:
            await quarantine.release(connection, reading.stream.name, {str(machine_id)})
        await reading.note_drift(connection, parsed)
    reading.count(outcome, read=len(items), refused=len(refused), deleted=gone)
