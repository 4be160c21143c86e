"""JWTs of an identity provider, which is a real one on loopback; its clock is ours, and the test moves the server's."""

import base64
import json
import time

import jwt
import pytest

from helpdesk_mcp.sdk import Caller
from helpdesk_mcp.server.doors import Doors
from helpdesk_mcp.server.identity import Uncheckable
from helpdesk_mcp.server.oidc import LEEWAY_S, Claims, EitherTokens, ProviderTokens
from helpdesk_mcp.server.provider_keys import KEPT_S, PAUSE_S, STALE_S, ProviderKeys
from helpdesk_mcp.server.tokens import HelpdeskTokens

from .provider import AUDIENCE, CURVE, SECOND, STRANGER, providing
from .serving import ACCEPT, PING, browser, client, make_desk, no_engine, serving, text

pytestmark = pytest.mark.anyio
AWAY = "Your sign-in cannot be checked: the identity provider does not answer. Try again in a minute."


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture(scope="module")
async def running_provider():
    async with providing() as one:
        yield one


@pytest.fixture
def provider(running_provider):
    running_provider.reset()
    return running_provider


@pytest.fixture
def verifier(provider, clock):
    return ProviderTokens(claims(provider), ProviderKeys(provider.issuer, clock))


def claims(provider, **changes):
    options = {
        "issuer": provider.issuer,
        "audiences": (AUDIENCE, "client-id"),
        "grants": {
            "read": ("helpdesk.read",),
            "write": ("helpdesk.write", "admins"),
            "reach": ("helpdesk.reach",),
        },
    }
    return Claims(**{**options, **changes})


def unsigned(provider, **header):
    """A token of the provider's words without a signature."""
    parts = provider.token().split(".")
    return f"{packed({'alg': 'none', 'typ': 'JWT', **header})}.{parts[1]}."


def packed(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


async def test_a_token_of_the_provider_says_who_asks_and_what_they_may(provider, verifier):
    token = provider.token(azp="desktop")
    found = await verifier.verify_token(token)
    assert found.caller == Caller(
        person=f"jens@example.com ({provider.issuer} subject-1)",
        engineer="jens@example.com",
        scopes=frozenset({"read", "write"}),
    )
    assert (found.client_id, found.subject, found.claims) == (
        "desktop",
        "subject-1",
        {"iss": provider.issuer},
    )
    assert token not in repr(found)


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://evil.example"},
        {"iss": None},
        {"aud": "api://payroll"},
        {"aud": None},
        {"exp": time.time() - LEEWAY_S - 5},
        {"exp": None},
        {"nbf": time.time() + 3600},
        {"sub": None},
        {"private": STRANGER},
        {"key": "unheard-of", "private": STRANGER},
    ],
    ids=" ".join,
)
async def test_a_token_with_a_flaw_is_refused(provider, verifier, changed):
    assert await verifier.verify_token(provider.token()) is not None
    assert await verifier.verify_token(provider.token(**changed)) is None


@pytest.mark.parametrize("header", [{}, {"kid": "first"}, {"kid": "first", "alg": "None"}])
async def test_a_token_without_signature_is_refused(provider, verifier, header):
    assert await verifier.verify_token(unsigned(provider, **header)) is None


async def test_a_public_key_used_as_a_shared_secret_is_refused(provider, verifier):
    secret = b"what everybody can fetch, long enough for the library to sign with"
    shared = {"kty": "oct", "kid": "shared", "alg": "HS256", "k": base64.urlsafe_b64encode(secret).decode()}
    provider.more_keys.append(shared)
    forged = jwt.encode({"iss": provider.issuer}, secret, algorithm="HS256", headers={"kid": "shared"})
    assert await verifier.verify_token(forged) is None
    assert await verifier.verify_token(provider.token("shared", private=STRANGER)) is None


async def test_a_key_that_is_not_for_signing_or_of_an_unknown_kind_is_passed_over(provider, verifier):
    provider.more_keys += [
        {"kty": "EC", "crv": "P-9", "kid": "odd"},
        {"kty": "RSA", "use": "enc", "kid": "enc"},
    ]
    assert await verifier.verify_token(provider.token()) is not None


