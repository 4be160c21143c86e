"""Two server processes behind a balancer: what one asks, the other may be told."""

import asyncio
from contextlib import asynccontextmanager

import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp_types import ElicitResult
from tests import processes
from tests.office import Person, settings
from tests.server.serving import ACCEPT, HELLO, PING

pytestmark = pytest.mark.anyio
SESSION = "mcp-session-id"


class Balancer(httpx2.AsyncBaseTransport):
    """Sends each request to the next server; those of a session, where there is one, to the server that opened it."""

    def __init__(self, urls):
        self._servers = [httpx2.URL(url) for url in urls]
        self._transport = httpx2.AsyncHTTPTransport()
        self._homes = {}
        self.served = []
        """Which server got each request."""

    async def handle_async_request(self, request):
        session = request.headers.get(SESSION)
        number = self._homes.get(session, len(self.served) % len(self._servers))
        self.served.append(number)
        server = self._servers[number]
        request.url = request.url.copy_with(host=server.host, port=server.port)
        request.headers["host"] = f"{server.host}:{server.port}"
        response = await self._transport.handle_async_request(request)
        if opened := response.headers.get(SESSION):
            self._homes[opened] = number
        return response

    async def aclose(self):
        await self._transport.aclose()


@pytest.fixture
def servers(simulator, url, jens):
    options = settings(simulator, url, jens["TechnicianEmail"])
    with processes.http(**options) as first, processes.http(**options) as second:
        yield first, second


@asynccontextmanager
async def balanced(urls, **options):
    balancer = Balancer(urls)
    async with (
        httpx2.AsyncClient(transport=balancer, trust_env=False, timeout=30) as http,
        Client(streamable_http_client("http://127.0.0.1/mcp", http_client=http), **options) as client,
    ):
        yield client, balancer


async def test_what_one_server_previews_the_other_confirms_once(servers, world, open_ticket):
    notes = world.comments[open_ticket["TicketID"]]
    before = len(notes)
    for mode, other in (("auto", "legacy"), ("legacy", "auto")):
        async with Client(servers[0], mode=mode) as here, Client(servers[1], mode=other) as there:
            me, too = Person(here, None), Person(there, None)
            preview = await me(
                "add_internal_note", ticket=open_ticket["TicketNumber"], text=f"Seen in {mode}."
            )
            code = me.code(preview)
            answers = await asyncio.gather(
                *(one.client.call_tool("confirm_change", {"code": code}) for one in (me, too, me, too))
            )
        told = [answer.content[0].text for answer in answers if not answer.is_error]
        assert len([text for text in told if text.startswith("Done")]) == 1
    assert [note["Comment"] for note in notes[before:]] == ["Seen in auto.", "Seen in legacy."]
    await only_where_it_began(servers)


async def test_a_wizard_goes_on_whichever_server_gets_the_answer(servers, world, open_ticket):
    for mode in ("auto", "legacy"):
        served = await wizard(servers, open_ticket, mode)
        assert served == ({0, 1} if mode == "auto" else {min(served)})
        created = max(world.tickets.values(), key=lambda one: one["TicketID"])
        assert created["TicketTitle"] == f"Asked in {mode}"


async def wizard(servers, ticket, mode):
    """Make a ticket by forms; return the servers that were asked."""
    asked = []
    said = {
        "title": f"Asked in {mode}",
        "description": "Since this morning.",
        "priority": "High",
        "impact": "Minor",
        "type": "Incident",
        "confirm": True,
    }

    async def answer(_context, params):
        asked.append(params.message)
        wanted = params.requested_schema["properties"]
        return ElicitResult(action="accept", content={name: said[name] for name in wanted if name in said})

    async with balanced(servers, mode=mode, elicitation_callback=answer) as (client, balancer):
        balancer.served.clear()
        person = Person(client, None)
        what = {"customer": ticket["CustomerName"], "contact": ticket["EndUserEmail"]}
        assert (await person("create_ticket", **what)).startswith("Done (change ")
    assert len(asked) >= 2
    return set(balancer.served)


async def only_where_it_began(servers):
    """Show that a session of the older protocol exists on one server: clients begin a new one elsewhere."""
    async with httpx2.AsyncClient(trust_env=False, headers=ACCEPT) as http:
        session = (await http.post(servers[0], json=HELLO)).headers[SESSION]
        elsewhere = await http.post(servers[1], json=PING, headers={SESSION: session})
    assert elsewhere.status_code == 404
