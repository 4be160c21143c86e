"""Connections: readers cannot write, statements end, and an absent database is told in a sentence."""

import socket
from pathlib import Path

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError

from helpdesk_mcp.store import engines
from helpdesk_mcp.store.engines import (
    SERVER,
    WRITER,
    StoreUnavailable,
    normal_url,
    reachable,
    read_engine,
    sqlstate,
    write_engine,
)

pytestmark = pytest.mark.anyio


async def ask(engine, statement):
    try:
        async with reachable(), engine.connect() as connection:
            return (await connection.execute(text(statement))).scalar()
    finally:
        await engine.dispose()


async def test_a_reader_is_the_role_that_may_only_select(database_url):
    assert await ask(read_engine(database_url), "SELECT current_user") == "helpdesk_reader"


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("INSERT INTO mirror.technician (id, name, last_seen_at) VALUES (1, 'A', now())", "25006"),
        ("SET default_transaction_read_only = off; DELETE FROM mirror.ticket", "42601"),
        ("CREATE TABLE mirror.mine (id int)", "25006"),
    ],
)
async def test_a_reader_cannot_write(database_url, statement, code):
    with pytest.raises(DBAPIError) as refused:
        await ask(read_engine(database_url), statement)
    assert sqlstate(refused.value) == code


def page_faults(backend):
    """Return how often a Postgres process got a page of memory from the system; None where it runs on another one."""
    process = Path(f"/proc/{backend}")
    if not process.exists() or b"postgres" not in (process / "cmdline").read_bytes():
        return None
    return int((process / "stat").read_text().rsplit(") ", 1)[1].split()[7])


async def test_a_reader_keeps_its_memory_from_one_question_to_the_next(database_url):
    engine = read_engine(database_url)
    count = text("SELECT count(*) FROM (SELECT g FROM generate_series(1, 10000) AS g GROUP BY g) AS one")
    found = []
    try:
        async with engine.connect() as connection:
            backend = await connection.scalar(text("SELECT pg_backend_pid()"))
            for _ in range(3):
                await connection.execute(count)
                found.append(page_faults(backend))
    finally:
        await engine.dispose()
    if None in found:
        pytest.skip("Postgres runs elsewhere")
    assert found[-1] - found[-2] < 50


async def test_a_reader_that_lifts_its_own_guard_still_lacks_the_right(database_url):
    engine = read_engine(database_url)
    try:
        async with engine.connect() as connection:
            await connection.execute(text("SET default_transaction_read_only = off"))
            with pytest.raises(DBAPIError) as refused:
                await connection.execute(text("DELETE FROM mirror.ticket"))
    finally:
        await engine.dispose()
    assert sqlstate(refused.value) == "42501"


CHANGE = (
    "INSERT INTO helpdesk.change (code_hash, person, tool, title, preview, steps, versions, payload_hash, expires_at)"
    " VALUES ('a', 'p', 't', 't', 'p', '[]', '{}', 'h', now())"
)


@pytest.mark.parametrize(
    ("role", "statement"),
    [
        (WRITER, "INSERT INTO mirror.technician (id, name, last_seen_at) VALUES (1, 'A', now())"),
        (WRITER, "INSERT INTO helpdesk.sync_run (stream, started_at) VALUES ('tickets', now())"),
        (WRITER, "DELETE FROM mirror.machine"),
        (WRITER, "DELETE FROM helpdesk.wanted_facts WHERE machine_id = 1"),
        (SERVER, "INSERT INTO helpdesk.wanted_facts (machine_id) VALUES (1)"),
        (SERVER, CHANGE),
        (SERVER, "SELECT count(*) FROM helpdesk.journal"),
        (SERVER, "DELETE FROM helpdesk.draft"),
        (SERVER, "UPDATE mirror.ticket SET title = title"),
    ],
)
async def test_each_role_may_do_its_work(database_url, role, statement):
    engine = write_engine(database_url, role=role)
    try:
        async with engine.begin() as connection:
            await connection.execute(text(statement))
    finally:
        await engine.dispose()


@pytest.mark.parametrize(
    ("role", "statement"),
    [
        (WRITER, "SELECT * FROM helpdesk.change"),
        (WRITER, CHANGE),
        (WRITER, "SELECT * FROM helpdesk.journal"),
        (WRITER, "CREATE TABLE mirror.mine (id int)"),
        (WRITER, "INSERT INTO helpdesk.wanted_facts (machine_id) VALUES (1)"),
        (SERVER, "DELETE FROM helpdesk.wanted_facts"),
        (SERVER, "UPDATE helpdesk.journal SET event = 'done'"),
        (SERVER, "DELETE FROM helpdesk.journal"),
        (SERVER, "UPDATE helpdesk.change SET person = 'me'"),
        (SERVER, "DELETE FROM mirror.ticket"),
        (SERVER, "UPDATE mirror.machine SET name = name"),
        (SERVER, "INSERT INTO helpdesk.sync_run (stream, started_at) VALUES ('tickets', now())"),
        (SERVER, "DROP TABLE helpdesk.journal"),
    ],
)
async def test_each_role_is_refused_the_work_of_the_others(database_url, role, statement):
    with pytest.raises(DBAPIError) as refused:
        await ask(write_engine(database_url, role=role), statement)
    assert sqlstate(refused.value) == "42501"


