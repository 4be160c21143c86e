"""Fixtures: a simulated account, its local copy, and people who change it through a server: one who can be asked, one who cannot.

Which plugins the server has is the fixture `plugins`, which those who use these fixtures define.
"""

import asyncio
import re
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from mcp import Client
from mcp_types import ElicitResult

from atera_simulator.seed import build_world
from atera_simulator.serve import Simulator
from helpdesk_mcp.atera import AteraClient, RetryPolicy
from helpdesk_mcp.changes import plugin as changes
from helpdesk_mcp.changes.operations import Outside
from helpdesk_mcp.changes.policy import Policy
from helpdesk_mcp.changes.runner import Runner
from helpdesk_mcp.changes.service import ChangeDesk
from helpdesk_mcp.discovery import Discovered, Loaded
from helpdesk_mcp.sdk import Caller, Plugin, PluginSettings
from helpdesk_mcp.server.build import build_server
from helpdesk_mcp.server.desk import Desk
from helpdesk_mcp.store.engines import SERVER, read_engine, write_engine
from helpdesk_mcp.sync.cycle import sync_once

LIMITS = {"requests_per_minute": 1_000_000, "burst": 1000}
IMPATIENT = RetryPolicy(attempts=2, budget_s=2, first_delay_s=0.01)
LOOKS_S = (0.0, 0.01)
ALL = frozenset({"read", "write", "reach"})
CODE = re.compile(r'confirm_change\(code="([^"]+)"\)')


def offering(*plugins: Plugin) -> Discovered:
    """The plugins of a server that writes: these and the core's own."""
    loaded = [Loaded(one, PluginSettings(), f"{one.name} 0") for one in (*plugins, changes.plugin)]
    return Discovered(tuple(loaded), ())


@pytest.fixture(scope="session")
def moment():
    """The newest moment of the account."""
    return datetime.now(UTC)


@pytest.fixture(scope="session")
def filled_url(postgres, template, copy_of, moment):
    """A database with what the sync makes of the account; nobody may stay connected to it."""

    async def fill(simulator, url):
        engine = write_engine(url)
        async with AteraClient(simulator.url, simulator.token, **LIMITS) as client:
            await sync_once(client, engine)
        await engine.dispose()

    empty = postgres.set(database=template).render_as_string(hide_password=False)
    with copy_of(empty) as url, Simulator(build_world("tiny", now=moment), rate_per_minute=None) as simulator:
        asyncio.run(fill(simulator, url))
        yield url


@pytest.fixture
def simulator(moment):
    with Simulator(build_world("tiny", now=moment), rate_per_minute=None) as one:
        yield one


@pytest.fixture
def world(simulator):
    """The account itself: what the tests of a change look at in the end."""
    return simulator.world


@pytest.fixture
def url(filled_url, copy_of):
    with copy_of(filled_url) as one:
        yield one


@pytest.fixture
def jens(world):
    """An engineer of the account: id, name, mail address."""
    return next(iter(world.technicians.values()))


def settings(simulator, url, engineer):
    """What a server process of this office is started with."""
    return {
        "database_url": url.replace("+asyncpg", ""),
        "atera_url": simulator.url,
        "atera_token": simulator.token,
        "atera_requests_per_minute": 6000,
        "engineer": engineer,
        "reach": "on",
        "time_zone": "Europe/Copenhagen",
    }


class Person:
    """Somebody at a client: calls tools, answers questions, reads texts."""

    def __init__(self, client, answers):
        self.client = client
        self.answers = answers
        """What they will answer to the questions to come: a dict of fields, or None to close the form."""
        self.asked = []
        """(message, schema) of every question."""

    async def __call__(self, tool, **arguments):
        result = await self.client.call_tool(tool, arguments)
        (block,) = result.content
        assert not result.is_error, block.text
        return block.text

    async def refusal(self, tool, **arguments):
        result = await self.client.call_tool(tool, arguments)
        (block,) = result.content
        assert result.is_error, block.text
        return block.text

    async def confirmed(self, tool, **arguments):
        """Call a tool and say yes to what it would do."""
        if self.answers is not None:
            self.answers.append({"confirm": True})
            return await self(tool, **arguments)
        return await self("confirm_change", code=self.code(await self(tool, **arguments)))

    @staticmethod
    def code(text):
        found = CODE.search(text)
        assert found, text
        return found[1]


class Office:
    """A server process and the people around it."""

    def __init__(self, stack, simulator, url, engineer, plugins):
        self._plugins = plugins
        self._stack = stack
        self._simulator = simulator
        self._url = url
        self._engineer = engineer

    async def desk(
        self,
        *,
        person="Jens at his desk",
        engineer=None,
        scopes=ALL,
        reach=True,
        effects=ALL,
        customers=None,
        timeout_s=1,
        **options,
    ):
        reader = read_engine(self._url)
        engine = write_engine(self._url, role=SERVER)
        self._stack.push_async_callback(reader.dispose)
        self._stack.push_async_callback(engine.dispose)
        client = await self._stack.enter_async_context(
            AteraClient(
                self._simulator.url, self._simulator.token, policy=IMPATIENT, timeout_s=timeout_s, **LIMITS
            )
        )
        outside = Outside(client, engine)
        service = ChangeDesk(
            outside, Policy(reach=reach, customers=customers), runner=Runner(outside, LOOKS_S)
        )
        self._stack.push_async_callback(service.close, 8.0)

        async def opened():
            return reader

        return Desk(
            engine=opened,
            changes=service,
            effects=effects,
            plugins=self._plugins,
            zone=ZoneInfo("Europe/Copenhagen"),
            local=Caller(person=person, engineer=engineer or self._engineer, scopes=scopes),
            small=False,
            call_timeout_s=20,
            **options,
        )

    async def person(self, how="silent", *, desk=None, **options):
        """Somebody who can be asked (`auto`: the newest era, `legacy`: the one before) or cannot (`silent`)."""
        answers = None if how == "silent" else []
        person = Person(None, answers)

        async def answer(_context, params):
            person.asked.append((params.message, params.requested_schema))
            given = person.answers.pop(0)
            return (
                ElicitResult(action="decline")
                if given is None
                else ElicitResult(action="accept", content=given)
            )

        server = build_server(desk or await self.desk(**options))
        kind = {"mode": "auto" if how == "silent" else how}
        if how != "silent":
            kind["elicitation_callback"] = answer
        person.client = await self._stack.enter_async_context(Client(server, **kind))
        return person


async def struck(simulator):
    """Wait until a fault has met its call."""
    while not any(rule.spoilt for rule in simulator.faults.rules):  # noqa: ASYNC110 - it counts in another thread
        await asyncio.sleep(0.01)


@pytest.fixture
async def office(simulator, url, jens, plugins):
    async with AsyncExitStack() as stack:
        yield Office(stack, simulator, url, jens["TechnicianEmail"], plugins)


@pytest.fixture
async def me(office):
    """Jens, at a client that cannot be asked."""
    return await office.person()


@pytest.fixture(params=["silent", "auto", "legacy"])
async def anyone(request, office):
    """Jens, at a client of each kind."""
    return await office.person(request.param)


@pytest.fixture
def open_ticket(world, jens):
    """A ticket that somebody else works on."""
    return next(
        one
        for one in world.tickets.values()
        if one["TicketStatus"] == "Open"
        and one["TicketPriority"] != "Critical"
        and one["EndUserEmail"]
        and (one["TechnicianContactID"] or 0) > 0
        and one["TechnicianContactID"] != jens["TechnicianContactID"]
    )
