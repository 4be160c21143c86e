"""What a list no longer shows is marked deleted after a complete pass, never after a part of one, and lives when it returns."""

import pytest
from tests.sync.small import SmallPages, small_world

from atera_simulator.changes.journal import note
from atera_simulator.faults import Fault

pytestmark = pytest.mark.anyio


class TwoAtATime(SmallPages):
    """Reads so that even the customers have several pages."""

    async def page(self, path, params=None, page=1, *, size=2, urgent=False):
        return await super().page(path, params, page, size=size, urgent=urgent)


@pytest.fixture
def world():
    return small_world()


@pytest.fixture
async def client(make_client):
    async with make_client(TwoAtATime) as one:
        yield one


@pytest.mark.parametrize(
    ("stream", "kept", "path", "table"),
    [
        ("machines", "agents", "/agents", "machine"),
        ("customers.full", "customers", "/customers", "customer"),
        ("contacts.full", "contacts", "/contacts", "contact"),
        ("contracts", "contracts", "/contracts", "contract"),
        ("alerts.full", "alerts", "/alerts", "alert"),
        ("tickets.full", "tickets", "/tickets", "ticket"),
        ("articles", "knowledge_base", "/knowledgebases", "article"),
    ],
)
@pytest.mark.parametrize("kind", ["status", "truncated"])
async def test_only_a_complete_pass_marks_and_a_return_unmarks(
    simulator, sync, equal, rows, stream, kept, path, table, kind
):
    await sync(only={"account", stream.split(".")[0]})
    marked = f"SELECT id FROM mirror.{table} WHERE deleted_at IS NOT NULL"  # noqa: S608 - our names
    with simulator.changing() as world:
        records = getattr(world, kept)
        lost = max(records)
        record = records.pop(lost)
        note(world, kept, lost)
    simulator.faults.rules = [Fault(kind, path_prefix=path, after=1)]
    assert (await sync(only={stream}, full=True))[stream].outcome == "partial"
    assert await rows(marked) == []
    simulator.faults.clear()
    assert (await sync(only={stream}, full=True))[stream].deleted == 1
    assert await rows(marked) == [{"id": lost}]
    with simulator.changing() as world:
        records[lost] = record
        note(world, kept, lost)
    assert (await sync(only={stream}, full=True))[stream].outcome == "ok"
    assert await rows(marked) == []
