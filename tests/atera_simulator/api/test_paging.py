"""The envelope of every list."""

from urllib.parse import parse_qs, urlsplit

import pytest

from atera_simulator import changes


@pytest.fixture
def many(world, clock):
    """120 departments."""
    for number in range(len(world.departments), 120):
        changes.create_department(world, {"Name": f"Department {number}"})
    return world


def test_a_list_has_seven_keys_and_twenty_rows_by_default(api, many):
    page = api.get("/departments").json()

    assert list(page) == [
        "items",
        "page",
        "itemsInPage",
        "totalItemCount",
        "totalPages",
        "prevLink",
        "nextLink",
    ]
    assert (len(page["items"]), page["itemsInPage"], page["totalItemCount"], page["totalPages"]) == (
        20,
        20,
        120,
        6,
    )


def test_links_are_empty_text_at_the_ends(api, many):
    assert api.get("/departments?itemsInPage=50&page=1").json()["prevLink"] == ""
    assert api.get("/departments?itemsInPage=50&page=3").json()["nextLink"] == ""


def test_links_are_null_at_the_ends_with_the_switch(api, many, faults):
    faults.null_links = True
    assert api.get("/departments?itemsInPage=50&page=1").json()["prevLink"] is None
    assert api.get("/departments?itemsInPage=50&page=3").json()["nextLink"] is None


def test_following_next_links_gives_every_row_once(api, many):
    link, ids = "/departments?itemsInPage=50", []
    while link:
        page = api.get(link).json()
        ids += [row["Id"] for row in page["items"]]
        link = page["nextLink"]

    assert ids == sorted(many.departments)


def test_the_next_link_is_absolute_and_keeps_the_other_parameters(api):
    page = api.get("/tickets", params={"Page": 1, "itemsInPage": 1, "customerId": 17, "odd": "a b&c"}).json()
    link = urlsplit(page["nextLink"])

    assert f"{link.scheme}://{link.netloc}{link.path}" == "http://atera.example/api/v3/tickets"
    assert parse_qs(link.query) == {
        "page": ["2"],
        "itemsInPage": ["1"],
        "customerId": ["17"],
        "odd": ["a b&c"],
    }


def test_a_page_size_above_fifty_is_clamped(api, many):
    page = api.get("/departments?itemsInPage=500").json()
    assert (page["itemsInPage"], len(page["items"]), page["totalPages"]) == (50, 50, 3)


def test_big_pages_hold_five_hundred_rows_except_for_tickets(api, many, faults):
    faults.big_pages = True
    assert len(api.get("/departments?itemsInPage=600").json()["items"]) == 120
    assert api.get("/departments?itemsInPage=600").json()["itemsInPage"] == 500
    assert api.get("/tickets?itemsInPage=600").json()["itemsInPage"] == 50
    assert api.get("/workhours?itemsInPage=600").json()["itemsInPage"] == 50


def test_a_page_past_the_end_is_empty_and_no_error(api):
    response = api.get("/tickets?page=9")
    page = response.json()

    assert response.status_code == 200
    assert (page["items"], page["page"], page["totalPages"], page["totalItemCount"]) == ([], 9, 1, 3)


def test_an_empty_list_has_no_pages(api):
    page = api.get("/tickets?ticketStatus=Closed").json()
    assert (page["items"], page["totalItemCount"], page["totalPages"], page["nextLink"]) == ([], 0, 0, "")


@pytest.mark.parametrize(
    "query",
    ["page=0", "page=-1", "page=two", "page=1.5", "itemsInPage=0", "itemsInPage=x", "page=99999999999"],
)
def test_a_page_number_that_makes_no_sense_is_400_with_the_parameter_named(api, query):
    response = api.get(f"/tickets?{query}")

    assert response.status_code == 400
    assert response.headers["content-type"].startswith("application/problem+json")
    assert list(response.json()["errors"]) == [query.split("=", maxsplit=1)[0]]


def test_unknown_parameters_are_ignored_and_the_whole_set_comes_back(api):
    assert api.get("/tickets?status=Closed&technicianId=99").json()["totalItemCount"] == 3


def test_parameter_names_are_read_in_any_case(api):
    assert api.get("/tickets?TICKETSTATUS=Resolved&ITEMSINPAGE=1").json()["totalItemCount"] == 1


def test_a_boolean_or_number_that_is_none_is_400(api):
    assert api.get("/tickets?includeRelations=perhaps").status_code == 400
    assert api.get("/tickets?customerId=brandt").status_code == 400


def test_device_lists_are_empty_pages(api):
    for kind in ("generic", "tcp", "http", "snmp"):
        assert api.get(f"/devices/{kind}devices?customerId=17").json()["items"] == []
        assert api.get(f"/devices/{kind}device/1").status_code == 404
