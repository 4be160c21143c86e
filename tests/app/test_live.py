"""The few reads that go to Atera at once, against the simulated one."""

import pytest

from atera_simulator.faults import Fault
from atera_simulator.seed import build_world
from atera_simulator.serve import Simulator
from helpdesk_mcp.app.live import AteraReads
from helpdesk_mcp.atera import AteraClient
from helpdesk_mcp.sdk import NotFound, Refused, Unavailable
from helpdesk_mcp.sdk.live import NoLiveReads

pytestmark = pytest.mark.anyio


@pytest.fixture
def atera():
    with Simulator(build_world("tiny"), rate_per_minute=None) as simulator:
        yield simulator


@pytest.fixture
async def reads(atera):
    async with AteraClient(atera.url, atera.token) as client:
        yield AteraReads(client)


async def test_patches_of_a_machine_are_those_that_atera_has(atera, reads):
    guid, record = next((g, p) for g, p in atera.world.patches.items() if p["availableUpdates"])
    found = await reads.patches(guid)
    assert [patch.name for patch in found.installed] == [one["name"] for one in record["installedUpdates"]]
    assert [(p.kb, p.status) for p in found.available] == [
        (one["kbId"], one["status"]) for one in record["availableUpdates"]
    ]
    assert found.reported_at is not None


async def test_a_machine_that_atera_lost_is_told(reads):
    with pytest.raises(NotFound, match="Atera does not know this machine any more"):
        await reads.patches("00000000-0000-0000-0000-00000000dead")


async def test_a_refused_key_is_told_as_unavailable(atera, reads):
    atera.faults.rules.append(Fault("status", path_prefix="/agents", value=401))
    with pytest.raises(Unavailable, match="key"):
        await reads.patches(next(iter(atera.world.patches)))


async def test_without_a_token_the_server_says_what_to_set():
    with pytest.raises(Refused, match="set HELPDESK_ATERA_TOKEN for it too"):
        await NoLiveReads().patches("any")
