"""The doors of a server over real HTTP: names, pages, tokens, guesses, pace and size."""

import asyncio

import pytest
from mcp import MCPError
from sqlalchemy import text as sql

from helpdesk_mcp.sdk import Caller
from helpdesk_mcp.server.doors import Doors
from helpdesk_mcp.server.limits import GUESSES
from helpdesk_mcp.server.tokens import HelpdeskTokens
from helpdesk_mcp.store import tokens
from helpdesk_mcp.store.engines import StoreUnavailable, write_engine

from .serving import ACCEPT, HELLO, PING, browser, client, make_desk, new_token, serving, serving_tokens, text

pytestmark = pytest.mark.anyio
EVERYBODY = Caller(person="local", engineer="Jens")


@pytest.fixture
async def owner(shared_database_url):
    engine = write_engine(shared_database_url)
    async with engine.begin() as connection:
        await connection.execute(sql("TRUNCATE helpdesk.token"))
    yield engine
    await engine.dispose()


def sentence(answer):
    return answer.json()["error"]["message"]


async def test_without_sign_in_every_caller_is_the_configured_engineer():
    async with serving(make_desk(local=EVERYBODY), Doors()) as address, client(address) as opened:
        assert text(await opened.call_tool("whoami", {})) == "local | Jens | reach read write"


@pytest.mark.parametrize("path", ["/mcp", "/metrics"])
async def test_a_foreign_name_is_refused_on_every_route(path):
    async with serving(make_desk(local=EVERYBODY), Doors()) as address, browser(host="evil.example") as http:
        answer = await http.get(address.replace("/mcp", path))
    assert answer.status_code == 421
    assert sentence(answer) == (
        "This server is not called by the name in that address. Whoever runs it can add the name to HELPDESK_HTTP_HOSTS."
    )


@pytest.mark.parametrize(
    "host", ["Helpdesk.Example.com", "helpdesk.example.com:443", "localhost:1", "[::1]:8765"]
)
async def test_names_that_are_allowed_are_taken_with_any_port(host):
    doors = Doors(hosts=("helpdesk.example.com",))
    async with serving(make_desk(local=EVERYBODY), doors) as address, browser(host=host, **ACCEPT) as http:
        assert (await http.post(address, json=HELLO)).status_code == 200


async def test_bound_to_one_address_a_server_is_called_by_it(monkeypatch):
    monkeypatch.setattr("socket.gethostname", lambda: "box")
    for bound, called, status in (
        ("192.0.2.7", "192.0.2.7:8765", 200),
        ("192.0.2.7", "box:8765", 421),
        ("0.0.0.0", "box:8765", 200),  # noqa: S104 - a name, not bound
        ("0.0.0.0", "192.0.2.7:8765", 421),  # noqa: S104 - the same
        ("2001:db8::7", "[2001:db8::7]:8765", 200),
    ):
        async with (
            serving(make_desk(local=EVERYBODY), Doors(), host=bound) as address,
            browser(host=called, **ACCEPT) as http,
        ):
            assert (await http.post(address, json=HELLO)).status_code == status, (bound, called)


@pytest.mark.parametrize("path", ["/mcp", "/metrics"])
async def test_a_web_page_of_a_foreign_origin_is_refused_on_every_route(path):
    async with (
        serving(make_desk(local=EVERYBODY), Doors()) as address,
        browser(origin="https://evil.example") as http,
    ):
        answer = await http.get(address.replace("/mcp", path))
    assert answer.status_code == 403
    assert sentence(answer) == (
        "Web pages of that origin may not call this server. Whoever runs it can add it to HELPDESK_HTTP_ORIGINS."
    )


