import asyncio
import logging
from datetime import datetime, timedelta, timezone

import httpx
import pytest

from helpdesk_mcp.atera import AteraClient, errors, join_path
from helpdesk_mcp.atera.stats import path_template

pytestmark = pytest.mark.anyio

BASE_URL = "https://atera.example/api/v3"
TOKEN = "0123456789abcdef0123456789abcdef"
TICKET = f"{BASE_URL}/tickets/90412"


async def test_a_record_comes_back_as_it_is(atera, respx_mock):
    respx_mock.get(TICKET).respond(json={"TicketID": 90412})
    assert await atera.get("/tickets/90412") == {"TicketID": 90412}


async def test_a_request_says_who_asks_and_what_it_takes(atera, respx_mock):
    route = respx_mock.get(TICKET).respond(json={})
    await atera.get("tickets/90412")
    sent = route.calls.last.request.headers
    assert sent["x-api-key"] == TOKEN
    assert sent["user-agent"] == "helpdesk-mcp/0.1.0"
    assert (sent["accept"], sent["accept-encoding"]) == ("application/json", "gzip")


@pytest.mark.parametrize(
    "answer",
    [
        {"status_code": 404, "json": {"title": "Not Found"}},
        {"status_code": 404, "text": "Invalid input"},
        {"status_code": 204},
        {"status_code": 200, "text": ""},
        {"status_code": 200, "text": "null"},
    ],
)
async def test_a_missing_record_is_none_however_atera_says_it(atera, respx_mock, answer):
    respx_mock.get(TICKET).respond(**answer)
    assert await atera.get("tickets/90412") is None
    assert atera.stats.requests == 1


async def test_a_web_page_with_404_is_not_taken_for_a_missing_record(atera, respx_mock):
    respx_mock.get(TICKET).respond(404, html="<html><title>Page not found</title></html>")
    with pytest.raises(errors.BadAnswer) as caught:
        await atera.get("tickets/90412")
    assert str(caught.value) == (
        'GET tickets/90412 was answered with a web page titled "Page not found" (404), which is not how Atera says that '
        "something is missing. Check the base URL, and any proxy in between."
    )


async def test_a_bare_value_is_neither_record_nor_list(atera, respx_mock):
    respx_mock.get(TICKET).respond(json=5)
    with pytest.raises(errors.BadAnswer, match="neither a record nor a list"):
        await atera.get("tickets/90412")


async def test_query_values_are_spelled_for_atera(atera, respx_mock):
    route = respx_mock.get(url__startswith=BASE_URL).respond(json=[])
    moment = datetime(2026, 11, 22, 20, 0, 0, 999999, tzinfo=timezone(timedelta(hours=1)))
    await atera.get(
        "tickets/lastmodified", {"date": moment, "includeComments": True, "customerId": 17, "x": None}
    )
    assert dict(route.calls.last.request.url.params) == {
        "date": "2026-11-22T19:00:00Z",
        "includeComments": "true",
        "customerId": "17",
    }


async def test_a_time_without_a_zone_is_refused_as_a_query_value(atera):
    with pytest.raises(ValueError, match="A datetime without a zone was given as a query parameter"):
        await atera.get("tickets/lastmodified", {"date": datetime(2026, 11, 22)})  # noqa: DTZ001 - that is the point


async def test_names_in_a_path_are_escaped(atera, respx_mock):
    route = respx_mock.get(url__startswith=BASE_URL).respond(json=[])
    await atera.get(join_path("customvalues", "agentfield", 5150, "Disk type/size? 50%"))
    assert route.calls.last.request.url.raw_path == (
        b"/api/v3/customvalues/agentfield/5150/Disk%20type%2Fsize%3F%2050%25"
    )


@pytest.mark.parametrize(
    "path",
    ["", "tickets/../admin", "//evil.example/x", "tickets?x=1", "tickets#a", "a\\b", "a/./b", "tickets/\n"],
)
async def test_a_path_cannot_leave_the_api(atera, path):
    with pytest.raises(ValueError, match="is no path of Atera's API"):
        await atera.get(path)


