from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from helpdesk_mcp.sdk import BadInput, times

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2026-11-01", datetime(2026, 10, 31, 23, tzinfo=UTC)),
        ("2026-07-01", datetime(2026, 6, 30, 22, tzinfo=UTC)),
        ("today", datetime(2026, 11, 23, 23, tzinfo=UTC)),
        ("yesterday", datetime(2026, 11, 22, 23, tzinfo=UTC)),
        ("7d", NOW - timedelta(days=7)),
        ("2 weeks ago", NOW - timedelta(days=14)),
        ("12h", NOW - timedelta(hours=12)),
        ("2026-11-20T14:00", datetime(2026, 11, 20, 13, tzinfo=UTC)),
        ("2026-11-20T14:00Z", datetime(2026, 11, 20, 14, tzinfo=UTC)),
    ],
)
def test_moments_are_understood_in_the_zone_of_the_people(said, meant):
    assert times.moment(said, NOW, BERLIN) == meant


def test_the_end_of_a_day_keeps_all_of_it():
    assert times.moment("2026-11-01", NOW, BERLIN, end=True) == datetime(2026, 11, 1, 23, tzinfo=UTC)


@pytest.mark.parametrize("said", ["soon", "2026-13-40", "7x", "", "999999999d"])
def test_what_is_no_date_is_refused_with_examples(said):
    with pytest.raises(BadInput, match="is no date. Use 2026-11-24, .* or 7d for 7 days back"):
        times.moment(said, NOW, BERLIN)


@pytest.mark.parametrize(
    "said", ["9999y", "0001-01-01", "9999-12-31", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00"]
)
@pytest.mark.parametrize("end", [False, True])
def test_what_is_centuries_away_is_refused_with_what_can_be_meant(said, end):
    with pytest.raises(BadInput) as caught:
        times.moment(said, NOW, BERLIN, end=end)
    assert str(caught.value) == (
        f"'{said}' is too far away: use a day between 1900 and 2999, or leave it out for no limit."
    )


@pytest.mark.parametrize(
    ("at", "text"),
    [
        (datetime(2026, 11, 24, 7, 5, tzinfo=UTC), "08:05"),
        (datetime(2026, 11, 23, 22, 59, tzinfo=UTC), "23 Nov 23:59"),
        (datetime(2025, 1, 2, 12, tzinfo=UTC), "2 Jan 2025"),
        (None, ""),
    ],
)
def test_moments_are_shown_as_short_as_they_stay_clear(at, text):
    assert times.shown(at, NOW, BERLIN) == text


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (timedelta(seconds=40), "40 s"),
        (timedelta(minutes=5, seconds=59), "5 min"),
        (timedelta(hours=47), "47 h"),
        (timedelta(days=12), "12 d"),
    ],
)
def test_spans_are_told_in_their_largest_unit(length, text):
    assert times.span(length) == text


@pytest.mark.parametrize(("count", "text"), [(0, "0 min"), (45, "45 min"), (60, "1 h"), (135, "2 h 15 min")])
def test_worked_time_is_told_in_hours_and_minutes(count, text):
    assert times.minutes(count) == text
