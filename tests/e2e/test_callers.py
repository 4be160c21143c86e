"""Callers from other machines, with the product's own processes: tokens by hand, and three logins for three processes."""

import asyncio
import contextlib

import asyncpg
import httpx2
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from tests import processes
from tests.logins import execute, members

from atera_simulator.seed import build_world
from atera_simulator.serve import Simulator
from helpdesk_mcp.app import reports, tokens
from helpdesk_mcp.settings import SettingsError, load
from helpdesk_mcp.store.engines import READER, SERVER, WRITER

pytestmark = pytest.mark.anyio
ANYWHERE = "0.0.0.0"  # noqa: S104 - a server for other machines is what is tested


@contextlib.asynccontextmanager
async def client(url, token):
    headers = {"authorization": f"Bearer {token}"}
    async with (
        httpx2.AsyncClient(trust_env=False, headers=headers) as http,
        Client(streamable_http_client(url, http_client=http)) as opened,
    ):
        yield opened


def bridge(url, secret):
    """How Claude Desktop reaches a server elsewhere."""
    return StdioServerParameters(
        command=processes.COMMAND[0],
        args=[*processes.COMMAND[1:], "bridge"],
        env=processes.environment(bridge_url=url, bridge_token=secret),
    )


async def test_a_token_made_on_the_command_line_lets_another_machine_in(database_url):
    made = processes.run("token", "new", "jens-laptop", "--scopes", "write", database_url=database_url)
    assert (made.returncode, made.stdout.startswith("hdmcp_"), made.stdout.count("\n")) == (0, True, 1)
    secret = made.stdout.strip()
    assert made.stderr.startswith("Token 1 (jens-laptop) for nobody in particular")
    with processes.http(ANYWHERE, database_url=database_url, http_auth="tokens", log_level="DEBUG") as url:
        async with client(url, secret) as opened:
            assert (await opened.list_tools()).tools
        async with Client(bridge(url, secret)) as opened:
            assert (await opened.list_tools()).tools
        async with httpx2.AsyncClient(trust_env=False) as stranger:
            assert (await stranger.post(url, json={})).status_code == 401


# ---- three processes, three logins: as docs/database-roles.md says ----


@pytest.fixture
def logins(postgres, database_url):
    roles = {"worker_login": WRITER, "server_login": SERVER, "person_login": READER}
    with members(postgres, database_url, **roles) as urls:
        yield urls


def test_worker_server_and_people_each_work_with_their_own_login(logins, database_url, capsys):
    worker, server, person = logins.values()
    with Simulator(build_world("tiny"), rate_per_minute=None) as atera:
        synced = processes.run(
            "sync",
            "--once",
            database_url=worker,
            atera_url=atera.url,
            atera_token="simulated-token",
            atera_requests_per_minute=6000,
        )
    assert (synced.returncode, synced.stderr.count("role_not_taken")) == (0, 0), synced.stderr

    with pytest.raises(SettingsError) as refused:
        new_token(server)
    assert str(refused.value) == (
        "The user in HELPDESK_DATABASE_URL may not make or take back tokens: use the address of the database's owner, "
        "with which `helpdesk-mcp migrate` runs."
    )
    secret = new_token(database_url)
    with processes.http(ANYWHERE, database_url=server, http_auth="tokens") as url:
        asyncio.run(ask_everything(url, secret))

    execute(person, "SELECT count(*) FROM mirror.ticket")
    for forbidden in (
        "DELETE FROM mirror.ticket",
        "SELECT * FROM helpdesk.token",
        "SELECT * FROM helpdesk.journal",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            execute(person, forbidden)
    status = asyncio.run(reports.print_status(load({"HELPDESK_DATABASE_URL": server})))
    shown = capsys.readouterr().out
    assert (status, "tickets" in shown, "not separated" in shown) == (0, True, False)


def new_token(url):
    settings = load({"HELPDESK_DATABASE_URL": url})
    made = tokens.make(settings, "jens-laptop", engineer=None, scopes="read", expires="1d")
    return asyncio.run(made)[0]


async def ask_everything(url, secret):
    """Call each tool that takes no argument: all that needs the database answers from it."""
    async with client(url, secret) as opened:
        tools = (await opened.list_tools()).tools
        answers = {
            tool.name: await opened.call_tool(tool.name, {})
            for tool in tools
            if not tool.input_schema.get("required")
        }
    assert answers
    failed = {
        name: answer.content[0].text
        for name, answer in answers.items()
        if "failed inside" in answer.content[0].text
    }
    assert failed == {}
    assert any("old]" in answer.content[0].text for answer in answers.values() if not answer.is_error)
