"""Whatever MCP has goes through the bridge as it came: real client, real bridge process, real server process, both eras."""

import asyncio
from types import SimpleNamespace

import mcp_types as types
import pytest
from mcp import Client, MCPError
from tests.bridge.conftest import bridge

pytestmark = pytest.mark.anyio
FOREIGN = 'Grüße, 日本語, עברית, 😀, line\u2028separator, nul \u0000, quote " and back\\slash\r\nnext'
ERAS = {"auto": "2026-07-28", "legacy": "2025-11-25"}


@pytest.fixture(scope="module", params=ERAS)
async def host(lan_url, request):
    """A client behind one bridge, with what its person was asked and what it heard."""
    asked, heard = [], asyncio.Queue()

    async def answer(_, params):
        asked.append(params.message)
        return types.ElicitResult(action="accept", content={"sure": True})

    async def listen(message):
        if isinstance(message, types.ToolListChangedNotification):
            heard.put_nowait(message)

    async with Client(
        bridge(lan_url), mode=request.param, elicitation_callback=answer, message_handler=listen
    ) as client:
        yield SimpleNamespace(client=client, mode=request.param, asked=asked, heard=heard)


async def said(host, tool, **arguments):
    result = await host.client.call_tool(tool, arguments)
    assert not result.is_error, result
    return result.content[0].text


async def test_the_era_is_the_clients_choice_and_reaches_the_server(host):
    assert host.client.protocol_version == ERAS[host.mode]
    assert host.client.instructions == "Grüße aus dem LAN"
    assert {"echo", "close"} <= {tool.name for tool in (await host.client.list_tools()).tools}


async def test_text_of_any_script_comes_back_unchanged(host):
    assert await said(host, "echo", text=FOREIGN) == FOREIGN


async def test_megabytes_go_through(host):
    long = "ß" * 1_200_000
    assert await said(host, "echo", text=long) == long


async def test_of_many_calls_at_once_each_gets_its_own_answer(host):
    answers = await asyncio.gather(*(said(host, "echo", text=f"#{n}") for n in range(60)))
    assert answers == [f"#{n}" for n in range(60)]


async def test_a_question_of_the_server_reaches_the_person_and_the_answer_the_server(host):
    assert await said(host, "close", what="№ 7") == "№ 7 closed: True"
    assert host.asked == ["Close № 7?"]


async def test_progress_arrives_while_a_call_runs(host):
    told = []

    async def progress(done, total, message):
        told.append((done, total, message))

    await host.client.call_tool("steps", {}, progress_callback=progress)
    assert told == [(step, 3, f"Schritt {step} – läuft") for step in (1, 2, 3)]


async def test_a_call_that_the_client_gives_up_ends_on_the_server(host):
    started, cancelled = await counts(host)
    call = asyncio.create_task(host.client.call_tool("wait", {}))
    async with asyncio.timeout(20):
        while (await counts(host))[0] == started:
            pass
        call.cancel()
        while (await counts(host))[1] == cancelled:
            pass


async def counts(host):
    return [int(word) for word in (await said(host, "counts")).split("/")]


async def test_prompts_and_resources_go_through_also_under_foreign_names(host):
    prompt = await host.client.get_prompt("briefing", {"who": "Siân"})
    note = await host.client.read_resource("note://Größe")
    assert prompt.messages[0].content.text == "Brief Siân"
    assert note.contents[0].text == "Note on Größe"


async def test_what_a_server_says_by_itself_reaches_a_client_that_listens(host):
    async with asyncio.timeout(20):
        if host.mode == "auto":
            async with host.client.listen(tools_list_changed=True) as news:
                await host.client.call_tool("announce", {})
                await anext(news)
        else:
            while host.heard.empty():  # the bridge begins to listen behind the handshake
                await host.client.call_tool("announce", {})


async def test_an_unknown_method_is_refused_in_the_servers_own_words(host):
    reference = types.PromptReference(name="briefing")
    with pytest.raises(MCPError, match="Method not found") as caught:
        await host.client.complete(reference, {"name": "who", "value": ""})
    assert caught.value.error.code == types.METHOD_NOT_FOUND
