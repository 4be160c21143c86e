"""What is known of a call from outside, in both protocol eras."""

import asyncio
import logging
from types import SimpleNamespace

import pytest
from mcp import Client, MCPError
from mcp.client.streamable_http import streamable_http_client
from tests.server.serving import browser, serving
from tests.server.test_build import make_desk, text

from helpdesk_mcp import logs, metrics
from helpdesk_mcp.discovery import Discovered, Loaded
from helpdesk_mcp.sdk import Call, Plugin, PluginSettings, Tool
from helpdesk_mcp.server.build import build_server
from helpdesk_mcp.server.doors import Doors
from helpdesk_mcp.server.watching import identify

pytestmark = pytest.mark.anyio
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = f"00-{TRACE}-00f067aa0ba902b7-01"
ERAS = [("auto", "modern"), ("legacy", "handshake")]


def context(meta=None, **headers):
    return SimpleNamespace(
        meta=meta, request=SimpleNamespace(headers={k.replace("_", "-"): v for k, v in headers.items()})
    )


@pytest.mark.parametrize(
    ("sent", "identity"),
    [
        (context({"traceparent": PARENT}, x_request_id="mine"), TRACE),
        (context(traceparent=PARENT), TRACE),
        (context(x_request_id="job-7:3"), "job-7:3"),
    ],
)
def test_a_call_is_known_by_the_id_that_it_brings(sent, identity):
    assert identify(sent) == identity


@pytest.mark.parametrize(
    "sent",
    [
        context(),
        context(traceparent="00-" + "0" * 32 + "-00f067aa0ba902b7-01"),
        context({"traceparent": 7}),
        context(x_request_id="a" * 65),
        context(x_request_id="id\n2026 INFO forged"),
        context(x_request_id="ünïcode"),
        SimpleNamespace(meta=None, request=None),
    ],
)
def test_a_call_without_a_sane_id_gets_a_short_one_of_its_own(sent):
    first, second = identify(sent), identify(sent)
    assert len(first) == 8
    assert first != second


def lines(caplog, event):
    return [r.getMessage() for r in caplog.records if r.getMessage().startswith(f"{event} ")]


@pytest.fixture
def heard(caplog):
    """The ids that log lines carry, as the formatter of a process puts them there."""

    class Ids(logging.Filter):
        def filter(self, record):
            record.identity = logs.request_id()
            return True

    caplog.set_level(logging.INFO, "helpdesk_mcp")
    caplog.handler.addFilter(Ids())
    return caplog


@pytest.mark.parametrize(("mode", "era"), ERAS)
@pytest.mark.parametrize(
    ("tool", "arguments", "outcome"),
    [
        ("greet", {"name": "Mrs. Smith"}, "ok"),
        ("lose", {"what": "Mrs. Smith"}, "refused"),
        ("crash", {}, "bug"),
    ],
)
async def test_each_call_has_one_line_without_what_was_said(heard, mode, era, tool, arguments, outcome):
    async with Client(build_server(make_desk()), mode=mode) as client:
        await client.call_tool(tool, arguments)
    (line,) = lines(heard, "call")
    milliseconds = int(line.split("ms=")[1].split()[0])
    assert line == f"call name={tool} outcome={outcome} ms={milliseconds} person='test' era={era}"
    assert "Smith" not in heard.text


async def test_prompts_and_resources_have_their_lines_too(heard):
    async with Client(build_server(make_desk())) as client:
        await client.get_prompt("morning", {})
        with pytest.raises(MCPError):
            await client.read_resource("note://0")
    assert [line.split(" ms=")[0] for line in lines(heard, "call")] == [
        "call name=morning outcome=ok",
        "call name=note outcome=refused",
    ]


async def test_a_name_that_a_client_made_up_is_no_time_series(heard):
    async with Client(build_server(make_desk())) as client:
        await client.call_tool("drop_tables", {})
    assert lines(heard, "call")[0].startswith("call name=unknown outcome=refused ")
    page, _ = metrics.page()
    assert b"drop_tables" not in page


@pytest.mark.parametrize(("mode", "era"), ERAS)
async def test_a_bug_is_told_with_the_id_under_which_all_lines_of_its_call_stand(heard, mode, era):
    headers = {"x-request-id": "desk-17"}
    async with (
        serving(make_desk(), Doors()) as address,
        browser(**headers) as http,
        Client(streamable_http_client(address, http_client=http), mode=mode) as client,
    ):
        told = text(await client.call_tool("crash", {}))
    assert told.startswith("crash failed inside the server (reference desk-17 in its log).")
    assert [r.identity for r in heard.records if "name=crash" in r.getMessage()] == ["desk-17", "desk-17"]
    assert lines(heard, "call")[0].endswith(f"era={era}")


async def test_calls_side_by_side_keep_their_ids_apart(heard):
    both = asyncio.Barrier(2)

    async def meet(call: Call) -> str:
        """Wait for the other."""
        await both.wait()
        logging.getLogger("helpdesk_mcp.meet").info("met")
        return "met"

    plugin = Plugin(name="meet", summary="Two.", tools=(Tool(run=meet, title="Meet", effect="read"),))
    desk = make_desk(plugins=Discovered((Loaded(plugin, PluginSettings(), "meet 1"),), ()))

    async def go(address, mode, name):
        async with (
            browser(**{"x-request-id": name}) as http,
            Client(streamable_http_client(address, http_client=http), mode=mode) as client,
        ):
            await client.call_tool("meet", {})

    async with serving(desk, Doors()) as address:
        await asyncio.gather(go(address, "auto", "first"), go(address, "legacy", "second"))
    assert {r.identity for r in heard.records if r.getMessage() == "met"} == {"first", "second"}