async def test_a_web_page_of_an_allowed_origin_may_ask_first_and_then_call():
    page = "https://chat.example.com"
    async with (
        serving(make_desk(local=EVERYBODY), Doors(origins=(page,))) as address,
        browser(origin=page, **ACCEPT) as http,
    ):
        wish = {"access-control-request-method": "POST", "access-control-request-headers": "authorization"}
        asked = await http.options(address, headers=wish)
        called = await http.post(address, json=HELLO)
    assert (asked.status_code, asked.headers["access-control-allow-origin"]) == (200, page)
    assert "authorization" in asked.headers["access-control-allow-headers"].lower()
    assert (called.status_code, called.headers["access-control-allow-origin"]) == (200, page)
    assert "mcp-session-id" in called.headers["access-control-expose-headers"].lower()


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_a_token_says_who_asks_and_what_they_may(shared_database_url, owner, mode):
    token = await new_token(owner, "jens-laptop", engineer="Jens@example.com", scopes=("write",))
    nobody = await new_token(owner, "prometheus")
    async with serving_tokens(shared_database_url) as address:
        async with client(address, token, mode) as opened:
            assert (
                text(await opened.call_tool("whoami", {}))
                == "jens@example.com | Jens@example.com | read write"
            )
            assert "tell" not in [tool.name for tool in (await opened.list_tools()).tools]
        async with client(address, nobody, mode) as opened:
            assert text(await opened.call_tool("whoami", {})) == "token prometheus | None | read"
            assert "Who is asking is not known" in text(await opened.call_tool("my_tickets", {}))


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "Bearer",
        "Bearer wrong",
        "Basic amVuczpwYXNz",
        # Named, as processes that share the tests must know each by the same name.
        pytest.param(f"Bearer {tokens.new_secret()}", id="a token of nobody"),
    ],
)
async def test_whoever_has_no_token_that_holds_is_told_to_sign_in(shared_database_url, owner, authorization):
    headers = {} if authorization is None else {"authorization": authorization}
    async with serving_tokens(shared_database_url) as address, browser(**headers, **ACCEPT) as http:
        answer = await http.post(address, json=PING)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith('Bearer error="invalid_token"')


async def test_a_session_belongs_to_the_token_that_opened_it(shared_database_url, owner):
    jens, other = [await new_token(owner, name, engineer="jens@example.com") for name in ("laptop", "server")]
    async with serving_tokens(shared_database_url) as address, browser(**ACCEPT) as http:
        opened = await http.post(address, json=HELLO, headers={"authorization": f"Bearer {jens}"})
        session = {"mcp-session-id": opened.headers["mcp-session-id"], "mcp-protocol-version": "2025-11-25"}
        statuses = [
            (
                await http.post(
                    address,
                    json=PING,
                    headers={**session, "authorization": f"Bearer {token}"} if token else session,
                )
            ).status_code
            for token in (jens, other, None, jens)
        ]
        ended = await http.delete(address, headers={**session, "authorization": f"Bearer {other}"})
    assert statuses == [200, 404, 401, 200]
    assert ended.status_code == 404


async def test_guessing_tokens_closes_the_door_for_the_address(shared_database_url, owner):
    async with serving_tokens(shared_database_url) as address, browser(**ACCEPT) as http:
        statuses = []
        for _ in range(GUESSES + 1):
            guess = {"authorization": f"Bearer {tokens.new_secret()}"}
            answer = await http.post(address, json=PING, headers=guess)
            statuses.append(answer.status_code)
    assert statuses == [401] * GUESSES + [429]
    wait = int(answer.headers["retry-after"])
    assert 0 < wait <= 60
    assert sentence(answer) == f"Too many wrong credentials came from 127.0.0.1: try again in {wait} seconds."


async def test_a_forgotten_client_with_one_dead_token_does_not_lock_out_its_neighbours(
    shared_database_url, owner
):
    token, dead = await new_token(owner, "good"), tokens.new_secret()
    async with serving_tokens(shared_database_url) as address, browser(**ACCEPT) as http:
        for _ in range(GUESSES + 1):
            await http.post(address, json=PING, headers={"authorization": f"Bearer {dead}"})
        answer = await http.post(address, json=HELLO, headers={"authorization": f"Bearer {token}"})
    assert answer.status_code == 200


