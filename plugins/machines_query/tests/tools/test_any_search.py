"""Whatever filters are combined: the search finds what they find one by one, and its counts add up to it."""

import re
from collections import Counter, defaultdict
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plugins.machines_query.tests.demo_world import machine_row
from plugins.machines_query.tests.tools.plain_search import SIMPLE, PlainMachine, filters, fit

from helpdesk_mcp.sdk.words import inert
from helpdesk_mcp_machines_query.filters import Filters
from helpdesk_mcp_machines_query.grouping import Group
from helpdesk_mcp_machines_query.readiness import read_facts
from helpdesk_mcp_machines_query.settings import MachineSettings

pytestmark = pytest.mark.anyio
GROUPS = [name for name in get_args(Group) if name != "field"]
# One fleet, which no question changes, for all examples.
many = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def plain(world):
    """The machines of a world, as they are stored."""
    owners = defaultdict(list)
    for contact in world.contacts.values():
        said = (f"{contact['Firstname']} {contact['Lastname']}", contact["Email"] or "")
        owners[contact["DefaultAgentId"]] += said
    found = []
    for agent in world.agents.values():
        values = world.custom_values.get(("agentfield", agent["AgentID"]), {})
        texts = {name: value["ValueAsString"] for name, value in values.items()}
        facts = read_facts(texts, MachineSettings())
        found.append(PlainMachine(machine_row(agent), texts, facts, owners[agent["AgentID"]]))
    return found


@pytest.fixture(scope="module")
def machines(world):
    return plain(world)


class Fleet:
    """The demo's machines as they are stored, and without a database; hypothesis prints it, so it has a short name."""

    def __init__(self, ask, machines, now):
        self.ask, self.machines, self.now = ask, machines, now

    def fitting(self, asked):
        return [one for one in self.machines if fit(one, asked, self.now)]

    def __repr__(self):
        return f"{len(self.machines)} machines"


@pytest.fixture
def fleet(demo, machines, ask):
    return Fleet(ask, machines, demo.now)


@many
@given(asked=filters())
async def test_filters_find_together_what_each_leaves_of_the_others(fleet, asked):
    assert await fleet.ask.ids(**asked) == {str(one.id) for one in fleet.fitting(asked)}


@many
@given(asked=filters(), by=st.sampled_from(GROUPS))
async def test_counts_add_up_to_what_the_filters_find(fleet, asked, by):
    wanted = fleet.fitting(asked)
    sizes = await counts(fleet.ask, asked, by)
    assert sum(sizes.values()) == len(wanted)
    if by in LABELS:
        assert sizes == Counter(LABELS[by](one) for one in wanted)


LABELS = {
    "customer": lambda one: inert(one.customer_name),
    "vendor": lambda one: inert(one.vendor) or "unknown",
    "cores": lambda one: str(one.processor_cores or "unknown"),
    "online": lambda one: "online" if one.is_online else "offline",
    "disk_type": lambda one: one.facts.disk_type or "unknown",
    "edition": lambda one: one.system.edition or "unknown",
    "bios": lambda one: str(one.bios_date.year),
}


async def counts(ask, asked, by):
    """The sizes of all groups, from all pages."""
    sizes = Counter()
    page = 1
    while True:
        text = await ask("search_machines", **asked, group_by=by, limit=50, page=page)
        lines = re.findall(r"^ +(\d+)  (.+)$", text, re.MULTILINE)
        sizes.update({label: int(size) for size, label in lines})
        if f"page={page + 1}" not in text:
            return sizes
        page += 1


def test_every_filter_has_a_plain_twin(machines):
    drawn = {*SIMPLE, "drive", *(f"{what}_{side}_gb" for what in ("disk", "free") for side in ("min", "max")), *(f"{what}_{side}" for what in ("seen", "rebooted", "bios") for side in ("before", "after"))}  # fmt: skip
    assert drawn == set(Filters.model_fields)


@pytest.mark.parametrize(
    ("name", "said"), [(name, said) for name, (choices, _) in SIMPLE.items() for said in choices]
)
def test_each_choice_leaves_some_machines_out_and_finds_some(machines, world, name, said):
    found = sum(fit(one, {name: said}, world.now) for one in machines)
    assert 0 < found < len(machines)
