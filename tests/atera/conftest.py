"""A clock that needs no time, a client that uses it, and a server that misbehaves to order."""

import asyncio
import heapq
import itertools
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from helpdesk_mcp.atera import AteraClient, Clock, RetryPolicy

BASE_URL = "https://atera.example/api/v3"
TOKEN = "0123456789abcdef0123456789abcdef"
START = datetime(2026, 11, 22, 19, 0, tzinfo=UTC)


class FakeTime:
    """Sleepers are woken in their order, and time jumps to each of them as soon as nothing else runs."""

    def __init__(self):
        self.elapsed_s = 0.0
        self.slept = []
        self._sleepers = []
        self._order = itertools.count()
        self.clock = Clock(monotonic=lambda: self.elapsed_s, now=self.now, sleep=self.sleep)

    def now(self):
        return START + timedelta(seconds=self.elapsed_s)

    async def sleep(self, seconds):
        self.slept.append(round(seconds, 3))
        woken = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self.elapsed_s + seconds, next(self._order), woken))
        asyncio.get_running_loop().call_soon(self._tick, 50)
        await woken

    def _tick(self, turns_left):
        """Let everything that can run do so before the next sleeper's moment comes."""
        if turns_left:
            asyncio.get_running_loop().call_soon(self._tick, turns_left - 1)
            return
        moment, _, woken = heapq.heappop(self._sleepers)
        self.elapsed_s = max(self.elapsed_s, moment)
        if not woken.done():
            woken.set_result(None)


@pytest.fixture
def time():
    return FakeTime()


@pytest.fixture
async def atera(time):
    """A client on fake time, with no jitter, for a mocked Atera."""
    policy = RetryPolicy(jitter=lambda: 1.0)
    async with AteraClient(
        BASE_URL, TOKEN, clock=time.clock, policy=policy, requests_per_minute=6000
    ) as client:
        yield client


Conduct = Callable[[asyncio.StreamWriter], Awaitable[None]]


class OddServer:
    """Answers each connection's first request with the next conduct of the list, then closes; the last one repeats."""

    def __init__(self, port, requests, conducts):
        self.base_url = f"http://127.0.0.1:{port}/api/v3"
        self.requests = requests
        self.conducts = conducts

    def will(self, *conducts):
        self.conducts[:] = conducts


@asynccontextmanager
async def _serving():
    requests, conducts, tasks = [], [], set()

    async def serve(reader, writer):
        tasks.add(asyncio.current_task())
        try:
            requests.append(await reader.readuntil(b"\r\n\r\n"))
            conduct = conducts.pop(0) if len(conducts) > 1 else conducts[0]
            await conduct(writer)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield OddServer(server.sockets[0].getsockname()[1], requests, conducts)
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@pytest.fixture
async def odd_server():
    async with _serving() as server:
        yield server


@pytest.fixture
def client_of(time):
    """A client for the odd server: two attempts on fake time, but real deadlines of a fifth of a second."""

    def make(server, **kwargs):
        policy = RetryPolicy(attempts=2, jitter=lambda: 1.0)
        return AteraClient(server.base_url, TOKEN, clock=time.clock, policy=policy, timeout_s=0.2, **kwargs)

    return make


def envelope(items, page=1, total_pages=1, total=None):
    return {
        "items": items,
        "page": page,
        "itemsInPage": 50,
        "totalItemCount": len(items) if total is None else total,
        "totalPages": total_pages,
        "prevLink": "",
        "nextLink": "https://elsewhere.example/steal?page=2",
    }


@pytest.fixture(name="envelope")
def _envelope():
    return envelope
