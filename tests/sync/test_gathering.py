"""Pages are stored some at a time, and nothing of that is lost, whatever happens in between."""

import copy

import pytest
from tests.sync.small import SmallPages, small_world

from atera_simulator.faults import Fault
from helpdesk_mcp.sync import reading
from helpdesk_mcp.sync.cycle import sync_once

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("small")]

AT_ONCE = "SELECT count(DISTINCT xmin::text) FROM mirror.customer"
CUSTOMERS = 12
PAGES = 3


@pytest.fixture
def world():
    """An account with three pages of customers, as `SmallPages` reads them."""
    world = small_world()
    first = min(world.customers)
    for key in sorted(world.customers)[:-1]:
        del world.customers[key]
    (only,) = world.customers.values()
    for key in range(first + 1000, first + 1000 + CUSTOMERS - 1):
        world.customers[key] = {**copy.deepcopy(only), "CustomerID": key}
    return world


@pytest.fixture
def transactions(rows):
    """In how many transactions the customers were written that are there."""

    async def count():
        return (await rows(AT_ONCE))[0]["count"]

    return count


async def test_the_pages_of_a_list_are_stored_together(simulator, sync, transactions, rows):
    report = (await sync(only={"customers"}))["customers"]
    assert (report.inserted, report.requests) == (CUSTOMERS, PAGES + 1)
    assert len(await rows("SELECT id FROM mirror.customer")) == CUSTOMERS
    assert await transactions() == 1


@pytest.mark.parametrize(("limit", "value"), [("GATHERED_S", 0.0), ("GATHERED_MOST", 5)])
async def test_no_page_waits_for_long_or_with_too_many_others(
    simulator, sync, transactions, monkeypatch, limit, value
):
    monkeypatch.setattr(reading, limit, value)
    await sync(only={"customers"})
    assert await transactions() == PAGES


async def test_what_came_before_atera_failed_is_stored(simulator, sync, rows):
    simulator.faults.rules = [Fault("status", path_prefix="/customers", after=3)]
    report = (await sync(only={"customers"}))["customers"]
    assert (report.outcome, report.inserted) == ("partial", 10)
    assert len(await rows("SELECT id FROM mirror.customer")) == 10
    simulator.faults.clear()
    # It goes on behind what was stored.
    report = (await sync(only={"customers"}))["customers"]
    assert (report.outcome, report.requests, report.rows_read) == ("ok", 1, 2)
    assert len(await rows("SELECT id FROM mirror.customer")) == CUSTOMERS


async def test_a_refused_record_costs_only_its_own_page_the_speed(simulator, world, sync, rows, monkeypatch):
    singly = []

    async def counted(connection, table, some):
        singly.append(len(some))
        return await upsert_singly(connection, table, some)

    upsert_singly = reading.upsert_singly
    monkeypatch.setattr(reading, "upsert_singly", counted)
    broken = max(world.customers)
    world.customers[2**63 + 1] = {**world.customers.pop(broken), "CustomerID": 2**63 + 1}
    report = (await sync(only={"customers"}))["customers"]
    assert (report.outcome, report.inserted, report.quarantined) == ("ok", CUSTOMERS - 1, 1)
    assert len(singly) == 1
    assert singly[0] <= 5
    assert len(await rows("SELECT id FROM mirror.customer")) == CUSTOMERS - 1


async def test_of_a_record_on_two_pages_the_later_one_counts(simulator, make_client, engine, rows):
    class Shifting(SmallPages):
        """Shows the first customer once more at the end, renamed meanwhile."""

        async def page(self, path, *arguments, **options):
            page = await super().page(path, *arguments, **options)
            if path == "customers" and page.page == PAGES:
                page.items.append({**first[0], "CustomerName": "Renamed"})
            elif path == "customers" and page.page == 1:
                first[:] = page.items[:1]
            return page

    first = []
    async with make_client(Shifting) as client:
        report, *_ = await sync_once(client, engine, only={"customers"})
    assert (report.inserted, report.changed) == (CUSTOMERS, 0)
    id_ = first[0]["CustomerID"]
    assert await rows("SELECT name FROM mirror.customer WHERE id = :id", id=id_) == [{"name": "Renamed"}]
