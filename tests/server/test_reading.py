"""What a tool's session may do, against a real Postgres."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from mcp import Client
from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError
from tests.processes import free_port
from tests.server.test_build import make_desk
from tests.server.test_build import text as told

from helpdesk_mcp.sdk import ReadSession, Unavailable, tables
from helpdesk_mcp.sdk.freshness import freshness
from helpdesk_mcp.server.build import build_server
from helpdesk_mcp.store.engines import read_engine

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)


def run(stream, outcome, minutes_ago):
    at = NOW - timedelta(minutes=minutes_ago)
    return {"stream": stream, "outcome": outcome, "started_at": at, "finished_at": at, "data_as_of": at}


async def test_a_tool_that_writes_is_refused_by_the_database(reader, caplog):
    async with Client(build_server(make_desk(engine=reader))) as client:
        result = await client.call_tool("write_row", {})
    assert result.is_error
    assert "failed inside the server" in told(result)
    assert "read-only transaction" in caplog.text


async def test_a_session_that_lifts_read_only_still_may_not_write(reader):
    session = ReadSession(reader)
    await session.rows(text("SELECT set_config('default_transaction_read_only', 'off', false)"))
    with pytest.raises(Exception, match="permission denied for table ticket"):
        await session.rows(text("DELETE FROM mirror.ticket RETURNING id"))
    await session.close()


async def test_an_answer_tells_the_age_of_its_stream(reader, writer):
    async with writer.begin() as connection:
        await connection.execute(
            insert(tables.sync_run), [run("tickets", "ok", 3), run("tickets", "failed", 1)]
        )
    async with Client(build_server(make_desk(engine=reader))) as client:
        answer = told(await client.call_tool("count_tickets", {}))
    assert (
        answer
        == "0 tickets\nNote: A toy counted.\n[0 of 0 shown; for more: page=2 · data of 08:57, 3 min old]"
    )


async def test_only_complete_readings_count_for_the_age(reader, writer):
    async with writer.begin() as connection:
        await connection.execute(
            insert(tables.sync_run),
            [run("tickets", "ok", 9), run("tickets", "ok", 4), run("alerts", "partial", 1)],
        )
    session = ReadSession(reader)
    found = await freshness(session, ("tickets", "alerts"))
    await session.close()
    assert found.as_of == {"tickets": NOW - timedelta(minutes=4), "alerts": None}
    assert found.heartbeat == NOW - timedelta(minutes=4)


async def test_a_database_without_tables_is_told_with_what_to_do(bare_database_url):
    engine = read_engine(bare_database_url)

    async def give():
        return engine

    async with Client(build_server(make_desk(engine=give))) as client:
        answer = await client.call_tool("count_tickets", {})
    await engine.dispose()
    assert answer.is_error
    assert told(answer) == (
        "The database is not set up for this version; start the worker, or run `helpdesk-mcp migrate`."
    )


async def sleeping(writer, count):
    """Wait until so many statements of this test sleep in the database."""
    here = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query = 'SELECT pg_sleep(60)' AND state = 'active'"
    )
    async with asyncio.timeout(10), writer.connect() as connection:
        while await connection.scalar(here) != count:
            await connection.rollback()


async def test_a_cancelled_question_ends_its_statement_and_leaves_no_trace(reader, writer):
    turns = asyncio.Semaphore(1)
    session = ReadSession(reader, turns=turns)
    asked = asyncio.create_task(session.rows(text("SELECT pg_sleep(60)")))
    await sleeping(writer, 1)
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    await session.close()
    await sleeping(writer, 0)
    following = ReadSession(reader, turns=turns)
    assert await following.scalar(text("SELECT current_user")) == "helpdesk_reader"
    await following.close()
    assert not turns.locked()


async def test_a_failed_statement_spoils_neither_its_call_nor_the_next(reader):
    session = ReadSession(reader)
    backend = await session.scalar(text("SELECT pg_backend_pid()"))
    with pytest.raises(DBAPIError, match="division by zero"):
        await session.rows(text("SELECT 1 / 0"))
    assert await session.scalar(text("SELECT pg_backend_pid()")) == backend
    await session.close()
    following = ReadSession(reader)
    assert await following.scalar(text("SELECT pg_backend_pid()")) == backend
    await following.close()


async def test_sessions_get_their_connections_in_the_order_in_which_they_ask(reader):
    turns = asyncio.Semaphore(1)
    sessions = [ReadSession(reader, turns=turns) for _ in range(5)]
    served = []

    async def ask(number):
        assert await sessions[number].scalar(text("SELECT 1")) == 1
        served.append(number)
        await sessions[number].close()
        if number == 0:
            # A newcomer just as a connection is free: it is the last in the queue.
            late = ReadSession(reader, turns=turns)
            await late.scalar(text("SELECT 1"))
            served.append("late")
            await late.close()

    await asyncio.gather(*map(ask, range(5)))
    assert served == [0, 1, 2, 3, 4, "late"]


async def test_a_connection_that_cannot_be_made_gives_its_turn_back():
    turns = asyncio.Semaphore(1)

    async def away():
        return read_engine(f"postgresql://nobody@127.0.0.1:{free_port()}/helpdesk")

    for _ in range(2):
        with pytest.raises(Unavailable):
            await ReadSession(away, turns=turns).scalar(text("SELECT 1"))
    assert not turns.locked()
