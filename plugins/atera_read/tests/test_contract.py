from helpdesk_mcp.testing import check_plugin


def test_the_plugin_keeps_its_contract(plugin):
    check_plugin(plugin, tokens=950, small_tokens=650)


def test_every_tool_reads_and_says_what_it_is_in_one_line(plugin):
    assert {tool.effect for tool in plugin.tools} == {"read"}
    assert [
        tool.name for tool in plugin.tools if "\n" in tool.description or len(tool.description) > 150
    ] == []
