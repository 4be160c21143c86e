"""Rules that spoil single calls, over real HTTP where the connection matters."""

import time
from datetime import timedelta
from email.utils import parsedate_to_datetime

import httpx
import orjson
import pytest

from atera_simulator.faults import Fault
from atera_simulator.serve import Simulator

NEW = {"TicketTitle": "No sound", "Description": "Since today", "EndUserID": 2304}


@pytest.fixture
def simulator(world, faults, clock):
    with Simulator(world, faults=faults, clock=clock, rate_per_minute=None) as running:
        yield running


@pytest.fixture
def client(simulator):
    headers = {"X-API-KEY": simulator.token}
    with httpx.Client(base_url=simulator.url, headers=headers, trust_env=False, timeout=0.3) as client:
        yield client


def statuses(api, path, calls):
    return [api.get(path).status_code for _ in range(calls)]


def test_every_third_call_fails_with_a_status(api, faults):
    faults.rules = [Fault("status", every=3, value=503)]
    assert statuses(api, "/account", 6) == [200, 200, 503, 200, 200, 503]


def test_a_rule_meets_only_its_path_and_method(api, faults):
    faults.rules = [Fault("status", path_prefix="/tickets", method="put")]
    assert statuses(api, "/account", 1) + statuses(api, "/tickets", 1) == [200, 200]
    assert api.put("/tickets/90401", json={"TicketStatus": "Closed"}).status_code == 500
    assert api.get("/tickets/90401").json()["TicketStatus"] == "Open"


def test_a_storm_of_429_ends_after_its_calls(api, faults):
    faults.rules = [Fault("throttle", times=2, value=7)]
    assert statuses(api, "/account", 3) == [429, 429, 200]
    faults.rules = [Fault("throttle", value=7)]
    assert api.get("/account").headers["retry-after"] == "7"


def test_a_429_can_ask_for_a_date_or_for_nothing(api, faults, clock):
    faults.rules = [Fault("throttle-date", value=90)]
    asked = parsedate_to_datetime(api.get("/account").headers["retry-after"])
    assert asked == (clock.now + timedelta(seconds=90)).replace(microsecond=0)
    faults.rules = [Fault("throttle-bare")]
    bare = api.get("/account")
    assert (bare.status_code, bare.headers.get("retry-after")) == (429, None)


def test_a_key_can_expire_after_some_calls(api, faults):
    faults.rules = [Fault("unauthorized", after=2)]
    assert statuses(api, "/account", 4) == [200, 200, 401, 401]


def test_a_slow_answer_still_comes(client, faults):
    faults.rules = [Fault("slow", value=0.1)]
    start = time.monotonic()
    assert client.get("/account").status_code == 200
    assert time.monotonic() - start >= 0.1


@pytest.mark.parametrize("kind", ["hang", "reset"])
def test_a_call_that_hangs_or_is_reset_changes_nothing(client, simulator, faults, kind):
    faults.rules = [Fault(kind, times=1)]
    expected = httpx.ReadTimeout if kind == "hang" else httpx.TransportError
    with pytest.raises(expected):
        client.post("/tickets", json=NEW)
    with simulator.changing() as world:
        assert len(world.tickets) == 3
    assert client.get("/account").status_code == 200


@pytest.mark.parametrize("kind", ["hang-after-commit", "reset-after-commit"])
def test_a_write_can_be_carried_out_without_an_answer(client, faults, kind):
    faults.rules = [Fault(kind, times=1)]
    assert client.get("/account").status_code == 200
    expected = httpx.ReadTimeout if kind == "hang-after-commit" else httpx.TransportError
    with pytest.raises(expected):
        client.post("/tickets", json=NEW)
    assert client.get("/tickets/90404").json()["TicketTitle"] == "No sound"


def test_a_reset_is_seen_as_a_broken_connection(client, faults):
    faults.rules = [Fault("reset")]
    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
        client.get("/account")