@pytest.mark.parametrize(
    "base_url",
    ["app.atera.com/api/v3", "ftp://app.atera.com", "https://", "https://u:p@app.atera.com", "https://a?b=c"],
)
def test_a_base_url_that_cannot_work_is_refused_at_once(base_url):
    with pytest.raises(ValueError, match="must look like https://app.atera.com/api/v3"):
        AteraClient(base_url, TOKEN)


async def test_a_client_must_be_opened(respx_mock):
    with pytest.raises(RuntimeError, match="use it in `async with`"):
        await AteraClient(BASE_URL, TOKEN).get("account")


async def test_server_errors_are_asked_again_with_growing_delays(atera, respx_mock, time):
    answers = [httpx.Response(status) for status in (500, 502, 503, 408)] + [
        httpx.Response(200, json={"TicketID": 1})
    ]
    respx_mock.get(TICKET).mock(side_effect=answers)
    assert await atera.get("tickets/90412") == {"TicketID": 1}
    assert time.slept == [0.5, 1, 2, 4]
    assert (atera.stats.requests, atera.stats.retries, atera.stats.seconds_waiting) == (5, 4, 7.5)


async def test_after_the_last_attempt_the_reason_is_told(atera, respx_mock):
    respx_mock.get(TICKET).respond(503)
    with pytest.raises(errors.Unavailable) as caught:
        await atera.get("tickets/90412")
    assert str(caught.value) == (
        "Atera gave no usable answer to GET tickets/90412, asked 5 times in 8 seconds; the last time because "
        "Atera answered 503. Try again later."
    )


async def test_a_slow_failure_ends_with_the_budget_and_not_with_the_attempts(atera, respx_mock, time):
    def slow(_request):
        time.elapsed_s += 44
        return httpx.Response(500)

    respx_mock.get(TICKET).mock(side_effect=slow)
    with pytest.raises(errors.Unavailable, match="asked 3 times in 134 seconds"):
        await atera.get("tickets/90412")


async def test_a_429_is_obeyed_and_asked_again(atera, respx_mock, time):
    answers = [httpx.Response(429, headers={"Retry-After": "60"}), httpx.Response(200, json={"TicketID": 1})]
    respx_mock.get(TICKET).mock(side_effect=answers)
    assert await atera.get("tickets/90412") == {"TicketID": 1}
    assert time.elapsed_s == pytest.approx(60, abs=0.1)
    assert (atera.stats.throttled, atera.stats.retries) == (1, 1)
    assert atera.stats.seconds_waiting == pytest.approx(60, abs=0.1)


async def test_what_is_asked_again_is_told_as_an_event(atera, respx_mock, caplog):
    caplog.set_level(logging.INFO)
    answers = [
        httpx.Response(429, headers={"Retry-After": "60"}),
        httpx.Response(503),
        httpx.Response(200, json={}),
    ]
    respx_mock.get(TICKET).mock(side_effect=answers)
    await atera.get("tickets/90412")
    assert [record.getMessage() for record in caplog.records if record.name.startswith("helpdesk_mcp")] == [
        "atera_throttles pause_s=60.0",
        "request_repeated call='GET tickets/90412' in_s=1.0 reason='Atera answered 503'",
    ]


async def test_a_429_stops_every_other_call_too(atera, respx_mock, time):
    respx_mock.get(TICKET).mock(
        side_effect=[httpx.Response(429, headers={"Retry-After": "30"}), httpx.Response(200, json={})]
    )
    others = respx_mock.get(f"{BASE_URL}/account").respond(json={})
    throttled = asyncio.create_task(atera.get("tickets/90412"))
    await time.sleep(1)
    await atera.get("account")
    assert time.elapsed_s == pytest.approx(30, abs=0.1)
    await throttled
    assert others.call_count == 1


