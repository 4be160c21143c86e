"""Pages that a refresh of their ticket overtakes: of its conversation and of its time they undo nothing either."""

from datetime import timedelta

import pytest
from tests.sync.small import SmallPages

from atera_simulator import changes
from atera_simulator.changes.journal import remove
from helpdesk_mcp.sync.run import run_stream
from helpdesk_mcp.sync.streams import STREAMS
from helpdesk_mcp.sync.ticket import refresh_ticket

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("small")]


class Overtaken(SmallPages):
    """Is slow to hand over the first page of one list: meanwhile something happens."""

    path = ""
    meanwhile = None

    async def page(self, path, *arguments, **options):
        page = await super().page(path, *arguments, **options)
        if path == self.path and self.meanwhile is not None:
            meanwhile, self.meanwhile = self.meanwhile, None
            await meanwhile()
        return page


@pytest.fixture
def overtaken(simulator, client, engine, make_client):
    """Run a stream while a ticket changes and is refreshed behind a page of `path`."""

    async def run(stream, path, ticket, change):
        async def meanwhile():
            with simulator.changing() as world:
                change(world)
            assert await refresh_ticket(client, engine, ticket)

        async with make_client(Overtaken) as slow:
            slow.path, slow.meanwhile = path, meanwhile
            (chosen,) = (one for one in STREAMS if one.name == stream)
            report = await run_stream(slow, engine, chosen)
        assert (report.outcome, slow.meanwhile) == ("ok", None)

    return run


def log_time(world, ticket, now):
    by = {"TechnicianContactID": min(world.technicians)}
    return changes.log_time(world, ticket, by, start=now - timedelta(minutes=15), end=now, now=now)


async def test_an_older_page_of_time_undoes_neither_an_entry_nor_its_withdrawal(
    simulator, sync, overtaken, equal, now
):
    with simulator.changing() as world:
        ticket = max(world.tickets)
        withdrawn, _ = (log_time(world, ticket, now) for _ in range(2))
    await sync()

    def change(world):
        remove(world, "work_hours", withdrawn)
        log_time(world, ticket, now)

    await overtaken("time_entries", "workhours", ticket, change)
    await equal()


async def test_an_older_reading_of_a_conversation_does_not_undo_a_newer_one(
    simulator, sync, overtaken, equal, now
):
    await sync()
    with simulator.changing() as world:
        ticket, by = max(world.tickets), min(world.technicians)
        changes.add_comment(world, ticket, "First.", technician_id=by, now=now)
    await sync(only={"tickets"})

    def change(world):
        changes.add_comment(world, ticket, "Second.", technician_id=by, is_internal=True, now=now)

    await overtaken("conversations", f"tickets/{ticket}/comments", ticket, change)
    await equal()