@pytest.mark.parametrize("kind", ["truncated", "malformed", "html"])
def test_a_body_can_be_no_json(api, faults, kind):
    faults.rules = [Fault(kind)]
    response = api.get("/tickets")

    assert response.status_code == 200
    with pytest.raises(orjson.JSONDecodeError):
        orjson.loads(response.content)
    assert response.headers["content-type"].startswith("text/html" if kind == "html" else "application/json")


def test_a_body_can_hold_bad_utf8(api, faults):
    faults.rules = [Fault("bad-utf8")]
    with pytest.raises(UnicodeDecodeError):
        api.get("/tickets").content.decode("utf-8")


def test_records_can_have_a_field_more_or_less_or_of_a_wrong_type(api, faults):
    faults.rules = [
        Fault("extra-field"),
        Fault("missing-field", value="TicketTitle"),
        Fault("wrong-type", value="TicketID"),
    ]
    first, second, third = api.get("/tickets").json()["items"]

    assert all("BrandNewField" in row and "TicketTitle" not in row for row in (first, second, third))
    assert (first["TicketID"], second["TicketID"]) == (["unexpected"], 90402)


def test_a_row_can_come_twice_across_pages(api, faults):
    faults.rules = [Fault("duplicate-row")]
    pages = [api.get(f"/tickets?itemsInPage=2&page={number}").json() for number in (1, 2)]
    assert [[row["TicketID"] for row in page["items"]] for page in pages] == [[90403, 90402], [90402, 90401]]


def test_dates_can_lack_a_zone_on_chosen_paths(api, faults):
    faults.naive_dates = ("/tickets/lastmodified", "/alerts")
    assert api.get("/alerts/771201").json()["Created"] == "2026-11-22T08:00:00.0000001"
    assert api.get("/tickets/90401").json()["TicketCreatedDate"] == "2026-11-19T10:00:00Z"


def test_switches_are_set_and_cleared_over_http_without_a_token(client, simulator, faults):
    control = simulator.root_url + "/_simulator"
    wanted = {"null_links": True, "rules": [{"kind": "status", "times": 1, "value": 502}]}
    answer = httpx.post(control + "/faults", json=wanted, trust_env=False).json()

    assert (answer["null_links"], answer["rules"][0]["value"]) == (True, 502)
    assert client.get("/account").status_code == 502
    assert client.get("/tickets").json()["nextLink"] is None
    assert httpx.delete(control + "/faults", trust_env=False).status_code == 204
    assert (faults.null_links, faults.rules) == (False, [])


@pytest.mark.parametrize(
    ("wanted", "named"),
    [
        (b'{"speed": 9}', "speed"),
        (b'{"rules": [{"kind": "fire"}]}', "fire"),
        (b'{"rules": [{"knd": "html"}]}', "knd"),
        (b'{"null_links": "yes"}', "null_links"),
        (b"nonsense", ""),
    ],
)
def test_a_switch_that_does_not_exist_is_400_and_changes_nothing(client, simulator, faults, wanted, named):
    response = httpx.post(simulator.root_url + "/_simulator/faults", content=wanted, trust_env=False)

    assert response.status_code == 400
    assert named in response.json()["detail"]
    assert faults.rules == []


def test_calls_are_counted_per_route_and_method(client, simulator):
    client.get("/tickets/90401")
    client.get("/tickets/90402")
    client.get("/tickets/lastmodified")
    client.put("/tickets/90401", json={})
    client.get("/nowhere")

    state = httpx.get(simulator.root_url + "/_simulator/state", trust_env=False).json()
    assert state["requests"] == simulator.requests
    assert state["requests"] == {
        "GET /tickets/{ticketId}": 2,
        "GET /tickets/lastmodified": 1,
        "PUT /tickets/{ticketId}": 1,
        "GET (no route)": 1,
    }
    assert state["statuses"] == {"200": 4, "404": 1}
    assert (state["records"]["tickets"], state["records"]["comments"]) == (3, 3)
    httpx.post(simulator.root_url + "/_simulator/reset-counters", trust_env=False)
    assert simulator.requests == {}
