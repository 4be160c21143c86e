"""What the plugin offers: definitions within their budget, a prompt, completions."""

import pytest

from helpdesk_mcp.testing import check_plugin
from helpdesk_mcp_machines_query import plugin

pytestmark = pytest.mark.anyio


def test_the_plugin_keeps_its_contract():
    check_plugin(plugin, tokens=700, small_tokens=350)


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