async def test_a_caller_who_asks_too_fast_is_told_when_to_come_back(shared_database_url, owner):
    fast, calm = await new_token(owner, "fast"), await new_token(owner, "calm")
    async with (
        serving_tokens(shared_database_url, requests_per_minute=2) as address,
        browser(**ACCEPT) as http,
    ):
        answers = [
            await http.post(address, json=HELLO, headers={"authorization": f"Bearer {token}"})
            for token in (fast, fast, fast, calm)
        ]
    assert [answer.status_code for answer in answers] == [200, 200, 429, 200]
    assert answers[2].headers["retry-after"] == "30"
    assert sentence(answers[2]) == "You have made more than 2 requests in a minute: try again in 30 seconds."


async def test_a_client_shows_the_sentence_of_a_refusal(shared_database_url, owner):
    token = await new_token(owner, "fast")
    async with (
        serving_tokens(shared_database_url, requests_per_minute=4) as address,
        client(address, token) as opened,
    ):
        several = [opened.call_tool("whoami", {}) for _ in range(5)]
        refused = [
            str(one)
            for one in await asyncio.gather(*several, return_exceptions=True)
            if isinstance(one, MCPError)
        ]
    assert refused
    assert refused[0].startswith("You have made more than 4 requests in a minute: try again in ")


@pytest.mark.parametrize("declared", [True, False])
async def test_a_request_that_is_too_long_is_refused(shared_database_url, owner, declared):
    async def pieces():
        for _ in range(3):
            yield b"x" * 1024

    token = await new_token(owner, "chatty")
    headers = {"content-type": "application/json"}
    async with (
        serving_tokens(shared_database_url, body_limit=2048) as address,
        browser(token, **ACCEPT, **headers) as http,
    ):
        answer = await http.post(address, content=b"x" * 3072 if declared else pieces())
    assert answer.status_code == 413


async def test_metrics_are_for_this_machine_or_for_a_token(shared_database_url, owner):
    token = await new_token(owner, "prometheus")
    elsewhere = {"x-forwarded-for": "192.0.2.9"}
    through_a_proxy = {"host": "helpdesk.example.com"}
    async with serving_tokens(shared_database_url, hosts=("helpdesk.example.com",)) as address:
        page = address.replace("/mcp", "/metrics")
        async with browser() as http, browser(token) as known:
            here = await http.get(page)
            refused = [await http.get(page, headers=headers) for headers in (elsewhere, through_a_proxy)]
            allowed = [await known.get(page, headers=headers) for headers in (elsewhere, through_a_proxy)]
    assert [answer.status_code for answer in (here, *refused, *allowed)] == [200, 401, 401, 200, 200]
    assert sentence(refused[0]) == "Metrics are for this machine, and for callers with a token."
    assert refused[0].headers["www-authenticate"] == "Bearer"


async def test_while_the_database_is_away_a_token_is_neither_right_nor_wrong():
    async def away():
        raise StoreUnavailable("Postgres cannot be reached; check that it is running.")

    async with (
        serving(make_desk(), Doors(verifier=HelpdeskTokens(away))) as address,
        browser(tokens.new_secret(), **ACCEPT) as http,
    ):
        answer = await http.post(address, json=PING)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert sentence(answer) == (
        "Your token cannot be checked. Postgres cannot be reached; check that it is running."
    )


async def test_no_token_is_in_any_log(shared_database_url, owner, caplog):
    caplog.set_level("DEBUG")
    good, wrong = await new_token(owner, "good"), tokens.new_secret()
    async with serving_tokens(shared_database_url) as address:
        async with client(address, good) as opened:
            await opened.call_tool("whoami", {})
        async with browser(wrong, **ACCEPT) as http:
            await http.post(address, json=PING)
    assert "credential_refused address=127.0.0.1" in caplog.text
    ours = [
        record.getMessage() for record in caplog.records if not record.name.startswith(("httpcore", "hpack"))
    ]
    assert [line for line in ours if good[6:30] in line or wrong[6:30] in line] == []
