"""What the plugin offers: definitions within their budget, a prompt, completions."""

import json

import pytest

from helpdesk_mcp.server.arguments import Arguments
from helpdesk_mcp_machines_query import plugin

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(("small", "budget"), [(False, 700), (True, 350)])
def test_definitions_stay_within_their_budget(small, budget):
    definitions = [
        {
            "name": tool.name,
            "description": tool.description,
            "inputSchema": Arguments(tool.run, small=small).schema,
        }
        for tool in plugin.tools
    ]
    text = "".join(json.dumps(one, separators=(",", ":"), ensure_ascii=False) for one in definitions)
    assert len(text) / 4 <= budget


async def test_fifty_machines_are_listed_in_three_thousand_tokens(demo, ask):
    text = await ask("search_machines", limit=50)
    assert "50 of 400 shown" in text
    assert len(text) / 4 <= 3000


async def test_the_prompt_plans_for_the_customer_that_was_meant(mirror, ask, make):
    await mirror.machines(make("PC-1", customer_name="Acme Tools Ltd"))
    text = await ask.prompt("windows11_plan", customer="acme")
    assert 'windows11_readiness(customer="Acme Tools Ltd")' in text
    tools = {tool.name for tool in plugin.tools}
    assert {word for word in ("windows11_readiness", "search_machines") if word in text} <= tools


async def test_machine_names_are_completed(mirror, ask, make):
    await mirror.machines(make("FRONT-DESK"), make("FRONT-DOOR"), make("CELLAR"))
    assert await ask.completed("machine", "front") == ["FRONT-DESK", "FRONT-DOOR"]
    assert await ask.completed("machine", " ") == []


async def test_a_machine_is_a_resource_too(mirror, ask, make):
    await mirror.machines(make("FRONT-DESK"))
    assert (await ask.resource("machine://{machine}", machine="FRONT-DESK")).startswith("FRONT-DESK · Acme")
