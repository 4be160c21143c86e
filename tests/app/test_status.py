"""What `helpdesk-mcp status` says of the streams, of the worker, and of rights."""

import asyncio
import re

import pytest
from sqlalchemy import text
from tests.logins import owner_without_roles

from helpdesk_mcp.app import reports
from helpdesk_mcp.settings import load
from helpdesk_mcp.store import migrate
from helpdesk_mcp.store.engines import write_engine


def status(url, capsys):
    code = asyncio.run(reports.print_status(load({"HELPDESK_DATABASE_URL": url})))
    return code, capsys.readouterr().out


NOTHING_YET = "Nothing was synced yet: start `helpdesk-mcp worker`.\n"


@pytest.fixture
def modest_url(postgres, bare_database_url):
    with owner_without_roles(postgres, bare_database_url, "sparing") as url:
        migrate.upgrade(url)
        yield url


def test_an_owner_who_cannot_take_the_roles_is_told(modest_url, capsys):
    assert status(modest_url, capsys) == (
        0,
        (
            "Rights are not separated: the user in HELPDESK_DATABASE_URL cannot take helpdesk_reader, helpdesk_writer, "
            f"helpdesk_server, so all of its own are used (docs/database-roles.md).\n{NOTHING_YET}"
        ),
    )


def test_an_owner_who_takes_them_is_not(database_url, capsys):
    assert status(database_url, capsys) == (0, NOTHING_YET)


RUNS = """
    INSERT INTO helpdesk.sync_run
        (stream, started_at, finished_at, data_as_of, outcome, requests, rows_read, inserted, changed, unchanged, seconds, error)
    SELECT stream, now() - ago, CASE WHEN outcome IS NOT NULL THEN now() - ago END, CASE WHEN outcome = 'ok' THEN now() - ago END,
           outcome, 3, 1234, 1000, 30, 204, 1.5, error
    FROM (VALUES
        ('customers', interval '130 s', 'ok', NULL),
        ('tickets', interval '7 min', 'ok', NULL),
        ('tickets', interval '130 s', 'failed', 'Atera was away.'),
        ('alerts', interval '130 s', 'failed', 'Atera was away.'),
        ('machines', interval '70 s', NULL, NULL)
    ) AS runs (stream, ago, outcome, error)
"""


def written(url, *statements):
    async def write():
        engine = write_engine(url)
        async with engine.begin() as connection:
            for statement in statements:
                await connection.execute(text(statement))
        await engine.dispose()

    asyncio.run(write())


def cells(out):
    """The table by stream and heading, as far as no cell left of it is empty."""
    headings, *lines = (re.split(r"\s{2,}", line.strip()) for line in out.splitlines())
    return {line[0]: dict(zip(headings[1:], line[1:], strict=False)) for line in lines}


def test_each_stream_is_told_with_its_last_success_lag_counts_and_next_run(database_url, capsys):
    written(database_url, RUNS)
    code, out = status(database_url, capsys)
    told = cells(out)
    assert code == 1
    assert told["customers"] == {
        "last success": "2 min ago",
        "lag": "2 min",
        "next run": "in 2 min",
        "last run": "ok",
        "requests": "3",
        "read": "1,234",
        "new": "1,000",
        "changed": "30",
        "same": "204",
        "deleted": "0",
        "bad": "0",
        "seconds": "1.5",
    }
    tickets = told["tickets"]
    assert (tickets["last success"], tickets["next run"], tickets["last run"]) == (
        "7 min ago",
        "in 2 min",
        "failed",
    )
    assert re.search(r"^contacts +never +in 2 min *$", out, re.MULTILINE)
    assert re.search(r"^machines +never +in 2 min +running ", out, re.MULTILINE)
    assert re.search(r"^alerts\.full +never +waits *$", out, re.MULTILINE)
    assert re.search(r"^conversations\.history +never +in between *$", out, re.MULTILINE)
    assert "alerts, tickets: Atera was away.\n" in out
    assert "Nothing was begun" not in out


def test_a_worker_that_is_down_is_told(database_url, capsys):
    written(database_url, RUNS, "UPDATE helpdesk.sync_run SET started_at = started_at - interval '2 hours'")
    code, out = status(database_url, capsys)
    assert code == 1
    assert "Nothing was begun for 2 h: is `helpdesk-mcp worker` running?\n" in out
    assert cells(out)["customers"]["next run"] == "now"


@pytest.mark.parametrize("columns", ["80", "100"])
def test_a_narrow_terminal_goes_without_some_columns_and_cuts_none(
    database_url, capsys, monkeypatch, columns
):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", columns)
    written(database_url, RUNS)
    _, out = status(database_url, capsys)
    headings = re.sub("\x1b.*?m", "", out).splitlines()[0].split()
    assert headings[0] == "stream"
    assert {"lag", "requests", "bad"} <= set(headings)
    assert "same" not in headings
    assert "…" not in out
