"""The server through an in-memory client of each protocol era; its database is away unless a test brings one."""

import asyncio
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from mcp import Client, MCPError
from mcp_types import INTERNAL_ERROR, INVALID_PARAMS, PromptReference
from tests import toys

from helpdesk_mcp.sdk import Caller
from helpdesk_mcp.server.build import build_server
from helpdesk_mcp.server.desk import Desk
from helpdesk_mcp.store.engines import StoreUnavailable

pytestmark = pytest.mark.anyio


async def no_database():
    raise StoreUnavailable("Postgres cannot be reached; check that it is running.")


def make_desk(**changes):
    options = {
        "engine": no_database,
        "plugins": toys.discovered,
        "zone": ZoneInfo("Europe/Berlin"),
        "local": Caller(person="test", engineer=None),
        "small": False,
        "call_timeout_s": 5.0,
        "clock": lambda: datetime(2026, 11, 24, 8, tzinfo=UTC),
    }
    return Desk(**{**options, **changes})


@pytest.fixture(params=["auto", "legacy"])
async def client(request):
    async with Client(build_server(make_desk()), mode=request.param) as opened:
        yield opened


def text(result):
    (block,) = result.content
    return block.text


async def test_all_tools_are_in_the_first_list_with_their_effects(client):
    tools = (await client.list_tools()).tools
    assert [tool.name for tool in tools] == ["greet", "count_tickets", "lose", "crash", "write_row", "flood"]
    assert all(tool.annotations.read_only_hint and tool.output_schema is None for tool in tools)
    assert tools[0].description == "Greet someone. Use when a test wants a harmless answer."


async def test_a_tool_answers_with_one_text(client):
    result = await client.call_tool("greet", {"name": "Ada", "times": 2})
    assert not result.is_error
    assert text(result) == "Hello Ada (plain); Hello Ada (plain)"
    assert result.structured_content is None


async def test_an_unknown_tool_is_told_with_those_that_exist(client):
    result = await client.call_tool("gret", {})
    assert result.is_error
    assert (
        text(result) == "There is no tool 'gret'. Tools: greet, count_tickets, lose, crash, write_row, flood."
    )


async def test_an_unknown_argument_is_refused_with_those_it_takes(client):
    result = await client.call_tool("greet", {"name": "Ada", "loud": True})
    assert result.is_error
    assert text(result) == "greet has no argument 'loud'; it takes name, tone, times."


async def test_a_sentence_that_repeats_pages_is_cut(client):
    said = text(await client.call_tool("lose", {"what": "x" * 10_000}))
    assert said == "x" * 3000 + "… (cut)"


async def test_a_tools_own_failure_reaches_the_model_as_it_is(client):
    result = await client.call_tool("lose", {"what": "ticket 7"})
    assert result.is_error
    assert text(result) == "ticket 7 is nowhere: look elsewhere."


async def test_a_bug_is_told_without_its_inside_and_logged_with_its_reference(client, caplog):
    result = await client.call_tool("crash", {})
    assert result.is_error
    told = text(result)
    assert told.startswith("crash failed inside the server (reference ")
    assert "secret" not in told
    reference = told.split("reference ")[1][:6]
    assert reference in caplog.text
    assert "secret detail" in caplog.text


async def test_without_a_database_a_tool_says_so(client):
    result = await client.call_tool("count_tickets", {})
    assert result.is_error
    assert text(result) == "Postgres cannot be reached; check that it is running."


async def test_an_answer_that_is_too_long_is_cut_and_says_how_much(client):
    told = text(await client.call_tool("flood", {}))
    assert len(told) < 24_300
    shown = sum(line.startswith("line ") for line in told.splitlines())
    assert f"Note: The answer was cut: {10_000 - shown} more lines." in told


async def test_prompts_are_listed_and_filled(client):
    (prompt,) = (await client.list_prompts()).prompts
    assert (prompt.name, [argument.name for argument in prompt.arguments]) == ("morning", ["engineer"])
    filled = await client.get_prompt("morning", {"engineer": "Ada"})
    assert filled.messages[0].content.text == "Plan the morning of Ada."


async def test_an_unknown_prompt_is_an_error_with_a_sentence(client):
    with pytest.raises(MCPError, match="There is no prompt 'evening'. Prompts: morning."):
        await client.get_prompt("evening")


async def test_an_unknown_prompt_argument_is_an_error_with_a_sentence(client):
    with pytest.raises(MCPError, match="morning has no argument 'day'; it takes engineer."):
        await client.get_prompt("morning", {"day": "Monday"})


async def test_a_resource_is_read_by_its_address(client):
    templates = (await client.list_resource_templates()).resource_templates
    assert [template.uri_template for template in templates] == ["note://{number}", "table://{rows}"]
    (contents,) = (await client.read_resource("note://42")).contents
    assert (contents.text, contents.mime_type) == ("note 42", "text/plain")


async def test_data_for_a_program_is_given_whole_and_as_it_is(client):
    (contents,) = (await client.read_resource("table://9000")).contents
    assert contents.mime_type == "text/csv"
    assert contents.text.splitlines() == [f"{number};row" for number in range(9000)]


@pytest.mark.parametrize(
    ("uri", "sentence"),
    [
        ("note://0", "There is no note 0."),
        ("memo://1", "Nothing is at memo://1. Addresses look like: note://{number}, table://{rows}."),
    ],
)
async def test_a_resource_that_is_not_there_is_an_error_with_a_sentence(client, uri, sentence):
    with pytest.raises(MCPError) as caught:
        await client.read_resource(uri)
    assert (sentence in str(caught.value), caught.value.error.code) == (True, INVALID_PARAMS)


async def test_a_question_that_cannot_be_answered_now_is_not_the_callers_mistake(client):
    with pytest.raises(MCPError, match="The notes are away: try again later.") as caught:
        await client.read_resource("note://9")
    assert caught.value.error.code == INTERNAL_ERROR


async def test_completions_come_from_the_plugin_that_serves_the_argument(client):
    done = await client.complete(PromptReference(name="morning"), {"name": "engineer", "value": "a"})
    assert done.completion.values == ["Ada", "Alan"]
    none = await client.complete(PromptReference(name="morning"), {"name": "day", "value": "m"})
    assert none.completion.values == []


async def test_a_completion_that_fails_offers_nothing_and_is_logged(client, caplog):
    done = await client.complete(PromptReference(name="morning"), {"name": "customer", "value": "a"})
    assert done.completion.values == []
    assert "completion_failed argument=customer" in caplog.text


async def test_the_small_profile_offers_fewer_tools_and_arguments():
    async with Client(build_server(make_desk(small=True))) as client:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert "lose" not in tools
        assert "times" not in tools["greet"].input_schema["properties"]
        assert text(await client.call_tool("lose", {})).startswith("There is no tool 'lose'.")


async def test_the_instructions_name_the_plugins():
    async with Client(build_server(make_desk())) as client:
        assert "- toys: Toys for tests." in client.instructions


async def test_a_call_that_takes_too_long_is_given_up():
    async with Client(build_server(make_desk(call_timeout_s=0.01, engine=_slow_database))) as client:
        result = await client.call_tool("count_tickets", {})
        assert (
            text(result)
            == "count_tickets took longer than 0.01 s and was given up. Narrow the filters and try again."
        )


async def _slow_database():
    await asyncio.Event().wait()
