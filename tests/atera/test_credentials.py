import base64
import json
from datetime import UTC, datetime

import pytest

from helpdesk_mcp.atera import Credentials, errors

LEGACY = "0123456789abcdef0123456789abcdef"


def jwt(claims):
    parts = ({"alg": "HS256"}, claims, {})
    return ".".join(
        base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts
    )


def test_a_short_key_goes_into_the_api_key_header():
    assert Credentials.of(LEGACY).headers() == {"X-API-KEY": LEGACY}


@pytest.mark.parametrize("token", ["a.b.c", "x" * 101])
def test_a_key_with_two_dots_or_more_than_100_characters_is_sent_as_bearer(token):
    assert Credentials.of(token).headers() == {"Authorization": f"Bearer {token}"}


def test_a_key_of_100_characters_is_still_static():
    assert Credentials.of("x" * 100).scheme == "x-api-key"


def test_the_scheme_can_be_forced():
    assert Credentials.of(LEGACY, "bearer").headers() == {"Authorization": f"Bearer {LEGACY}"}
    assert Credentials.of("a.b.c", "x-api-key").headers() == {"X-API-KEY": "a.b.c"}


def test_blanks_around_a_pasted_key_are_dropped():
    assert Credentials.of(f"  {LEGACY}\r\n").token == LEGACY


def test_an_empty_key_says_where_to_make_one():
    with pytest.raises(errors.BadCredentials) as caught:
        Credentials.of("  ")
    assert str(caught.value) == (
        "No Atera key is set. Make a key in Atera under Admin > Data management > API, and set it as the Atera key."
    )


@pytest.mark.parametrize("token", ["secret\nkey", "secret kéy", "secret key"])
def test_a_key_that_no_header_can_carry_is_refused_without_showing_it(token):
    with pytest.raises(errors.BadCredentials, match="it was not copied whole") as caught:
        Credentials.of(token)
    assert "secret" not in str(caught.value)


def test_a_jwt_tells_when_it_ends():
    assert Credentials.of(jwt({"exp": 1795000000})).expires_at() == datetime(
        2026, 11, 18, 11, 6, 40, tzinfo=UTC
    )


@pytest.mark.parametrize(
    "token",
    [LEGACY, "a.b.c", jwt({}), jwt({"exp": "soon"}), jwt({"exp": None}), jwt({"exp": 1e40}), jwt([1])],
)
def test_a_key_that_tells_no_end_has_none(token):
    assert Credentials.of(token).expires_at() is None


def test_the_repr_never_shows_the_key():
    assert repr(Credentials.of(LEGACY)) == "Credentials(scheme='x-api-key')"


def test_an_expired_jwt_is_named_as_the_reason_of_a_refusal():
    refusal = Credentials.of(jwt({"exp": 1795000000})).refusal(datetime(2026, 11, 22, tzinfo=UTC))
    assert str(refusal) == (
        "Atera refused the key (401): it expired on 2026-11-18 11:06 UTC. "
        "Make a key in Atera under Admin > Data management > API, and set it as the Atera key."
    )
    assert refusal.expired_at == datetime(2026, 11, 18, 11, 6, 40, tzinfo=UTC)


def test_a_jwt_that_should_be_good_says_until_when():
    refusal = Credentials.of(jwt({"exp": 1795000000})).refusal(datetime(2026, 11, 1, tzinfo=UTC))
    assert "may not be sent as a bearer token. By its own date it is good until 2026-11-18." in str(refusal)
