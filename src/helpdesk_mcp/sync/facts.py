"""Custom values of machines: one call for each machine, a few in every cycle, each machine again after a week."""

from dataclasses import dataclass
from datetime import timedelta

from helpdesk_mcp.atera import join_path, wire
from helpdesk_mcp.store import facts, quarantine
from helpdesk_mcp.sync.batch import refuse
from helpdesk_mcp.sync.lane import Lane
from helpdesk_mcp.sync.reading import Paused, Reading

BATCH = 25
"""Machines read in one cycle: 5,000 machines are known after 17 hours, for 5 requests a minute."""
REREAD_AFTER = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Facts:
    """Reads the values of some machines that are due; an account without custom fields for machines costs nothing."""

    async def __call__(self, reading: Reading) -> None:
        """Do one run, and pause when more machines are waiting."""
        await reading.now()
        async with reading.engine.connect() as connection:
            if not await facts.has_fields(connection):
                return
            machines = await facts.due(connection, BATCH, older_than=REREAD_AFTER)
            waiting = await facts.count_due(connection, older_than=REREAD_AFTER)
        lane = Lane(reading, read_values, "machines' custom values")
        await lane.read(machines, waiting)
        lane.end()
        if waiting > len(machines):
            raise Paused(f"{waiting - len(machines)} machines' custom values are still to be read.")


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
    refused = [refuse(reading.stream.kind, bad.raw, bad.reason) for bad in parsed.bad]
    async with reading.transaction() as connection:
        outcome, gone = await facts.replace(
            connection, machine_id, values, read_at=at, is_complete=not parsed.bad
        )
        await quarantine.put_aside(connection, reading.stream.base, refused)
        await reading.note_drift(connection, parsed)
    reading.count(outcome, read=len(items), refused=len(refused), deleted=gone)
