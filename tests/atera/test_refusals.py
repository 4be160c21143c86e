import pytest

from helpdesk_mcp.atera import errors

pytestmark = pytest.mark.anyio

BASE_URL = "https://atera.example/api/v3"


async def refused(atera, respx_mock, kind, method="PUT", path="tickets/90412", **answer):
    respx_mock.route(method=method, url=f"{BASE_URL}/{path}").respond(**answer)
    with pytest.raises(kind) as caught:
        await (
            atera.get(path)
            if method == "GET"
            else atera.delete(path)
            if method == "DELETE"
            else atera.put(path, {})
        )
    assert atera.stats.requests == 1
    return caught.value


async def test_a_401_says_what_may_be_wrong_with_the_key(atera, respx_mock):
    error = await refused(atera, respx_mock, errors.BadCredentials, "GET", status_code=401)
    assert str(error) == (
        "Atera refused the key (401) and does not say why: it is wrong, expired or revoked, or this key may not be sent in "
        "the X-API-KEY header. Make a key in Atera under Admin > Data management > API, and set it as the Atera key."
    )


@pytest.mark.parametrize(
    ("method", "path", "wanted"),
    [
        ("GET", "tickets/90412/comments", "Read on Tickets"),
        ("PUT", "alerts/5", "Write on Alerts"),
        ("DELETE", "contacts/7", "Delete on Contacts"),
        ("GET", "knowledgebases", "Read on KnowledgeBase"),
        ("GET", "account", "this"),
    ],
)
async def test_a_403_names_the_permission_that_is_missing(atera, respx_mock, method, path, wanted):
    error = await refused(atera, respx_mock, errors.Forbidden, method, path, status_code=403)
    assert str(error) == (
        f"Atera does not allow {method} {path} with this key (403). Give the key {wanted} in Atera under "
        "Admin > Data management > API, and check its list of allowed addresses."
    )


async def test_a_403_of_a_firewall_shows_its_title(atera, respx_mock):
    page = "<html><head><title>Attention Required! | Cloudflare</title>"
    error = await refused(atera, respx_mock, errors.Forbidden, status_code=403, html=page)
    assert 'It answered: "a web page titled "Attention Required! | Cloudflare"".' in str(error)
    assert error.domain == "Tickets"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (
            {
                "json": {
                    "type": "x",
                    "title": "Bad Request",
                    "status": 400,
                    "detail": "EndUserID was not found",
                }
            },
            "EndUserID was not found",
        ),
        (
            {
                "json": {
                    "title": "One or more errors",
                    "errors": {"TicketTitle": ["is required", "is short"], "$": "x"},
                }
            },
            "One or more errors; TicketTitle: is required is short; $: x",
        ),
        (
            {"json": {"Message": "The request is invalid.", "ModelState": {"Email": ["no"]}}},
            "The request is invalid.; Email: no",
        ),
        ({"text": "Invalid\r\n  input\u202e\x00"}, "Invalid input"),
        ({"json": "Invalid input"}, "Invalid input"),
        ({"content": b"Ung\xfcltig"}, "Ung\N{REPLACEMENT CHARACTER}ltig"),
    ],
)
async def test_a_refusal_carries_ateras_own_words_cleaned(atera, respx_mock, answer, said):
    error = await refused(atera, respx_mock, errors.Rejected, status_code=400, **answer)
    assert str(error) == (
        f'Atera refused PUT tickets/90412 (400). Atera says: "{said}". Change the request before sending it again.'
    )
    assert (error.status, error.said) == (400, said)


@pytest.mark.parametrize("answer", [{}, {"json": {}}, {"json": []}, {"json": {"detail": None, "errors": []}}])
async def test_a_refusal_without_words_says_so(atera, respx_mock, answer):
    error = await refused(atera, respx_mock, errors.Rejected, status_code=409, **answer)
    assert str(error) == (
        "Atera refused PUT tickets/90412 (409). It gives no reason. Change the request before sending it again."
    )


async def test_a_404_on_a_write_is_a_refusal(atera, respx_mock):
    error = await refused(atera, respx_mock, errors.Rejected, status_code=404, text="Invalid input")
    assert (error.status, error.said) == (404, "Invalid input")


async def test_a_long_refusal_says_how_much_was_left_out(atera, respx_mock):
    error = await refused(atera, respx_mock, errors.Rejected, status_code=400, text="x" * 1000)
    assert error.said == "x" * 400 + " … (600 more characters)"


async def test_a_redirect_is_not_followed(atera, respx_mock):
    elsewhere = respx_mock.get(url__startswith="https://evil.example").respond(json={})
    location = {"location": "https://evil.example/login?token=abc"}
    error = await refused(atera, respx_mock, errors.BadAnswer, "GET", status_code=302, headers=location)
    assert str(error) == (
        "Atera answered GET tickets/90412 with a redirect (302 to evil.example), which is not followed because the key would "
        "travel along. Check the base URL, and any proxy or login page in between."
    )
    assert elsewhere.call_count == 0