async def test_a_retry_after_as_a_date_is_understood(atera, respx_mock, time):
    header = {"Retry-After": "Sun, 22 Nov 2026 19:00:45 GMT"}
    respx_mock.get(TICKET).mock(
        side_effect=[httpx.Response(429, headers=header), httpx.Response(200, json={})]
    )
    await atera.get("tickets/90412")
    assert time.elapsed_s == pytest.approx(45, abs=0.1)


@pytest.mark.parametrize("header", [{}, {"Retry-After": "soon"}])
async def test_a_429_without_a_readable_retry_after_backs_off_like_any_failure(
    atera, respx_mock, time, header
):
    respx_mock.get(TICKET).mock(
        side_effect=[httpx.Response(429, headers=header), httpx.Response(200, json={})]
    )
    await atera.get("tickets/90412")
    assert time.elapsed_s == pytest.approx(0.5, abs=0.1)


async def test_a_second_long_pause_is_beyond_the_budget(atera, respx_mock):
    respx_mock.get(TICKET).respond(429, headers={"Retry-After": "60"})
    with pytest.raises(errors.Throttled) as caught:
        await atera.get("tickets/90412")
    assert str(caught.value) == (
        "Atera refused GET tickets/90412 for too many requests (429), asked 2 times in 60 seconds. It asks for a pause of "
        "60 seconds. Nothing was changed; wait, or lower the requests per minute."
    )
    assert caught.value.retry_after_s == 60


async def test_an_absurd_retry_after_holds_the_process_no_longer_than_the_budget(atera, respx_mock, time):
    answers = [httpx.Response(429, headers={"Retry-After": "864000"}), httpx.Response(200, json={})]
    respx_mock.get(TICKET).mock(side_effect=answers)
    assert await atera.get("tickets/90412") == {}
    assert time.elapsed_s == pytest.approx(90, abs=0.1)


@pytest.mark.parametrize("body", [b'\xef\xbb\xbf{"a": 1}', b'{"a": 1, "a": 1}'])
async def test_a_byte_order_mark_does_no_harm(atera, respx_mock, body):
    respx_mock.get(TICKET).respond(content=body)
    assert await atera.get("tickets/90412") == {"a": 1}


async def test_half_an_emoji_does_not_cost_the_page(atera, respx_mock):
    respx_mock.get(TICKET).respond(
        content=b'{"LastEndUserComment": "thanks \\ud83d", "TicketTitle": "\\ud83d\\ude00", "n": NaN}'
    )
    assert await atera.get("tickets/90412") == {
        "LastEndUserComment": "thanks \N{REPLACEMENT CHARACTER}",
        "TicketTitle": "\N{GRINNING FACE}",
        "n": None,
    }


async def test_a_zero_character_is_replaced_because_no_database_keeps_it(atera, respx_mock):
    respx_mock.get(TICKET).respond(
        content=rb'{"a": "x\u0000\u0000y", "b": "C:\\u0000", "c": "\\\u0000", "d": "\u0000 \ud83d"}'
    )
    assert await atera.get("tickets/90412") == {
        "a": "x\ufffd\ufffdy",
        "b": r"C:\u0000",
        "c": "\\\ufffd",
        "d": "\ufffd \ufffd",
    }


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'{"TicketID": 9041', "the answer (17 bytes) is no readable JSON"),
        (b'{"TicketTitle": "Gr\xfc\xdfe"}', "the answer (24 bytes) is no readable JSON"),
        (
            b"<!DOCTYPE html><html><head><title>Sign in to\nproxy</title>",
            'a web page titled "Sign in to proxy" came instead of JSON, perhaps from a proxy or a login in between',
        ),
        (b"[" * 100_000, "the answer (100000 bytes) is no readable JSON"),
    ],
)
async def test_a_200_that_is_no_json_is_asked_again_and_then_reported(atera, respx_mock, body, reason):
    respx_mock.get(TICKET).respond(content=body)
    with pytest.raises(errors.Unavailable) as caught:
        await atera.get("tickets/90412")
    assert f"asked 5 times in 8 seconds; the last time because {reason}. Try again later." in str(
        caught.value
    )


