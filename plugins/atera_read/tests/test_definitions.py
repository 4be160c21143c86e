import json

import pytest

from helpdesk_mcp.server.arguments import Arguments
from helpdesk_mcp_atera_read import plugin


def tokens(*, small):
    """What the definitions of all tools cost a conversation: characters / 4, as clients see them."""
    definitions = [
        {
            "name": tool.name,
            "description": tool.description,
            "inputSchema": Arguments(tool.run, small=small).schema,
        }
        for tool in plugin.tools
        if tool.small or not small
    ]
    texts = (json.dumps(one, separators=(",", ":"), ensure_ascii=False) for one in definitions)
    return sum(map(len, texts)) / 4


def test_the_definitions_fit_in_950_tokens():
    assert tokens(small=False) <= 950


def test_those_of_the_small_profile_fit_in_650_tokens():
    assert tokens(small=True) <= 650


@pytest.mark.parametrize("tool", plugin.tools, ids=lambda tool: tool.name)
def test_every_tool_reads_and_says_what_it_is_in_one_line(tool):
    assert tool.effect == "read"
    assert tool.description.endswith(".")
    assert "\n" not in tool.description
    assert len(tool.description) <= 150
