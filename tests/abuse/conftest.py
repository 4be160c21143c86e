"""A server with all installed plugins on a synced account, and people at it who send whatever comes to mind."""

import asyncio
import logging
import time
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
from anyio.from_thread import start_blocking_portal
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mcp import MCPError
from tests.office import Office

from atera_simulator.seed import build_world
from atera_simulator.serve import Simulator
from helpdesk_mcp.app import plugins as installed
from helpdesk_mcp.settings import load

LONGEST_S = 5.0
CRASHES = (
    "failed inside",
    "traceback",
    "[sql",
    "sqlalchemy",
    "asyncpg",
    "syntax error",
    "pydantic",
    "object at 0x",
)
"""What no answer may say, whatever was asked: the words of our insides. No hostile value holds any of them."""


class Front:
    """The server as clients of three kinds see it; each call is watched."""

    def __init__(self, portal, people, simulator, bugs):
        self._portal = portal
        self._people = people
        self._simulator = simulator
        self._bugs = bugs

    def ask(self, kind, method, *arguments, answers=()):
        """Call a method of a client and return what it gives, or the error that the server told; fail on any crash."""
        person = self._people[kind]
        if person.answers is not None:
            person.answers[:] = answers
        self._bugs.clear()
        began = time.monotonic()
        result = self._portal.call(self._within, getattr(person.client, method), arguments)
        assert time.monotonic() - began < LONGEST_S
        said = str(result).lower()
        assert [words for words in CRASHES if words in said] == [], said
        assert self._bugs == []
        assert self.writes() == {}
        return result

    def writes(self):
        """The calls by which Atera was changed."""
        return {
            call: count for call, count in self._simulator.requests.items() if not call.startswith("GET ")
        }

    async def _within(self, method, arguments):
        try:
            return await asyncio.wait_for(method(*arguments), LONGEST_S)
        except MCPError as refused:
            return refused


class Bugs(logging.Handler):
    """Collects what was logged as an error: a completion hides its bugs from callers."""

    def __init__(self):
        super().__init__(logging.ERROR)
        self.found = []

    def emit(self, record):
        self.found.append(self.format(record))


@pytest.fixture(scope="module")
def each(request):
    """Call a function with many drawn values: the same few in the suite, new ones with `pytest tests/abuse --examples 500`."""
    number = request.config.getoption("--examples")
    limits = settings(
        max_examples=number or 8,
        derandomize=not number,
        database=None,
        deadline=None,  # each answer has its own
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )

    def run(function, *strategies):
        @limits
        @given(st.tuples(*strategies))
        def one(drawn):
            function(*drawn)

        one()

    return run


@pytest.fixture(scope="module")
def bugs():
    handler = Bugs()
    log = logging.getLogger("helpdesk_mcp")
    log.addHandler(handler)
    yield handler.found
    log.removeHandler(handler)


@pytest.fixture(scope="module")
def account(moment):
    with Simulator(build_world("tiny", now=moment), rate_per_minute=None) as simulator:
        yield simulator


@pytest.fixture(scope="module")
def plugins():
    return installed.load(load({}))


@pytest.fixture(scope="module")
def front(account, filled_url, copy_of, plugins, bugs):
    engineer = next(iter(account.world.technicians.values()))["TechnicianEmail"]

    @asynccontextmanager
    async def opened(url):
        async with AsyncExitStack() as stack:
            office = Office(stack, account, url, engineer, plugins)
            desk = await office.desk()
            yield {kind: await office.person(kind, desk=desk) for kind in ("silent", "auto", "legacy")}

    with (
        copy_of(filled_url) as url,
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(opened(url)) as people,
    ):
        yield Front(portal, people, account, bugs)


@pytest.fixture(scope="module")
def real(account):
    """Words that mean something in this account, so that calls come further than the first lookup."""
    world = account.world
    ticket = next(one for one in world.tickets.values() if one["TicketStatus"] == "Open")
    machine = next(iter(world.agents.values()))
    return (
        str(ticket["TicketNumber"]),
        ticket["CustomerName"],
        ticket["EndUserEmail"],
        next(iter(world.technicians.values()))["TechnicianFullName"],
        machine["MachineName"],
    )
