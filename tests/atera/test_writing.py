import asyncio

import httpx
import orjson
import pytest

from helpdesk_mcp.atera import AteraClient, RetryPolicy, WriteResult, errors

pytestmark = pytest.mark.anyio

BASE_URL = "https://atera.example/api/v3"
TOKEN = "0123456789abcdef0123456789abcdef"
COMMENTS = f"{BASE_URL}/tickets/90412/comments"


async def test_a_create_gives_the_new_id(atera, respx_mock):
    route = respx_mock.post(f"{BASE_URL}/tickets").respond(201, json={"ActionID": "90412"})
    assert await atera.post("tickets", {"TicketTitle": "Drucker füllt"}) == WriteResult("90412", 201)
    sent = route.calls.last.request
    assert sent.headers["content-type"] == "application/json"
    assert orjson.loads(sent.content) == {"TicketTitle": "Drucker füllt"}


async def test_a_write_without_an_answer_body_has_no_id(atera, respx_mock):
    respx_mock.put(f"{BASE_URL}/alerts/5").respond(204)
    respx_mock.delete(f"{BASE_URL}/alerts/5").respond(204)
    assert await atera.put("alerts/5") == WriteResult(None, 204)
    assert await atera.delete("alerts/5") == WriteResult(None, 204)
    assert "content-type" not in respx_mock.calls.last.request.headers


async def test_an_id_sent_as_a_number_is_still_a_string(atera, respx_mock):
    respx_mock.put(f"{BASE_URL}/tickets/5").respond(json={"ActionID": 5})
    assert await atera.put("tickets/5", {}) == WriteResult("5", 200)


@pytest.mark.parametrize(
    ("effect", "reason"),
    [
        (httpx.Response(500), "Atera answered 500"),
        (httpx.Response(302, headers={"location": "/login"}), "Atera answered 302, a redirect"),
        (httpx.ReadTimeout("slow"), "no whole answer came within 30 seconds"),
        (httpx.RemoteProtocolError("Server disconnected"), "the connection broke (Server disconnected)"),
        (
            httpx.Response(200, html="<title>Login</title>"),
            'a web page titled "Login" came instead of JSON, perhaps from a proxy or a login in between',
        ),
    ],
)
async def test_a_write_whose_outcome_is_lost_is_sent_once_and_must_be_read_back(
    atera, respx_mock, effect, reason
):
    route = respx_mock.post(COMMENTS).mock(side_effect=[effect])
    with pytest.raises(errors.WriteUnknown) as caught:
        await atera.post("/tickets/90412/comments", {})
    assert str(caught.value) == (
        f"Nobody knows whether Atera carried out POST tickets/90412/comments, because {reason}. "
        "Read the record back before sending it again."
    )
    assert (caught.value.method, caught.value.path) == ("POST", "tickets/90412/comments")
    assert route.call_count == 1


@pytest.mark.parametrize(
    "error", [httpx.ConnectError("refused"), httpx.ConnectTimeout("refused"), httpx.ProxyError("refused")]
)
async def test_a_write_that_never_left_surely_changed_nothing(atera, respx_mock, error):
    route = respx_mock.post(COMMENTS).mock(side_effect=error)
    with pytest.raises(errors.Unavailable) as caught:
        await atera.post("tickets/90412/comments", {})
    assert str(caught.value) == (
        "POST tickets/90412/comments was not sent, because no connection to atera.example could be made (refused). "
        "Nothing was changed; try again later."
    )
    assert route.call_count == 1


async def test_a_write_refused_for_its_rate_is_sent_again(atera, respx_mock, time):
    answers = [httpx.Response(429, headers={"Retry-After": "7"}), httpx.Response(201, json={"ActionID": "1"})]
    respx_mock.post(COMMENTS).mock(side_effect=answers)
    assert (await atera.post("tickets/90412/comments", {})).action_id == "1"
    assert time.elapsed_s == pytest.approx(7, abs=0.1)


async def test_after_a_429_a_lost_write_is_still_not_repeated(atera, respx_mock):
    route = respx_mock.post(COMMENTS).mock(side_effect=[httpx.Response(429), httpx.Response(502)])
    with pytest.raises(errors.WriteUnknown):
        await atera.post("tickets/90412/comments", {})
    assert route.call_count == 2


async def test_a_write_goes_before_a_back_fill(respx_mock, time):
    respx_mock.get(url__startswith=BASE_URL).respond(json={})
    respx_mock.post(COMMENTS).respond(201)
    async with AteraClient(BASE_URL, TOKEN, clock=time.clock, requests_per_minute=60, burst=1) as atera:
        back_fill = [asyncio.create_task(atera.get(f"tickets/{n}")) for n in range(1000)]
        await time.sleep(2.5)
        await atera.post("tickets/90412/comments", {})
        assert time.elapsed_s == pytest.approx(3)
        for task in back_fill:
            task.cancel()
        await asyncio.gather(*back_fill, return_exceptions=True)


async def test_a_person_is_not_kept_waiting_beyond_the_budget(respx_mock):
    policy = RetryPolicy(budget_s=0.05)
    async with AteraClient(BASE_URL, TOKEN, requests_per_minute=1, burst=1, policy=policy) as atera:
        respx_mock.post(COMMENTS).respond(201)
        await atera.post("tickets/90412/comments", {})
        with pytest.raises(errors.Throttled) as caught:
            await atera.post("tickets/90412/comments", {})
    assert str(caught.value) == (
        "POST tickets/90412/comments was not sent: the limit of requests to Atera left no room within 0.05 seconds. "
        "Nothing was changed; try again in a minute."
    )
    assert atera.stats.requests == 1
