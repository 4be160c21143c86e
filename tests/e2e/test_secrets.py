"""Every process at its most talkative, with everything going wrong: no secret is in anything that is written or answered."""

import asyncio
import subprocess

import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from sqlalchemy import make_url
from tests import processes

from atera_simulator.faults import Fault
from atera_simulator.seed import build_world
from atera_simulator.serve import Simulator
from helpdesk_mcp.app import tokens
from helpdesk_mcp.settings import load

PASSWORD = "pa-55-word-of-the-database"
KEY = "key-of-the-atera-account-0123456789"
WRONG = "hdmcp_" + "0a" * 36
"""Looks like one of our tokens and is none."""


@pytest.fixture
def atera():
    with Simulator(build_world("tiny"), rate_per_minute=None, token=KEY) as simulator:
        yield simulator


@pytest.fixture
def options(atera, database_url):
    url = make_url(database_url).set(drivername="postgresql", password=PASSWORD)
    return {
        "database_url": url.render_as_string(hide_password=False),
        "atera_url": atera.url,
        "atera_token": KEY,
        "atera_requests_per_minute": 6000,
        "log_level": "DEBUG",
    }


def refused(**options):
    """Where nobody is let in: a server that is not there."""
    return {
        **options,
        "database_url": f"postgresql://me:{PASSWORD}@127.0.0.1:{processes.free_port()}/helpdesk",
    }


def test_no_secret_is_written_or_answered_whatever_goes_wrong(atera, options, tmp_path):
    atera.faults.rules = [Fault(kind, times=1) for kind in ("status", "html", "wrong-type", "reset")]
    once = ("sync", "--once", "--only", "customers,tickets")
    said = [output(processes.run(*once, **options))]
    assert texts_of_people(atera.world, said[0]) == []
    said.append(output(processes.run(*once, **{**options, "atera_token": KEY[::-1]})))
    said.append(output(processes.run("migrate", **refused(**options))))
    bridge = {"bridge_token": WRONG, "bridge_url": "http://127.0.0.1:9/mcp"}
    said.append(output(processes.run("doctor", **refused(**options), **bridge)))
    secret, _ = asyncio.run(new_token(options))
    log = tmp_path / "server"
    with log.open("w") as stderr, serving(stderr, http_auth="tokens", **options) as url:
        said += asyncio.run(asked(url, secret))
    with log.open("a") as stderr, serving(stderr, http_auth="tokens", **refused(**options)) as url:
        said += asyncio.run(asked(url, secret))
    said.append(log.read_text())
    assert "role_not_taken" in said[-1] or "database_not_ready" in said[-1]  # it did talk
    everything = "\n".join(said)
    found = [
        name
        for name, one in {
            "password": PASSWORD,
            "key": KEY,
            "reversed": KEY[::-1],
            "token": secret,
            "wrong": WRONG,
        }.items()
        if one in everything
    ]
    assert found == []
    assert "Traceback" not in everything


def output(done):
    return done.stdout + done.stderr


def texts_of_people(world, said):
    """Titles of tickets, and names of customers and contacts, that stand in what was said."""
    tickets, customers = world.tickets.values(), world.customers.values()
    told = {one["TicketTitle"] for one in tickets} | {one["FirstComment"] for one in tickets}
    told |= {one["CustomerName"] for one in customers} | {one["EndUserEmail"] for one in tickets}
    return [text for text in told if text and len(text) > 3 and text in said]


async def new_token(options):
    settings = load({"HELPDESK_DATABASE_URL": options["database_url"]})
    return await tokens.make(settings, "jens", engineer=None, scopes="write", expires="1d")


def serving(stderr, **options):
    """The server over HTTP, its log in a file."""
    port = processes.free_port()
    server = subprocess.Popen(
        [*processes.COMMAND, "serve", "--http", f"127.0.0.1:{port}", "--until-input-closes"],
        env=processes.environment(**options),
        stdin=subprocess.PIPE,
        stderr=stderr,
    )
    return _Serving(server, port)


class _Serving:
    def __init__(self, server, port):
        self._server, self._port = server, port

    def __enter__(self):
        processes.wait_for_port(self._server, self._port)
        return f"http://127.0.0.1:{self._port}/mcp"

    def __exit__(self, *_):
        self._server.communicate(timeout=30)


async def asked(url, secret):
    """Ask with a good token, a wrong one, one in the wrong place; return all that is answered."""
    answers = []
    for credential in (f"Bearer {secret}", f"Bearer {WRONG}", f"Basic {secret}", secret, f"Bearer {KEY}"):
        async with httpx2.AsyncClient(trust_env=False, headers={"authorization": credential}) as http:
            for body in (b"{}", b"{", b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{}}'):
                answer = await http.post(f"{url}?token={secret}", content=body)
                answers += [answer.text, str(answer.headers)]
    async with httpx2.AsyncClient(trust_env=False, headers={"authorization": f"Bearer {secret}"}) as http:
        try:
            async with Client(streamable_http_client(url, http_client=http)) as client:
                for tool in (await client.list_tools()).tools:
                    answers.append(str(await client.call_tool(tool.name, {})))
                    answers.append(str(await client.call_tool(tool.name, {"nothing": PASSWORD[:4]})))
        except* Exception as trouble:  # noqa: BLE001 - where the token cannot be checked, that is what a client is told
            answers += [str(one) for one in trouble.exceptions]
    return answers
