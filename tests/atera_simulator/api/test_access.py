"""Token, rate limit, routing, compression and headers."""

from email.utils import parsedate_to_datetime

import pytest
from starlette.testclient import TestClient

from atera_simulator.api import DEFAULT_TOKEN, create_app


@pytest.fixture
def anonymous(app):
    with TestClient(app, base_url="http://atera.example/api/v3") as client:
        yield client


@pytest.mark.parametrize(
    "headers", [{}, {"X-API-KEY": "wrong"}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic x"}]
)
def test_a_missing_or_wrong_token_is_401_with_an_empty_body(anonymous, headers):
    response = anonymous.get("/account", headers=headers)

    assert response.status_code == 401
    assert response.content == b""
    assert response.headers["content-length"] == "0"
    assert "www-authenticate" not in response.headers


@pytest.mark.parametrize(
    "headers", [{"X-API-KEY": DEFAULT_TOKEN}, {"Authorization": f"Bearer {DEFAULT_TOKEN}"}]
)
def test_both_token_headers_are_accepted(anonymous, headers):
    assert anonymous.get("/account", headers=headers).json()["CompanyName"] == "Nordlicht IT GmbH"


def test_the_date_header_follows_the_simulators_clock_and_its_skew(api, faults, clock):
    assert parsedate_to_datetime(api.get("/account").headers["date"]) == clock.now

    faults.date_skew_s = -90
    skewed = parsedate_to_datetime(api.get("/account").headers["date"])
    assert (clock.now - skewed).total_seconds() == 90


def test_a_list_is_gzipped_only_when_asked(api):
    path = "/tickets"
    assert api.get(path, headers={"Accept-Encoding": "gzip"}).headers["content-encoding"] == "gzip"
    assert "content-encoding" not in api.get(path, headers={"Accept-Encoding": "identity"}).headers


def test_an_unknown_path_is_404_and_a_wrong_method_405(api):
    assert api.get("/tickets/90401/statuses").status_code == 404
    assert api.patch("/tickets/90401", json={}).status_code == 405
    assert api.delete("/account").status_code == 405


def test_calls_over_the_rate_are_429_with_whole_seconds_to_wait(world, clock):
    app = create_app(world, clock=clock, rate_per_minute=2)
    with TestClient(
        app, base_url="http://atera.example/api/v3", headers={"X-API-KEY": DEFAULT_TOKEN}
    ) as client:
        statuses = [client.get("/account").status_code for _ in range(3)]
        refused = client.get("/account")

    assert statuses == [200, 200, 429]
    assert 1 <= int(refused.headers["retry-after"]) <= 60


def test_calls_without_a_token_do_not_use_up_the_rate(world, clock):
    app = create_app(world, clock=clock, rate_per_minute=1)
    with TestClient(app, base_url="http://atera.example/api/v3") as client:
        client.get("/account")
        assert client.get("/account", headers={"X-API-KEY": DEFAULT_TOKEN}).status_code == 200


@pytest.mark.parametrize("body", [b"{", b"", b"[]", b'"text"', b"\xff"])
def test_a_body_that_is_no_json_object_is_400(api, body):
    response = api.put("/tickets/90401", content=body)

    assert response.status_code == 400
    assert response.json()["status"] == 400


def test_an_id_in_the_path_that_is_no_number_is_400(api):
    assert api.get("/tickets/abc").status_code == 400


def test_an_account_with_an_unknown_time_zone_is_refused_at_the_start(world):
    world.account["TimeZoneName"] = "Middle Earth Time"
    with pytest.raises(ValueError, match="Middle Earth Time"):
        create_app(world)


def test_an_iana_time_zone_is_taken_as_well(world):
    world.account["TimeZoneName"] = "Europe/Berlin"
    assert create_app(world).state.service.zone.key == "Europe/Berlin"
