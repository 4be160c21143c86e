"""What all installed plugins together cost a conversation before its first word."""

import json

import pytest

from helpdesk_mcp.app.plugins import load
from helpdesk_mcp.server.arguments import Arguments
from helpdesk_mcp.settings import load as settings


@pytest.mark.parametrize(("small", "tokens", "tools"), [(False, 2500, 18), (True, 1500, 12)])
def test_the_definitions_of_all_tools_fit(small, tokens, tools):
    offered = [
        tool for one in load(settings({})).loaded for tool in one.plugin.tools if tool.small or not small
    ]
    definitions = [
        {
            "name": tool.name,
            "description": tool.description,
            "inputSchema": Arguments(tool.run, small=small).schema,
        }
        for tool in offered
    ]
    assert len(offered) <= tools
    assert sum(len(json.dumps(one, ensure_ascii=False)) for one in definitions) / 4 <= tokens