@pytest.mark.parametrize("table", ["change", "journal", "draft"])
async def test_a_reader_does_not_see_what_people_changed(database_url, table):
    with pytest.raises(DBAPIError) as refused:
        await ask(read_engine(database_url), f"TABLE helpdesk.{table}")
    assert sqlstate(refused.value) == "42501"


async def test_a_long_question_of_a_reader_is_ended_by_the_server(database_url):
    with pytest.raises(DBAPIError) as ended:
        await ask(read_engine(database_url, statement_timeout_s=0.1), "SELECT pg_sleep(5)")
    assert sqlstate(ended.value) == "57014"


async def test_json_comes_back_as_python_values(database_url):
    assert await ask(read_engine(database_url), """SELECT '{"a": [1, null]}'::jsonb""") == {"a": [1, None]}


async def test_a_refused_connection_is_a_sentence_without_the_password(unused_port):
    url = f"postgresql://engineer:s3cret@127.0.0.1:{unused_port}/helpdesk"
    with pytest.raises(StoreUnavailable, match="cannot be reached") as away:
        await ask(write_engine(url), "SELECT 1")
    assert "s3cret" not in str(away.value)


async def test_a_database_that_is_not_there_is_a_sentence(database_url):
    absent = make_url(database_url).set(database="nowhere")
    with pytest.raises(StoreUnavailable, match="no such database"):
        await ask(read_engine(absent), "SELECT 1")


async def test_a_connection_cut_by_the_server_is_a_sentence(database_url):
    with pytest.raises(StoreUnavailable):
        await ask(write_engine(database_url), "SELECT pg_terminate_backend(pg_backend_pid())")


async def test_an_own_mistake_is_not_taken_for_an_absent_database(database_url):
    with pytest.raises(DBAPIError):
        await ask(read_engine(database_url), "SELECT 1 / 0")


async def test_a_silent_server_does_not_hang_the_caller(monkeypatch):
    monkeypatch.setattr("helpdesk_mcp.store.engines.CONNECT_TIMEOUT_S", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgresql://u@127.0.0.1:{silent.getsockname()[1]}/d"
        with pytest.raises(StoreUnavailable, match="did not answer in time"):
            await ask(write_engine(url), "SELECT 1")


@pytest.mark.parametrize(
    ("pasted", "expected"),
    [
        ("postgres://u:p@h:1/d", "postgresql+asyncpg://u:p@h:1/d"),
        ("postgresql://u@h/d?sslmode=require", "postgresql+asyncpg://u@h/d?ssl=require"),
        ("postgresql+psycopg://u@/d?host=/run/pg", "postgresql+asyncpg://u@/d?host=%2Frun%2Fpg"),
    ],
)
def test_urls_are_taken_as_people_paste_them(pasted, expected):
    assert normal_url(pasted) == make_url(expected)


@pytest.mark.parametrize("pasted", ["mysql://u:s3cret@h/d", "s3cret", "postgresql://u:s3cret@h:port/d"])
def test_a_url_that_is_not_for_postgres_is_refused_without_its_password(pasted):
    with pytest.raises(ValueError, match="database URL") as refused:
        normal_url(pasted)
    assert "s3cret" not in str(refused.value)


@pytest.fixture
def unused_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


async def test_a_question_that_a_replica_ends_is_told_in_a_sentence(database_url):
    ended = "DO $$ BEGIN RAISE EXCEPTION 'conflict with recovery' USING ERRCODE = '40001'; END $$"
    with pytest.raises(
        StoreUnavailable, match="The copy of the database was busy catching up; try again now."
    ):
        await ask(read_engine(database_url), ended)


async def test_the_locks_of_a_machine_that_vanishes_are_given_back_within_a_minute(database_url):
    # On a unix socket, where nobody vanishes, Postgres does not say what is set, but that it is.
    asked = "SELECT count(*) FROM pg_settings WHERE name LIKE 'tcp_keepalives_%' AND source = 'session'"
    assert await ask(write_engine(database_url), asked) == 3
    idle, interval, count = (int(one) for one in engines._NOTICE_THE_DEAD.values())
    assert idle + interval * count == 60
