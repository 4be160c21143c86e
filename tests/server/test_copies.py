"""A copy of the database for questions: it answers with its own age, and whoever changes something reads where that is written."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from mcp import Client
from sqlalchemy import insert, select
from tests.processes import free_port
from tests.server.serving import text

from helpdesk_mcp.app.atera import Atera
from helpdesk_mcp.app.database import Database
from helpdesk_mcp.app.serving import make_desk
from helpdesk_mcp.discovery import Discovered, Loaded
from helpdesk_mcp.sdk import Answer, Call, Caller, Plugin, PluginSettings, Tool, tables
from helpdesk_mcp.server.build import build_server
from helpdesk_mcp.settings import load
from helpdesk_mcp.store.engines import normal_url, write_engine

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


async def subject(call: Call) -> Answer:
    """Read the subject of the only ticket."""
    return Answer(text=await call.db.scalar(select(tables.ticket.c.title)))


async def change(call: Call) -> str:
    """Change something, having read the ticket."""
    return f"changed from {await call.db.scalar(select(tables.ticket.c.title))}"


PLUGINS = Discovered(
    (
        Loaded(
            Plugin(
                name="one",
                summary="One ticket.",
                tools=(
                    Tool(run=subject, title="Subject", effect="read", streams=("tickets",)),
                    Tool(run=change, title="Change", effect="write"),
                ),
            ),
            PluginSettings(),
            "one 1",
        ),
    ),
    (),
)


async def fill(url, title, age):
    at = NOW - age
    engine = write_engine(url)
    ticket = {"id": 1, "number": "1", "title": title, "description": "", "status": "Open", "created_at": at}
    run = {"stream": "tickets", "outcome": "ok", "started_at": at, "finished_at": at, "data_as_of": at}
    async with engine.begin() as connection:
        await connection.execute(insert(tables.ticket).values(**ticket, raw={}, raw_hash=0, fetched_at=at))
        await connection.execute(insert(tables.sync_run).values(run))
    await engine.dispose()


@pytest.fixture
def two_urls(postgres, template, copy_of):
    empty = postgres.set(database=template).render_as_string(hide_password=False)
    with copy_of(empty) as database, copy_of(empty) as copy:
        yield database, copy


@pytest.fixture
async def desk(two_urls):
    """A server's desk over a database, and over a copy that is visibly older; `desk.clock` can be set."""
    await fill(two_urls[0], "Written", timedelta(minutes=1))
    await fill(two_urls[1], "Copied", timedelta(hours=3))
    urls = (normal_url(url).set(drivername="postgresql") for url in two_urls)
    variables = dict(
        zip(
            ("HELPDESK_DATABASE_URL", "HELPDESK_READ_DATABASE_URL"),
            (one.render_as_string(hide_password=False) for one in urls),
            strict=True,
        )
    )
    settings = load({**variables, "HELPDESK_ATERA_TOKEN": "any", "HELPDESK_TIME_ZONE": "Europe/Berlin"})
    database = Database(settings)
    made = make_desk(settings, database, Atera(settings), PLUGINS)
    yield replace(made, clock=lambda: NOW)
    await database.close()


async def test_questions_are_answered_by_the_copy_with_the_copys_age(desk):
    async with Client(build_server(desk)) as client:
        told = text(await client.call_tool("subject", {}))
    assert told == (
        "Copied\nNote: The last sync was 3 h ago: the worker seems to be down.\n[data of 07:00, 3 h old]"
    )


async def test_after_a_change_its_maker_reads_where_it_was_written_and_nobody_else(desk):
    moments = [NOW]
    desk = replace(
        desk,
        clock=lambda: moments[-1],
        local=Caller(person="Jens", engineer=None, scopes=frozenset({"read", "write"})),
    )
    # Somebody else at the same process, with the memory of the same desk.
    async with Client(build_server(desk)) as jens:
        assert text(await jens.call_tool("subject", {})).startswith("Copied")
        assert text(await jens.call_tool("change", {})).startswith("changed from Written")
        assert text(await jens.call_tool("subject", {})) == "Written\n[data of 09:59, 1 min old]"
        assert await read_by("Sian", desk) == "Copied"
        moments.append(NOW + timedelta(seconds=61))
        assert text(await jens.call_tool("subject", {})).startswith("Copied")


async def read_by(person, desk):
    async with desk.call(desk.plugins.loaded[0], Caller(person=person, engineer=None)) as call:
        return (await subject(call)).text


async def test_a_copy_that_is_away_is_told_with_its_own_setting(database_url):
    url = normal_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)
    away = f"postgresql://nobody@127.0.0.1:{free_port()}/helpdesk"
    settings = load({"HELPDESK_DATABASE_URL": url, "HELPDESK_READ_DATABASE_URL": away})
    database = Database(settings)
    async with Client(build_server(make_desk(settings, database, Atera(settings), PLUGINS))) as client:
        told = await client.call_tool("subject", {})
    await database.close()
    assert (told.is_error, text(told)) == (
        True,
        "Postgres cannot be reached; check that it is running and that HELPDESK_READ_DATABASE_URL is right, then try again.",
    )
