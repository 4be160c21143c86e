"""Scopes hide tools and refuse them, in both protocol eras."""

import pytest
from mcp import Client

from helpdesk_mcp.sdk import Caller
from helpdesk_mcp.server.build import build_server

from .serving import make_desk, text

pytestmark = pytest.mark.anyio


def person(*scopes):
    return Caller(person="jens", engineer=None, scopes=frozenset(scopes))


@pytest.fixture(params=["auto", "legacy"])
def mode(request):
    return request.param


@pytest.mark.parametrize(
    ("scopes", "shown"),
    [
        (("read",), ["my_tickets", "whoami"]),
        (("read", "write"), ["my_tickets", "whoami", "change"]),
        (("read", "write", "reach"), ["my_tickets", "whoami", "change", "tell"]),
        ((), []),
    ],
)
async def test_a_caller_is_shown_the_tools_of_their_scopes(mode, scopes, shown):
    async with Client(build_server(make_desk(local=person(*scopes))), mode=mode) as client:
        assert [tool.name for tool in (await client.list_tools()).tools] == shown


async def test_a_hidden_tool_is_refused_with_what_it_takes(mode):
    async with Client(build_server(make_desk(local=person("read"))), mode=mode) as client:
        change, tell = [await client.call_tool(name, {}) for name in ("change", "tell")]
    assert change.is_error
    assert text(change) == (
        "change changes the helpdesk: it needs the scope write, and this sign-in has read. Nothing was done. "
        "Whoever runs the server can give a token or role with that scope."
    )
    assert tell.is_error
    assert text(tell).startswith("tell sends something out of the house: it needs the scope reach")


async def test_a_caller_of_that_scope_may_use_it(mode):
    async with Client(build_server(make_desk(local=person("read", "write", "reach"))), mode=mode) as client:
        assert text(await client.call_tool("change", {})) == "changed"
        assert text(await client.call_tool("tell", {})) == "told"


async def test_an_unknown_tool_is_answered_with_those_the_caller_may_use(mode):
    async with Client(build_server(make_desk(local=person("read"))), mode=mode) as client:
        told = text(await client.call_tool("chnge", {}))
    assert told == "There is no tool 'chnge'. Tools: my_tickets, whoami."


async def test_where_everybody_signs_in_a_request_without_a_caller_is_refused(mode):
    async with Client(build_server(make_desk(local=None)), mode=mode) as client:
        with pytest.raises(Exception, match="This server has to know who asks"):
            await client.list_tools()
        with pytest.raises(Exception, match="This server has to know who asks"):
            await client.call_tool("whoami", {})
