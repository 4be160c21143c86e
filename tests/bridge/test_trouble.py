"""A server that is away, forgetful or unwilling: what the client is told, and that it goes on by itself."""

import asyncio
import json
import socket
import subprocess
from contextlib import AsyncExitStack

import pytest
from mcp import Client, MCPError
from tests import processes
from tests.bridge.conftest import bridge, served
from tests.bridge.lan_server import TOKEN

from helpdesk_mcp.bridge import link, messages
from helpdesk_mcp.bridge.link import Link, endpoint
from helpdesk_mcp.bridge.remote import Remote
from helpdesk_mcp.bridge.trouble import Trouble

pytestmark = pytest.mark.anyio
PING = {"jsonrpc": "2.0", "id": "ö1", "method": "tools/list"}


def spoken(url, *lines, token=TOKEN):
    """Give lines to a bridge, close its input, and return what it said, line by line."""
    started = bridge(url, token)
    done = subprocess.run(
        [started.command, *started.args],
        env=started.env,
        input="".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines),
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


async def refusal(url, token=TOKEN):
    """What a client is told at `url`, without a process between."""
    async with Remote(Link(url, token, agent="test"), print) as remote:
        with pytest.raises(Trouble) as caught:
            await remote.ask(messages.read(json.dumps(PING).encode()))
    return str(caught.value), caught.value.status


def test_without_a_server_each_request_is_told_so_and_what_to_do():
    url = f"http://127.0.0.1:{processes.free_port()}/mcp"
    (answer,) = spoken(url, PING)
    assert answer["id"] == "ö1"
    assert answer["error"] == {
        "code": -32000,
        "message": f"The helpdesk server at {url} cannot be reached (All connection attempts failed). Check that this "
        "computer is in the company's network or VPN and that the server runs, then ask again: nothing has to be restarted.",
    }


@pytest.mark.parametrize(
    ("token", "sentence"),
    [
        (
            "wrong",
            (
                "The helpdesk server at {url} does not accept the token (401): it is wrong, revoked or expired. Ask whoever "
                "runs the helpdesk server for a new one, and set it as HELPDESK_BRIDGE_TOKEN (in Claude Desktop: the settings "
                "of the Helpdesk extension)."
            ),
        ),
        (
            None,
            (
                "The helpdesk server at {url} asks for a token (401). Ask whoever runs the helpdesk server for one, and set "
                "it as HELPDESK_BRIDGE_TOKEN (in Claude Desktop: the settings of the Helpdesk extension)."
            ),
        ),
    ],
)
async def test_a_token_that_is_not_accepted_is_told_as_such(lan_url, token, sentence):
    assert await refusal(lan_url, token) == (sentence.format(url=lan_url), 401)


def test_a_refusal_is_an_answer_with_the_status(lan_url):
    (answer,) = spoken(lan_url, PING, token="wrong")
    assert answer["error"]["message"].startswith(
        f"The helpdesk server at {lan_url} does not accept the token"
    )
    assert answer["error"]["data"] == {"httpStatus": 401}


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        (
            "status/403",
            (
                'The helpdesk server at {url} does not allow this (403): "write is needed". Ask whoever runs the helpdesk '
                "server for a token that may do it."
            ),
        ),
        ("status/404", "There is no MCP server at {url} (404). Check the address: it ends with /mcp."),
        ("status/405", "{url} does not take MCP messages (405). Check the address: it ends with /mcp."),
        (
            "status/413",
            "The helpdesk server takes no message as large as this one (413). Send less at once.",
        ),
        (
            "status/421",
            (
                "The helpdesk server does not answer to the name in {url} (421). Ask whoever runs the helpdesk server which "
                "name to use, or to allow this one."
            ),
        ),
        (
            "status/429",
            "The helpdesk server is asked too much at the moment (429). Wait a minute, then ask again.",
        ),
        (
            "status/503",
            (
                'The helpdesk server at {url} is in trouble (503): "the database is away". Try again in a minute; if it stays '
                "so, tell whoever runs it."
            ),
        ),
        (
            "status/307",
            (
                "{url} sends us to http://elsewhere.example/mcp (307), and the token goes nowhere but to the address that was "
                "set. If that is the helpdesk server, set it as the address."
            ),
        ),
        (
            "other",
            "What answers at {url} is no MCP server (it sends text/html). Check the address, and any proxy in between.",
        ),
    ],
)
async def test_every_refusal_says_what_to_do(lan_url, path, sentence):
    url = lan_url.replace("mcp", path)
    told, _ = await refusal(url)
    assert told == sentence.format(url=url)


