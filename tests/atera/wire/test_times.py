from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from helpdesk_mcp.atera import wire


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("Israel Standard Time", "Asia/Jerusalem"),
        ("UTC", "UTC"),
        ("Europe/Berlin", "Europe/Berlin"),
        (" Eastern Standard Time ", "America/New_York"),
    ],
)
def test_windows_and_iana_names_are_both_zones(name, key):
    moment = datetime(2026, 11, 22, 12, tzinfo=UTC)
    assert (
        moment.astimezone(wire.account_zone(name)).utcoffset() == moment.astimezone(ZoneInfo(key)).utcoffset()
    )


@pytest.mark.parametrize(
    "name", [None, "", " ", "Middle Earth Time", "../../etc/passwd", "/etc/passwd", "(UTC+01:00) Berlin"]
)
def test_what_is_no_zone_is_none(name):
    assert wire.account_zone(name) is None


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        (datetime(2026, 11, 22, 19, 0, 59, 999999, tzinfo=UTC), "2026-11-22T20:00:59"),
        (datetime(2026, 7, 1, 23, 30, tzinfo=UTC), "2026-07-02T01:30:00"),
    ],
)
def test_account_time_is_wall_time_without_an_offset(moment, told):
    assert wire.format_account_time(moment, ZoneInfo("Europe/Berlin")) == told


def test_account_time_of_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="cannot be told in the account's zone"):
        wire.format_account_time(datetime(2026, 7, 1), ZoneInfo("Europe/Berlin"))  # noqa: DTZ001 - that is the point


def test_parse_moment_says_whether_utc_was_assumed():
    assert wire.parse_moment("2026-07-01T10:00:00") == (datetime(2026, 7, 1, 10, tzinfo=UTC), True)
    assert wire.parse_moment("2026-07-01T10:00:00Z") == (datetime(2026, 7, 1, 10, tzinfo=UTC), False)
    assert wire.parse_moment("") == (None, False)
