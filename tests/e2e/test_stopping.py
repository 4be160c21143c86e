"""The end of real processes: what is in flight is answered, what is new is sent away, and all of it takes less than ten seconds."""

import asyncio
import contextlib
import json
import signal
import subprocess
import sys
import time

import asyncpg
import httpx2
import pytest
from mcp import Client
from sqlalchemy import make_url
from tests import processes
from tests.server.serving import HELLO, text

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.skipif(sys.platform == "win32", reason="Windows ends processes without asking them"),
]
LIMIT_S = 10


@contextlib.asynccontextmanager
async def held(database_url):
    """Hold what every answer needs from the database; yields what lets go of it."""
    dsn = make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await asyncpg.connect(dsn)
    transaction = connection.transaction()
    await transaction.start()
    await connection.execute("LOCK TABLE helpdesk.sync_run IN ACCESS EXCLUSIVE MODE")
    try:
        yield transaction.rollback
    finally:
        await connection.close()


async def waits(database_url, count=1):
    """Return when so many statements of the server wait for what is held."""
    dsn = make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await asyncpg.connect(dsn)
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    deadline = time.monotonic() + 30
    try:
        while await connection.fetchval(waiting) < count:
            assert time.monotonic() < deadline
    finally:
        await connection.close()


@contextlib.contextmanager
def started(*arguments, stdin=subprocess.DEVNULL, **settings):
    process = subprocess.Popen(
        [*processes.COMMAND, *arguments],
        env=processes.environment(**settings),
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@contextlib.contextmanager
def http_server(database_url, **settings):
    port = processes.free_port()
    with started("serve", "--http", f"127.0.0.1:{port}", database_url=database_url, **settings) as process:
        processes.wait_for_port(process, port)
        yield process, f"http://127.0.0.1:{port}"


def ended(process, since):
    """The lines that a process logged, once it has ended well and in time."""
    _, errors = process.communicate(timeout=LIMIT_S)
    assert time.monotonic() - since < LIMIT_S
    assert process.returncode == 0, errors.decode()
    assert b"Traceback" not in errors, errors.decode()
    return errors.decode().splitlines()


def plain(tools):
    """The name of a tool that reads and can be called without arguments."""
    return next(
        tool.name
        for tool in tools
        if tool.annotations.read_only_hint and not tool.input_schema.get("required")
    )


@contextlib.asynccontextmanager
async def calling(database_url, base):
    """Call a tool as a client of each era; yields its name and both calls, which wait for what is held."""
    async with Client(f"{base}/mcp", mode="auto") as modern, Client(f"{base}/mcp", mode="legacy") as older:
        await older.list_tools()  # which it would do after its call, at a server that is gone
        name = plain((await modern.list_tools()).tools)
        tasks = [asyncio.create_task(client.call_tool(name, {})) for client in (modern, older)]
        await waits(database_url, len(tasks))
        yield name, asyncio.gather(*tasks)


async def test_over_http_calls_in_flight_are_answered_and_new_ones_are_sent_away(database_url):
    with http_server(database_url) as (process, base):
        async with held(database_url) as let_go, calling(database_url, base) as (name, calls):
            process.send_signal(signal.SIGTERM)
            began = time.monotonic()
            async with httpx2.AsyncClient(trust_env=False) as browser:
                while (refused := await browser.post(f"{base}/mcp", json=HELLO)).status_code != 503:
                    assert time.monotonic() - began < LIMIT_S
                ready = await browser.get(f"{base}/readyz")
                alive = await browser.get(f"{base}/healthz")
            await let_go()
            results = await calls
        log = ended(process, began)
    assert [result.is_error for result in results] == [False, False]
    assert refused.headers["retry-after"] == "10"
    assert refused.json()["error"]["message"] == (
        "The server is stopping: nothing was done. Try again in 10 seconds."
    )
    assert (ready.status_code, ready.json()) == (
        503,
        {"status": "not ready", "reasons": ["The server is stopping."]},
    )
    assert alive.text == "alive"
    assert {era for era in ("modern", "handshake") if told(log, name, "ok", era)} == {"modern", "handshake"}


async def test_calls_that_cannot_be_finished_are_answered_too(database_url):
    with http_server(database_url) as (process, base):
        async with held(database_url), calling(database_url, base) as (name, calls):
            process.send_signal(signal.SIGTERM)
            began = time.monotonic()
            results = await calls
            log = ended(process, began)
    for result in results:
        assert result.is_error
        assert text(result) == (
            "The server is stopping, and this call took too long to be finished before. What was only read can be asked "
            "again in 10 seconds; of a change, recent_changes then tells how far it came."
        )
    assert told(log, name, "stopped", "modern")


def told(log, name, outcome, era):
    return [
        line for line in log if f" call name={name} outcome={outcome} " in line and f" era={era} " in line
    ]


async def test_over_stdio_a_call_in_flight_is_answered_before_the_end(database_url):
    with started("serve", stdin=subprocess.PIPE, database_url=database_url) as process:
        speak = Speaker(process)
        await speak.hello()
        name = plain_raw((await speak.ask(2, "tools/list"))["tools"])
        async with held(database_url) as let_go:
            speak.send(3, "tools/call", {"name": name, "arguments": {}})
            await waits(database_url)
            process.send_signal(signal.SIGTERM)
            began = time.monotonic()
            late = await speak.ask(4, "tools/call", {"name": name, "arguments": {}})
            await let_go()
            result = await speak.answer(3)
        # Our end of its input stays open: it ends all the same.
        ended(process, began)
    assert late["content"][0]["text"] == "The server is stopping: nothing was done. Try again in 10 seconds."
    assert not result.get("isError")


class Speaker:
    """A client on the pipes of a process."""

    def __init__(self, process):
        self._process = process

    def send(self, identity, method, params=None):
        message = {"jsonrpc": "2.0", "method": method, "params": params or {}}
        if identity is not None:
            message["id"] = identity
        self._process.stdin.write(json.dumps(message).encode() + b"\n")
        self._process.stdin.flush()

    async def answer(self, identity):
        while True:
            line = await asyncio.to_thread(self._process.stdout.readline)
            assert line, "it ended without an answer"
            if (said := json.loads(line)).get("id") == identity:
                return said["result"]

    async def ask(self, identity, method, params=None):
        self.send(identity, method, params)
        return await self.answer(identity)

    async def hello(self):
        await self.ask(1, "initialize", HELLO["params"])
        self.send(None, "notifications/initialized")


def plain_raw(tools):
    return next(
        tool["name"]
        for tool in tools
        if tool["annotations"]["readOnlyHint"] and not tool["inputSchema"].get("required")
    )


async def test_the_worker_waits_for_its_database_and_can_be_stopped_meanwhile():
    away = f"postgresql://nobody@127.0.0.1:{processes.free_port()}/helpdesk"
    port = processes.free_port()
    settings = {"database_url": away, "atera_token": "any", "metrics_port": port}
    with started("worker", **settings) as process:
        line = await asyncio.to_thread(process.stderr.readline)
        async with httpx2.AsyncClient(trust_env=False) as browser:
            alive = await browser.get(f"http://127.0.0.1:{port}/healthz")
        process.send_signal(signal.SIGTERM)
        ended(process, time.monotonic())
    assert b"waiting_for_database reason='Postgres cannot be reached" in line
    assert (alive.status_code, alive.text[:43]) == (200, "degraded: Postgres cannot be reached; check")
