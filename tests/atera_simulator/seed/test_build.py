from dataclasses import asdict
from datetime import timedelta

import pytest

from atera_simulator.seed import build_world

# customers, contacts, machines, tickets, alerts as promised to whoever runs the simulator
COUNTS = {"tiny": (4, 12, 20, 60, 12), "demo": (25, 120, 400, 3000, 150)}


def test_the_same_arguments_give_the_same_world(tiny, now):
    assert asdict(build_world("tiny", seed=7, now=now)) == asdict(tiny)


def test_another_seed_gives_another_world(tiny, now):
    other = build_world("tiny", seed=8, now=now)
    assert other.tickets != tiny.tickets


def test_dates_follow_the_moment_the_world_is_built_for(now):
    later = build_world("tiny", seed=7, now=now + timedelta(days=100))
    newest = max(ticket["TicketCreatedDate"] for ticket in later.tickets.values())
    assert newest.startswith("2027-03-04T09:")


def test_each_size_holds_what_it_promises(world):
    counts = (world.customers, world.contacts, world.agents, world.tickets, world.alerts)
    assert tuple(map(len, counts)) == COUNTS[world.size]


@pytest.mark.parametrize(("table", "key"), [
    ("customers", "CustomerID"), ("contacts", "EndUserID"), ("departments", "Id"), ("contracts", "ContractID"),
    ("products", "RateID"), ("expenses", "RateID"), ("agents", "AgentID"), ("alerts", "AlertID"), ("tickets", "TicketID"),
    ("work_hours", "WorkHoursID"), ("knowledge_base", "KBID"), ("invoices", "InvoiceNumber"),
    ("technicians", "TechnicianContactID"),
])  # fmt: skip
def test_every_record_stands_under_its_own_id(world, table, key):
    records = getattr(world, table)
    assert records
    assert all(record[key] == identifier for identifier, record in records.items())


def test_demo_has_contracts_of_every_type(demo):
    assert len({contract["ContractType"] for contract in demo.contracts.values()}) == 8


def test_technicians_include_names_that_are_mixed_up(demo):
    staff = demo.technicians.values()
    firsts = [person["FirstName"] for person in staff]
    lasts = {person["LastName"] for person in staff}
    assert len(set(firsts)) < len(firsts)
    assert {"Meyer", "Maier"} <= lasts
    assert any(not person["TechnicianFullName"].isascii() for person in staff)
