from datetime import UTC, datetime, timedelta

import httpx
import pytest

from helpdesk_mcp.atera import errors

pytestmark = pytest.mark.anyio

BASE_URL = "https://atera.example/api/v3"


def rows(page, count=50):
    return [{"TicketID": page * 1000 + n} for n in range(count)]


def serve(respx_mock, *envelopes):
    """Answer page n with the nth envelope."""

    def answer(request):
        return httpx.Response(200, json=envelopes[int(request.url.params["page"]) - 1])

    return respx_mock.get(url__startswith=f"{BASE_URL}/tickets").mock(side_effect=answer)


async def walk(atera, **kwargs):
    return [page async for page in atera.pages("tickets", {"ticketStatus": "Open"}, **kwargs)]


async def test_a_list_is_read_by_total_pages_fifty_at_a_time_and_never_by_next_link(
    atera, respx_mock, envelope
):
    route = serve(respx_mock, envelope(rows(1), 1, 2, 53), envelope(rows(2, 3), 2, 2, 53))
    pages = await walk(atera)
    assert [len(page.items) for page in pages] == [50, 3]
    assert [(page.page, page.total_pages, page.total_count) for page in pages] == [(1, 2, 53), (2, 2, 53)]
    assert [str(call.request.url.query, "ascii") for call in route.calls] == [
        "ticketStatus=Open&page=1&itemsInPage=50",
        "ticketStatus=Open&page=2&itemsInPage=50",
    ]


async def test_an_empty_list_is_one_empty_page(atera, respx_mock, envelope):
    serve(respx_mock, envelope([], 1, 0))
    assert [page.items for page in await walk(atera)] == [[]]


async def test_a_page_past_the_end_is_empty(atera, respx_mock, envelope):
    serve(respx_mock, None, None, envelope([], 3, 2, 53))
    page = await atera.page("tickets", page=3)
    assert (page.items, page.page, page.total_pages) == ([], 3, 2)


async def test_a_list_that_shrinks_while_it_is_read_ends_without_an_empty_page(atera, respx_mock, envelope):
    serve(respx_mock, envelope(rows(1), 1, 2, 51), envelope([], 2, 1, 50))
    assert [page.page for page in await walk(atera)] == [1]


async def test_a_list_that_grows_while_it_is_read_is_read_to_its_new_end(atera, respx_mock, envelope):
    serve(respx_mock, envelope(rows(1), 1, 2), envelope(rows(2), 2, 3), envelope(rows(3), 3, 3))
    assert [page.page for page in await walk(atera)] == [1, 2, 3]


async def test_a_list_that_grows_without_end_is_left(atera, respx_mock):
    def answer(request):
        page = int(request.url.params["page"])
        return httpx.Response(200, json={"items": rows(page, 1), "page": page, "totalPages": page + 1})

    respx_mock.get(url__startswith=BASE_URL).mock(side_effect=answer)
    with pytest.raises(errors.BadAnswer) as caught:
        await walk(atera)
    assert str(caught.value) == "tickets grew to 15 pages while it was read. The pass was not finished."


async def test_a_page_that_comes_again_under_another_number_ends_the_walk(atera, respx_mock, envelope):
    serve(respx_mock, envelope(rows(1), 1, 3), envelope(rows(2), 2, 3), envelope(rows(1), 3, 3))
    with pytest.raises(errors.BadAnswer) as caught:
        await walk(atera)
    assert str(caught.value) == (
        "Pages 1 and 3 of tickets hold the same records: Atera repeats itself. The pass was not finished."
    )


async def test_another_page_than_asked_for_ends_the_walk(atera, respx_mock, envelope):
    serve(respx_mock, envelope(rows(1), 1, 3), envelope(rows(2), 1, 3))
    with pytest.raises(errors.BadAnswer, match="Atera gave page 1 of tickets when asked for page 2"):
        await walk(atera)


async def test_an_empty_page_before_the_end_ends_the_walk(atera, respx_mock, envelope):
    serve(respx_mock, envelope(rows(1), 1, 3), envelope([], 2, 3, 150))
    with pytest.raises(errors.BadAnswer, match="Page 2 of 3 of tickets is empty"):
        await walk(atera)


