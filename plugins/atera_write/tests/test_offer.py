"""What the plugin offers, and what it costs a conversation."""

import json

import pytest

from helpdesk_mcp.changes.plugin import plugin as core
from helpdesk_mcp.server.arguments import Arguments
from helpdesk_mcp_atera_write import plugin


@pytest.mark.parametrize(("small", "budget"), [(False, 925), (True, 515)])
def test_definitions_stay_within_their_budget(small, budget):
    definitions = [
        {
            "name": tool.name,
            "description": tool.description,
            "inputSchema": Arguments(tool.run, small=small).schema,
        }
        for tool in (*plugin.tools, *core.tools)
        if tool.small or not small
    ]
    assert sum(len(json.dumps(one, ensure_ascii=False)) for one in definitions) / 4 <= budget


def test_only_one_tool_leaves_the_house():
    assert {tool.name for tool in plugin.tools if tool.effect == "reach"} == {"reply_to_requester"}
    assert {tool.effect for tool in plugin.tools} == {"write", "reach"}
