import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from tests import processes

from atera_simulator.seed import build_world
from atera_simulator.serve import Simulator
from helpdesk_mcp.doctor.checks import atera
from helpdesk_mcp.doctor.finding import Finding
from helpdesk_mcp.settings import load


@pytest.fixture(scope="module")
def simulator():
    with Simulator(build_world("tiny"), rate_per_minute=None) as simulator:
        yield simulator


def check(**settings):
    return list(atera.check(load({f"HELPDESK_{name.upper()}": str(v) for name, v in settings.items()})))


def jwt(ends):
    claims = base64.urlsafe_b64encode(json.dumps({"exp": ends.timestamp()}).encode()).decode().rstrip("=")
    return f"eyJhbGciOiJIUzI1NiJ9.{claims}.c2lnbmF0dXJl"


def test_a_key_that_works(simulator):
    assert check(atera_url=simulator.url, atera_token=simulator.token) == [
        Finding("Atera key", "ok", "Set; sent in the X-API-KEY header; it does not say when it ends."),
        Finding("Atera", "ok", "It answers and accepts the key; 60 tickets."),
        Finding("clock", "ok", "It agrees with Atera's."),
    ]


def test_a_key_that_is_refused(simulator):
    key, call = check(atera_url=simulator.url, atera_token="0123456789abcdef0123456789abcdef")
    assert key.level == "ok"
    assert call.level == "problem"
    assert call.text.startswith("Atera refused the key (401) and does not say why")


def test_no_key_is_told_with_what_needs_it():
    (found,) = check()
    assert found == Finding(
        "Atera key",
        "warning",
        "Not set. Questions are answered from the database without it; nothing can be changed.",
        "The worker and all changes need one: make it in Atera under Admin > Data management > API, and set HELPDESK_ATERA_TOKEN.",
    )


def test_no_key_is_needed_where_another_machine_asks_atera():
    (found,) = check(bridge_url="http://helpdesk.example/mcp")
    assert found == Finding(
        "Atera key", "ok", "Not set, and not needed: this computer asks the helpdesk server."
    )


def test_a_key_that_was_not_copied_whole():
    (found,) = check(atera_token="half a key")
    assert found.level == "problem"
    assert found.text.startswith("The Atera key holds spaces or characters that no key has")


@pytest.mark.parametrize(
    ("left", "level", "text"),
    [
        (timedelta(hours=-1), "problem", "It expired on {end:%Y-%m-%d %H:%M} UTC."),
        (
            timedelta(days=3, hours=1),
            "warning",
            "Set; sent as a bearer token; it ends on {end:%Y-%m-%d}, in 3 d.",
        ),
        (
            timedelta(days=90, hours=1),
            "ok",
            "Set; sent as a bearer token; it ends on {end:%Y-%m-%d}, in 90 d.",
        ),
    ],
)
def test_a_key_with_a_date_is_told_before_it_ends(simulator, left, level, text):
    end = datetime.now(UTC) + left
    found = check(atera_url=simulator.url, atera_token=jwt(end))[0]
    assert (found.check, found.level, found.text) == ("Atera key", level, text.format(end=end))


def test_atera_out_of_reach_is_a_problem_and_asked_once():
    url = f"http://127.0.0.1:{processes.free_port()}/api/v3"
    _, call = check(atera_url=url, atera_token="0123456789abcdef0123456789abcdef")
    assert call.level == "problem"
    assert call.text.startswith(
        "Atera gave no usable answer to GET tickets, asked once; the last time because"
    )


def test_an_address_that_is_none():
    _, call = check(atera_url="atera.com", atera_token="0123456789abcdef0123456789abcdef")
    assert (call.level, call.then) == ("problem", "Correct HELPDESK_ATERA_URL.")


@pytest.mark.parametrize(
    ("ahead", "text"),
    [
        (timedelta(minutes=7), "This machine's clock is 7 min ahead of Atera's."),
        (timedelta(hours=-1), "This machine's clock is 1 h behind Atera's."),
    ],
)
def test_a_wrong_clock_is_told_with_its_direction(ahead, text):
    found = atera._clock(ahead)
    assert (found.level, found.text) == ("warning", text)
