"""Counts of requests and of wrong credentials, with a clock that the test moves."""

import pytest

from helpdesk_mcp.server.limits import GUESSES, WINDOW_S, Guesses, Pace, _Newest


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def test_a_caller_has_a_minutes_worth_at_once_and_then_waits(clock):
    pace = Pace(30, clock)
    assert [pace.wait_s("jens") for _ in range(31)] == [0] * 30 + [2]


def test_what_comes_in_while_a_caller_waits_can_be_used(clock):
    pace = Pace(30, clock)
    for _ in range(30):
        pace.wait_s("jens")
    clock.now += 2
    assert [pace.wait_s("jens"), pace.wait_s("jens")] == [0, 2]


def test_a_quiet_hour_saves_up_no_more_than_a_minutes_worth(clock):
    pace = Pace(2, clock)
    pace.wait_s("jens")
    clock.now += 3600
    assert [pace.wait_s("jens") for _ in range(3)] == [0, 0, 30]


def test_one_caller_does_not_use_up_what_is_anothers(clock):
    pace = Pace(1, clock)
    assert (pace.wait_s("jens"), pace.wait_s("jens"), pace.wait_s("siân")) == (0, 60, 0)


def test_different_wrong_credentials_close_the_door_to_their_address_for_a_minute(clock):
    guesses = Guesses(clock)
    for number in range(GUESSES):
        assert guesses.wait_s("192.0.2.1") == 0
        assert guesses.wrong("192.0.2.1", f"hash {number}")
    assert (guesses.wait_s("192.0.2.1"), guesses.wait_s("192.0.2.2")) == (WINDOW_S, 0)
    clock.now += WINDOW_S
    assert guesses.wait_s("192.0.2.1") == 0


def test_the_same_wrong_credential_again_and_again_counts_once(clock):
    guesses = Guesses(clock)
    assert [guesses.wrong("192.0.2.1", "expired") for _ in range(3)] == [True, False, False]
    for _ in range(GUESSES * 2):
        guesses.wrong("192.0.2.1", "expired")
    assert guesses.wait_s("192.0.2.1") == 0


def test_memory_is_bounded_and_forgets_whoever_was_quiet_for_longest():
    kept = _Newest(most=2)
    for key in ("a", "b", "a", "c"):
        kept.put(key, key)
    assert [kept.get(key) for key in ("a", "b", "c")] == ["a", None, "c"]