async def test_a_server_that_says_nothing_is_given_up(monkeypatch):
    monkeypatch.setattr(link, "SILENCE_S", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/mcp"
        told, status = await refusal(url)
    assert status is None
    assert told == (
        f"The connection to the helpdesk server at {url} ended before the answer came (ReadTimeout). Ask again; if it was "
        "a change, look first whether it happened."
    )


async def test_a_refusal_in_the_servers_own_words_becomes_the_answer(lan_url):
    told = []
    async with Remote(Link(lan_url.replace("mcp", "status/409"), TOKEN, agent="test"), told.append) as remote:
        await remote.ask(messages.read(json.dumps(PING).encode()))
    assert [json.loads(text) for text in told] == [
        {
            "jsonrpc": "2.0",
            "id": "ö1",
            "error": {"code": -32600, "message": "Add the name to HELPDESK_HTTP_HOSTS."},
        }
    ]


def test_a_bare_host_gets_the_path_that_our_server_has():
    assert str(endpoint("http://server:8765")) == "http://server:8765/mcp"


def test_a_line_that_is_no_message_is_answered_and_the_next_is_carried(lan_url):
    wrong = [
        ("hello", -32700, "This line is not JSON."),
        ('"cut off', -32700, "This line is not JSON."),
        ("[" * 100_000, -32700, "This line is not JSON."),
        ("[]", -32600, "A message is one JSON object; batches are not part of MCP."),
        (
            '{"method": 1, "id": 2}',
            -32600,
            "A message's method is a string, and its id a string or a number.",
        ),
    ]
    *answers, carried = spoken(lan_url, *(line for line, _, _ in wrong), PING, token="wrong")
    assert [(a["id"], a["error"]["code"], a["error"]["message"]) for a in answers] == [
        (None, code, sentence) for _, code, sentence in wrong
    ]
    assert carried["id"] == "ö1"


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_a_client_outlives_a_restart_of_the_server(mode):
    port = processes.free_port()
    url = f"http://127.0.0.1:{port}/mcp"
    async with AsyncExitStack() as stack:
        with served(port):
            client = await stack.enter_async_context(Client(bridge(url), mode=mode))
            await client.call_tool("echo", {"text": "1"})
        with pytest.raises(MCPError, match="cannot be reached"):
            await client.call_tool("echo", {"text": "2"})
        with served(port):
            calls = [client.call_tool("echo", {"text": str(n)}) for n in range(20)]
            answers = [result.content[0].text for result in await asyncio.gather(*calls)]
            assert answers == [str(n) for n in range(20)]


async def test_a_call_that_dies_with_its_server_is_answered_with_what_to_look_for():
    port = processes.free_port()
    url = f"http://127.0.0.1:{port}/mcp"
    async with AsyncExitStack() as stack:
        with served(port):
            client = await stack.enter_async_context(Client(bridge(url)))
            call = asyncio.create_task(client.call_tool("wait", {}))
            async with asyncio.timeout(20):
                while (await client.call_tool("counts", {})).content[0].text != "1/0":
                    pass
        with pytest.raises(MCPError) as caught:
            await call
    assert str(caught.value).startswith(
        f"The connection to the helpdesk server at {url} ended before the answer came ("
    )
    assert str(caught.value).endswith("Ask again; if it was a change, look first whether it happened.")


def test_the_first_words_wait_for_a_server_that_is_still_starting():
    port = processes.free_port()
    url = f"http://127.0.0.1:{port}/mcp"
    started = bridge(url, patience=60)
    hello = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": INITIALIZE}
    with subprocess.Popen(
        [started.command, *started.args], env=started.env, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        process.stdin.write(json.dumps(hello).encode() + b"\n")
        process.stdin.flush()
        with served(port):
            answer = json.loads(process.stdout.readline())
            process.stdin.close()
            assert process.wait(20) == 0
    assert answer["result"]["serverInfo"]["name"] == "lan"


INITIALIZE = {
    "protocolVersion": "2025-11-25",
    "capabilities": {},
    "clientInfo": {"name": "test", "version": "1"},
}


def test_it_ends_when_its_input_closes_and_says_nothing():
    assert spoken(f"http://127.0.0.1:{processes.free_port()}/mcp") == []


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (
            {},
            (
                "HELPDESK_BRIDGE_URL is not set: give the address of the helpdesk server, such as `helpdesk-mcp bridge "
                "--url http://server:8765/mcp`."
            ),
        ),
        (
            {"bridge_url": "server:8765"},
            "The server's address must look like http://helpdesk.example:8765/mcp.",
        ),
        (
            {"bridge_url": "http://siân:s3cret@server/mcp"},
            "The server's address must look like http://helpdesk.example:8765/mcp.",
        ),
        (
            {"bridge_url": "http://server/mcp", "bridge_token": "half a token"},
            "The token holds blanks or characters that no token has: it was not copied whole.",
        ),
    ],
)
def test_settings_that_cannot_work_are_told_at_once(settings, sentence):
    done = processes.run("bridge", **settings)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"helpdesk-mcp: {sentence}\n")
