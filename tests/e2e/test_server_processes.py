"""The server as a real process, over stdio and HTTP, in both protocol eras; no plugin is named."""

import json
import subprocess
import time

import asyncpg
import httpx2
import pytest
from mcp import Client
from sqlalchemy import make_url
from tests import processes
from tests.server.serving import HELLO

from helpdesk_mcp.probe import probe

pytestmark = pytest.mark.anyio
MODES = ("auto", "legacy")
NO_TOKEN = (
    "HELPDESK_ATERA_TOKEN is not set: make a token in Atera under Admin > Data management > API, or try "
    "`helpdesk-mcp demo`, which needs none."
)


@pytest.mark.parametrize("mode", MODES)
async def test_stdio_serves_tools_and_instructions(database_url, mode):
    async with Client(processes.stdio(database_url=database_url), mode=mode) as client:
        assert (await client.list_tools()).tools
        assert "Atera helpdesk" in client.instructions


@pytest.mark.parametrize("mode", MODES)
async def test_http_serves_tools_and_instructions(database_url, mode):
    with processes.http(database_url=database_url) as url:
        async with Client(url, mode=mode) as client:
            assert (await client.list_tools()).tools
            assert "Atera helpdesk" in client.instructions


@pytest.mark.parametrize("mode", MODES)
async def test_the_server_starts_without_its_database_and_says_so_in_the_answer(mode):
    away = f"postgresql://nobody@127.0.0.1:{processes.free_port()}/helpdesk"
    async with Client(processes.stdio(database_url=away), mode=mode) as client:
        names = {tool.name for tool in (await client.list_tools()).tools}
        result = await client.call_tool("sync_status" if "sync_status" in names else names.pop(), {})
    assert result.is_error
    assert result.content[0].text == (
        "Postgres cannot be reached; check that it is running and that HELPDESK_DATABASE_URL is right, then try again."
    )


def test_stdout_carries_nothing_but_the_protocol(database_url):
    done = subprocess.run(
        [*processes.COMMAND, "serve"],
        input=json.dumps(HELLO) + "\n",
        env=processes.environment(database_url=database_url, log_level="DEBUG"),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    (line,) = done.stdout.splitlines()
    assert json.loads(line)["result"]["serverInfo"]["name"] == "helpdesk-mcp"


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "helpdesk.example"])  # noqa: S104 - refused, that is the point
def test_http_off_loopback_is_refused_with_the_reason(host):
    done = processes.run("serve", "--http", f"{host}:8765")
    assert done.returncode == 2
    assert done.stderr == (
        f"helpdesk-mcp: {host} can be reached from other machines, and nobody signs in: set HELPDESK_HTTP_AUTH to tokens "
        "(made with `helpdesk-mcp token new`) or to oidc, or serve on 127.0.0.1.\n"
    )


async def test_http_shows_metrics_of_its_calls(database_url):
    with processes.http(database_url=database_url) as url:
        async with Client(url) as client:
            name = (await client.list_tools()).tools[0].name
            await client.call_tool(name, {"no_such_argument": 1})
        async with httpx2.AsyncClient(trust_env=False) as browser:
            page = await browser.get(url.replace("/mcp", "/metrics"))
    assert f'helpdesk_calls_total{{name="{name}",outcome="refused"}} 1.0' in page.text.splitlines()


async def test_http_tells_watchers_that_it_is_alive_and_whether_it_can_answer(database_url):
    with processes.http(database_url=database_url) as url:
        base = url.removesuffix("/mcp")
        assert probe(f"{base}/livez") == probe(f"{base}/healthz") == (True, "alive")
        well, said = probe(f"{base}/readyz")
    told = json.loads(said)
    assert well
    assert (told["status"], told["reasons"][0]) == (
        "degraded",
        "The first load of tickets is not complete: rows may be missing. See sync_status.",
    )


async def test_http_without_its_database_is_alive_and_not_ready_until_that_is_there(postgres, database_url):
    name = make_url(database_url).database
    await renamed(postgres, name, f"{name}_away")
    with processes.http(database_url=database_url) as url:
        base = url.removesuffix("/mcp")
        assert probe(f"{base}/healthz") == (True, "alive")
        well, said = probe(f"{base}/readyz")
        await renamed(postgres, f"{name}_away", name)
        deadline = time.monotonic() + 30
        while not probe(f"{base}/readyz")[0]:
            assert time.monotonic() < deadline
    assert not well
    assert json.loads(said) == {
        "status": "not ready",
        "reasons": [
            "Postgres refuses the login or has no such database; check the user, password and name in HELPDESK_DATABASE_URL."
        ],
        "database": "away",
    }


async def renamed(postgres, name, to):
    dsn = postgres.set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(f"ALTER DATABASE {name} RENAME TO {to}")
    finally:
        await connection.close()


async def test_a_foreign_host_header_is_refused(database_url):
    with processes.http(database_url=database_url) as url:
        async with httpx2.AsyncClient(trust_env=False) as client:
            answer = await client.post(url, headers={"host": "evil.example"}, json={})
    assert answer.status_code == 421


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("serve", "--http", "8765"), "--http takes HOST:PORT, such as 127.0.0.1:8765, and not '8765'."),
        (("sync", "--once"), NO_TOKEN),
    ],
)
def test_a_command_that_cannot_run_says_why_in_one_sentence(arguments, sentence):
    done = processes.run(*arguments)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"helpdesk-mcp: {sentence}\n")


def test_a_wrong_setting_is_told_before_anything_starts():
    done = processes.run("serve", profile="huge")
    assert done.returncode == 2
    assert (
        done.stderr == "helpdesk-mcp: HELPDESK_PROFILE cannot be used: Input should be 'full' or 'small'.\n"
    )