async def test_a_walk_can_start_later_and_stop_sooner(atera, respx_mock, envelope):
    serve(respx_mock, *(envelope(rows(n), n, 9) for n in range(1, 10)))
    assert [page.page for page in await walk(atera, start=3, stop_after=2)] == [3, 4]


async def test_pages_are_counted_from_items_where_total_pages_is_missing(atera, respx_mock):
    answer = {"items": rows(1), "page": 1, "itemsInPage": 50, "totalItemCount": 101, "totalPages": None}
    respx_mock.get(url__startswith=BASE_URL).respond(json=answer)
    assert (await atera.page("tickets")).total_pages == 3


@pytest.mark.parametrize("answer", [{"items": []}, {"items": [], "itemsInPage": 0, "totalItemCount": 3}])
async def test_a_list_that_does_not_say_its_length_is_refused(atera, respx_mock, answer):
    respx_mock.get(url__startswith=BASE_URL).respond(json=answer)
    with pytest.raises(errors.BadAnswer, match="Atera does not say how many pages tickets has"):
        await atera.page("tickets")


@pytest.mark.parametrize("answer", [[], "tickets", {"Message": "hello"}, {"items": None}])
async def test_json_that_is_no_list_is_refused(atera, respx_mock, answer):
    respx_mock.get(url__startswith=BASE_URL).respond(json=answer)
    with pytest.raises(errors.BadAnswer) as caught:
        await atera.page("tickets")
    assert (
        str(caught.value)
        == "Atera's answer to GET tickets is no list: it has no items. Nothing of it was used."
    )


async def test_a_list_that_is_not_there_is_an_error_and_never_an_empty_list(atera, respx_mock):
    respx_mock.get(url__startswith=BASE_URL).respond(
        404, json={"title": "Not Found", "detail": "no such ticket"}
    )
    with pytest.raises(errors.NotFound) as caught:
        await atera.page("tickets/5/comments")
    assert str(caught.value) == (
        'Atera has no list at tickets/5/comments (404). Atera says: "no such ticket". '
        "Check the id in the path, or whether this account has it."
    )


async def test_an_empty_answer_to_a_list_is_asked_again(atera, respx_mock, envelope):
    answers = [httpx.Response(204), httpx.Response(200), httpx.Response(200, json=envelope(rows(1)))]
    respx_mock.get(url__startswith=BASE_URL).mock(side_effect=answers)
    assert len((await atera.page("tickets")).items) == 50
    assert atera.stats.retries == 2


async def test_the_watermark_is_ateras_clock_less_the_time_the_answer_took(atera, respx_mock, envelope, time):
    def slow(_request):
        time.elapsed_s += 3.5
        return httpx.Response(200, json=envelope([]), headers={"Date": "Sun, 22 Nov 2026 21:00:30 GMT"})

    respx_mock.get(url__startswith=BASE_URL).mock(side_effect=slow)
    page = await atera.page("tickets")
    assert page.server_date == datetime(2026, 11, 22, 21, 0, 30, tzinfo=UTC)
    assert page.requested_at == datetime(2026, 11, 22, 21, 0, 26, 500000, tzinfo=UTC)


@pytest.mark.parametrize("date", [None, "yesterday"])
async def test_without_a_date_from_atera_the_watermark_is_our_clock_before_sending(
    atera, respx_mock, envelope, time, date
):
    sent_at = time.now()

    def slow(_request):
        time.elapsed_s += 3.5
        return httpx.Response(200, json=envelope([]), headers={"Date": date} if date else {})

    respx_mock.get(url__startswith=BASE_URL).mock(side_effect=slow)
    page = await atera.page("tickets")
    assert (page.requested_at, page.server_date) == (sent_at, None)
    assert time.now() - sent_at == timedelta(seconds=3.5)


async def test_a_count_costs_one_row(atera, respx_mock, envelope):
    route = respx_mock.get(url__startswith=BASE_URL).respond(json=envelope(rows(1, 1), 1, 203, 203))
    page = await atera.page("tickets", size=1)
    assert page.total_count == 203
    assert route.calls.last.request.url.params["itemsInPage"] == "1"
    assert page.size_bytes == len(route.calls.last.response.content)
