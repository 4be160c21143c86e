"""Two people at one server at once: each sees their own, whatever the other does meanwhile."""

import asyncio
from datetime import UTC, datetime

import pytest
from sqlalchemy import text as sql

from helpdesk_mcp.store import tables
from helpdesk_mcp.store.engines import write_engine

from .serving import client, new_token, serving_tokens, text

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
PEOPLE = {"jens@example.com": (1, "Jens Brandt"), "sian@example.com": (2, "Siân Rees")}


@pytest.fixture
async def owner(shared_database_url):
    engine = write_engine(shared_database_url)
    async with engine.begin() as connection:
        await connection.execute(sql("TRUNCATE helpdesk.token, mirror.technician, mirror.ticket"))
        for email, (number, name) in PEOPLE.items():
            person = {"id": number, "name": name, "email": email, "last_seen_at": NOW}
            await connection.execute(tables.technician.insert().values(person))
            for ticket in (100 + number, 200 + number):
                await connection.execute(tables.ticket.insert().values(ticket_row(ticket, number)))
    yield engine
    async with engine.begin() as connection:
        await connection.execute(sql("TRUNCATE helpdesk.token, mirror.technician, mirror.ticket"))
    await engine.dispose()


def ticket_row(number, technician):
    return {
        "id": number,
        "number": str(number),
        "title": "Printer offline",
        "description": "",
        "status": "Open",
        "technician_id": technician,
        "created_at": NOW,
        "raw": {},
        "raw_hash": 0,
        "fetched_at": NOW,
    }


async def test_interleaved_calls_of_two_people_in_both_eras_stay_apart(shared_database_url, owner):
    tokens = {
        email: await new_token(owner, email, engineer=email, scopes=("write",) if number == 1 else ("read",))
        for email, (number, _) in PEOPLE.items()
    }

    async def work(address, email, mode):
        number, _ = PEOPLE[email]
        async with client(address, tokens[email], mode) as opened:
            calls = [opened.call_tool("my_tickets", {"pause_ms": turn * 7 % 20}) for turn in range(15)]
            lists = [opened.list_tools() for _ in range(5)]
            answers = await asyncio.gather(*calls, *lists)
        assert {text(one) for one in answers[:15]} == {f"{email}: {100 + number} {200 + number}"}
        assert [any(tool.name == "change" for tool in one.tools) for one in answers[15:]] == [number == 1] * 5

    async with serving_tokens(shared_database_url) as address:
        await asyncio.gather(
            *(work(address, email, mode) for email in PEOPLE for mode in ("auto", "legacy", "auto", "legacy"))
        )