async def test_an_interactive_read_goes_before_a_back_fill(respx_mock, time):
    respx_mock.get(url__startswith=BASE_URL).respond(json={})
    async with AteraClient(BASE_URL, TOKEN, clock=time.clock, requests_per_minute=60, burst=1) as atera:
        back_fill = [asyncio.create_task(atera.get(f"tickets/{n}")) for n in range(1000)]
        await time.sleep(2.5)
        await atera.get("tickets/90412", urgent=True)
        assert time.elapsed_s == pytest.approx(3)
        for task in back_fill:
            task.cancel()
        await asyncio.gather(*back_fill, return_exceptions=True)


async def test_a_run_counts_its_own_requests_and_those_of_its_tasks(atera, respx_mock):
    respx_mock.get(url__startswith=BASE_URL).respond(json={"a": 1})

    async def run(count):
        with atera.counting() as counts:
            async with asyncio.TaskGroup() as group:
                for n in range(count):
                    group.create_task(atera.get(f"tickets/{n}/comments"))
        return counts

    three, two = await asyncio.gather(run(3), run(2))
    assert (three.requests, two.requests, atera.stats.requests) == (3, 2, 5)
    assert three.by_path_template == {"tickets/{id}/comments": 3}
    assert three.size_bytes == 3 * len(b'{"a":1}')


async def test_a_run_counts_nothing_of_another_client_and_nothing_after_its_end(atera, respx_mock):
    respx_mock.get(url__startswith=BASE_URL).respond(json={})
    async with AteraClient(BASE_URL, TOKEN) as other:
        with atera.counting() as counts:
            await other.get("account")
            await atera.get("account")
        await atera.get("account")
    assert (counts.requests, atera.stats.requests, other.stats.requests) == (1, 2, 1)


@pytest.mark.parametrize(
    ("path", "template"),
    [
        ("/tickets/lastmodified", "tickets/lastmodified"),
        ("tickets/90412/comments", "tickets/{id}/comments"),
        ("agents/5f0c2a0e-7d0b-4f0e-9f7b-0c2f1a9d3311/installed-patches", "agents/{guid}/installed-patches"),
        ("customvalues/agentfield/5150/Disk%20type", "customvalues/agentfield/{id}/{name}"),
        ("customvalues/agentfields/5150", "customvalues/agentfields/{id}"),
        ("agents/machine/BL-NB-014", "agents/machine/{name}"),
    ],
)
def test_a_path_template_has_no_ids(path, template):
    assert path_template(path) == template


async def test_the_key_is_in_no_log_no_repr_and_no_error(respx_mock, time, caplog):
    caplog.set_level(logging.DEBUG)
    respx_mock.get(TICKET).respond(500)
    respx_mock.put(TICKET).respond(400, json={"detail": f"bad key {TOKEN}"})
    respx_mock.post(TICKET).mock(side_effect=httpx.ReadError(f"reset while sending {TOKEN}"))
    said = []
    async with AteraClient(BASE_URL, TOKEN, clock=time.clock) as atera:
        for call in (
            atera.get("tickets/90412"),
            atera.put("tickets/90412", {}),
            atera.post("tickets/90412", {}),
        ):
            with pytest.raises(errors.AteraError) as caught:
                await call
            said += [str(caught.value), repr(caught.value)]
        said += [repr(atera), repr(atera.credentials), repr(vars(atera)), repr(atera.stats)]
    assert len(caplog.records) >= 4
    assert TOKEN not in "\n".join([*said, *(record.getMessage() for record in caplog.records)])
    assert 'Atera says: "bad key [key]".' in said[2]