@pytest.mark.parametrize("garbage", ["", "x", "a.b.c", "..", "eyJ.eyJ.eyJ", "ü.ü.ü", "a." * 5000])
async def test_garbage_is_refused(verifier, garbage):
    assert await verifier.verify_token(garbage) is None


async def test_a_clock_that_is_a_little_off_is_forgiven(provider, verifier):
    for late in ({"exp": time.time() - LEEWAY_S / 2}, {"iat": time.time() + LEEWAY_S / 2}):
        assert await verifier.verify_token(provider.token(**late)) is not None


async def test_elliptic_keys_and_tokens_without_key_id_are_taken(provider, verifier):
    provider.keys = {"curve": CURVE}
    assert await verifier.verify_token(provider.token("curve", "ES256")) is not None
    assert await verifier.verify_token(provider.token(None, "ES256", private=CURVE)) is not None


async def test_keys_are_fetched_once_and_again_when_a_new_one_shows_up(provider, verifier, clock):
    for _ in range(3):
        await verifier.verify_token(provider.token())
    assert provider.fetches == 1
    provider.keys = {"first": provider.keys["first"], "second": SECOND}
    clock.now += PAUSE_S
    assert await verifier.verify_token(provider.token("second")) is not None
    assert provider.fetches == 2


async def test_made_up_key_ids_do_not_become_requests_to_the_provider(provider, verifier, clock):
    await verifier.verify_token(provider.token())
    clock.now += PAUSE_S
    for number in range(5):
        assert await verifier.verify_token(provider.token(f"made up {number}", private=STRANGER)) is None
    assert provider.fetches == 2


async def test_a_key_that_the_provider_drops_is_believed_for_an_hour_at_most(provider, verifier, clock):
    old = provider.token()
    assert await verifier.verify_token(old) is not None
    provider.keys = {"second": SECOND}
    clock.now += KEPT_S - 1
    assert await verifier.verify_token(old) is not None
    clock.now += 2
    assert await verifier.verify_token(old) is None


async def test_while_the_provider_is_down_its_known_keys_hold_for_a_day(provider, verifier, clock, caplog):
    token = provider.token()
    await verifier.verify_token(token)
    provider.status = 503
    clock.now += KEPT_S + 1
    assert await verifier.verify_token(token) is not None
    assert "provider_keys_not_fetched" in caplog.text
    clock.now += STALE_S
    with pytest.raises(Uncheckable, match=AWAY):
        await verifier.verify_token(token)
    provider.status = 200
    clock.now += PAUSE_S
    assert await verifier.verify_token(token) is not None


async def test_a_provider_that_never_answered_leaves_tokens_unchecked(provider, clock):
    token, nowhere = provider.token(), provider.issuer.replace("127.0.0.1", "127.0.0.2")
    verifier = ProviderTokens(claims(provider), ProviderKeys(nowhere, clock))
    with pytest.raises(Uncheckable, match=AWAY):
        await verifier.verify_token(token)


@pytest.mark.parametrize("wrong", ["issuer", "no keys"])
async def test_a_provider_that_says_something_odd_is_not_believed(provider, verifier, wrong, caplog):
    if wrong == "issuer":
        provider.calls_itself = "https://evil.example"
    else:
        provider.keys = {}
    with pytest.raises(Uncheckable, match=AWAY):
        await verifier.verify_token(provider.token(private=STRANGER))
    told = {"issuer": "it calls itself https://evil.example", "no keys": "it names no key that can be used"}
    assert told[wrong] in caplog.text


@pytest.mark.parametrize(
    ("said", "scopes"),
    [
        ({"roles": ["helpdesk.read"]}, {"read"}),
        ({"roles": ["HELPDESK.REACH"]}, {"read", "write", "reach"}),
        ({"roles": None, "scp": "openid helpdesk.write"}, {"read", "write"}),
        ({"roles": None, "scope": "admins"}, {"read", "write"}),
        ({"roles": ["other"], "scp": "openid"}, set()),
        ({"roles": {"helpdesk.read": True}}, set()),
        ({"roles": None, "groups": ["helpdesk.read"]}, set()),
    ],
)
async def test_roles_and_scopes_of_the_provider_become_ours(provider, verifier, said, scopes):
    assert (await verifier.verify_token(provider.token(**said))).caller.scopes == scopes


