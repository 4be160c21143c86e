from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

from helpdesk_mcp.sdk import Answer
from helpdesk_mcp.sdk.freshness import Freshness
from helpdesk_mcp.server.rendering import render

NOW = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
CALL = SimpleNamespace(now=NOW, zone=ZoneInfo("Europe/Berlin"))
FRESH = Freshness({"tickets": NOW - timedelta(minutes=3)}, NOW - timedelta(minutes=2))


def test_a_list_ends_with_counts_the_way_on_and_the_age():
    answer = Answer(text="rows", shown=20, total=134, more="page=2")
    assert (
        render(answer, FRESH, CALL) == "rows\n[20 of 134 shown; for more: page=2 · data of 09:27, 3 min old]"
    )


def test_a_count_that_stopped_says_at_least():
    answer = Answer(text="rows", shown=20, total=10_000, total_is_minimum=True, more="page=2")
    assert "[20 of at least 10000 shown; for more: page=2 · " in render(answer, FRESH, CALL)


def test_the_oldest_stream_tells_the_age():
    ages = Freshness({"tickets": NOW - timedelta(minutes=3), "machines": NOW - timedelta(minutes=28)}, NOW)
    assert render("text", ages, CALL) == "text\n[data of 09:02, 28 min old]"


def test_notes_stand_before_the_footer():
    assert render(Answer(text="t", notes=("One.", "Two.")), FRESH, CALL).splitlines()[1:3] == [
        "Note: One.",
        "Note: Two.",
    ]


def test_a_stream_that_was_never_loaded_is_a_doubt():
    ages = Freshness({"tickets": NOW, "alerts": None}, NOW)
    assert "Note: The first load of alerts is not complete: rows may be missing. See sync_status." in render(
        "t", ages, CALL
    )


def test_a_silent_worker_is_a_doubt():
    ages = Freshness({"tickets": NOW - timedelta(hours=3)}, NOW - timedelta(hours=3))
    assert "Note: The last sync was 3 h ago: the worker seems to be down." in render("t", ages, CALL)


def test_an_answer_that_stands_on_no_data_has_no_footer():
    assert render("hello", Freshness({}, None), CALL) == "hello"