@pytest.mark.parametrize(
    ("said", "engineer"),
    [
        ({"email": "a@example.com", "preferred_username": "b@example.com"}, "a@example.com"),
        ({"email": None, "preferred_username": "b@example.com"}, "b@example.com"),
        ({"email": "a@example.com", "email_verified": False}, None),
        ({"email": "a@example.com", "email_verified": True}, "a@example.com"),
        ({"email": ["a@example.com"]}, None),
        ({"email": " "}, None),
    ],
)
async def test_the_engineer_is_the_first_claim_that_can_be_believed(provider, verifier, said, engineer):
    caller = (await verifier.verify_token(provider.token(**said))).caller
    assert caller.engineer == engineer
    assert caller.person == f"{engineer or 'somebody'} ({provider.issuer} subject-1)"


async def test_other_claims_can_be_named(provider, clock):
    named = claims(provider, engineer=("upn",), roles=("groups",))
    verifier = ProviderTokens(named, ProviderKeys(provider.issuer, clock))
    found = await verifier.verify_token(provider.token(upn="jens", groups=["admins"]))
    assert (found.caller.engineer, found.caller.scopes) == ("jens", {"read", "write"})


async def test_the_reason_of_a_refusal_is_logged_without_the_token(provider, verifier, caplog):
    caplog.set_level("INFO", "helpdesk_mcp")
    token = provider.token(aud="api://payroll")
    await verifier.verify_token(token)
    assert "jwt_refused reason=InvalidAudienceError" in caplog.text
    assert token.rsplit(".", 1)[1] not in caplog.text


@pytest.fixture
async def address(verifier, provider):
    doors = Doors(
        verifier=EitherTokens(HelpdeskTokens(no_engine), verifier),
        issuer=provider.issuer,
        url="https://helpdesk.example.com/mcp",
    )
    async with serving(make_desk(), doors) as one:
        yield one


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_over_http_the_person_of_a_jwt_asks(address, provider, mode):
    async with client(address, provider.token(), mode) as opened:
        told = text(await opened.call_tool("whoami", {}))
    assert told == f"jens@example.com ({provider.issuer} subject-1) | jens@example.com | read write"


async def test_a_client_without_token_is_shown_where_to_get_one(address, provider):
    metadata = "https://helpdesk.example.com/.well-known/oauth-protected-resource/mcp"
    async with browser(**ACCEPT) as http:
        answer = await http.post(address, json=PING)
        about = await http.get(address.replace("/mcp", "/.well-known/oauth-protected-resource/mcp"))
    assert answer.status_code == 401
    assert f'resource_metadata="{metadata}"' in answer.headers["www-authenticate"]
    assert about.json()["resource"] == "https://helpdesk.example.com/mcp"
    assert about.json()["authorization_servers"] == [provider.issuer]


async def test_a_person_without_any_role_is_known_and_not_let_in(address, provider):
    async with browser(provider.token(roles=[]), **ACCEPT) as http:
        answer = await http.post(address, json=PING)
    assert answer.status_code == 403
    assert 'error="insufficient_scope"' in answer.headers["www-authenticate"]


async def test_over_http_a_token_that_cannot_be_checked_is_answered_with_503(address, provider):
    provider.status = 500
    async with browser(provider.token(), **ACCEPT) as http:
        answer = await http.post(address, json=PING)
    assert (answer.status_code, answer.json()["error"]["message"]) == (503, AWAY)


async def test_a_token_of_ours_is_not_shown_to_the_provider(provider, clock):
    ours = HelpdeskTokens(no_engine)
    verifier = EitherTokens(ours, ProviderTokens(claims(provider), ProviderKeys(provider.issuer, clock)))
    assert await verifier.verify_token("hdmcp_wrong") is None
    assert provider.fetches == 0
