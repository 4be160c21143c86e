"""Contracts, rates, invoices; and the knowledge base."""

import pytest

BLOCK = {"HourlyRateID": 7, "HoursIncluded": 10.0, "BillingPeriod": "Quarterly", "CommitRollover": True}
NEW = {
    "CustomerID": 18,
    "ContractName": "Ten hours",
    "ContractType": "BlockHours",
    "BlockHoursContract": BLOCK,
}


def test_a_contract_shows_its_rates_whole_and_only_its_own_kind(api):
    contract = api.get("/contracts/1").json()

    assert contract["BlockHoursContract"]["PricePerHour"]["Amount"] == 95.0
    assert contract["BlockHoursContract"]["HoursIncluded"] == 20.0
    assert contract["HourlyContract"] is None
    assert api.get("/contracts/customer/17").json()["totalItemCount"] == 1
    assert api.get("/contracts/customer/18").json()["totalItemCount"] == 0


@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_a_contract_is_created_and_changed(api, method):
    assert api.post("/contracts", json=NEW).json() == {"ActionID": "2"}
    change = {"ContractName": "Five hours", "BlockHoursContract": {"HoursIncluded": 5.0}}
    assert api.request(method, "/contracts/2", json=change).status_code == 204

    contract = api.get("/contracts/2").json()
    assert contract["ContractName"] == "Five hours"
    assert contract["BlockHoursContract"]["HoursIncluded"] == 5.0
    assert contract["BlockHoursContract"]["BillingPeriod"] == "Quarterly"


@pytest.mark.parametrize(
    "wrong",
    [
        {"CustomerID": 99},
        {"ContractType": "Barter"},
        {"BlockHoursContract": {"HourlyRateID": 1000}},
        {"ContractName": ""},
    ],
)
def test_a_bad_contract_is_400(api, wrong):
    assert api.post("/contracts", json=NEW | wrong).status_code == 400


@pytest.mark.parametrize("table", ["products", "expenses"])
def test_rates_are_created_changed_archived_and_deleted(api, table):
    url = f"/rates/{table}"
    rate_id = api.post(url, json={"Description": "Night hour", "Amount": 140}).json()["ActionID"]
    assert api.put(f"{url}/{rate_id}", json={"Amount": 150.5}).json() == {"ActionID": rate_id}
    assert api.get(f"{url}/{rate_id}").json()["Amount"] == 150.5
    assert api.get(url).json()["totalItemCount"] == 2

    api.put(f"{url}/{rate_id}", json={"Archived": True})
    assert api.get(url).json()["totalItemCount"] == 1
    assert api.delete(f"{url}/{rate_id}").status_code == 404
    assert api.post(url, json={"Amount": 1}).status_code == 400


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 1),
        ("invoiceDateFrom=2026-10-31&invoiceDateTo=2026-10-31", 1),
        ("invoiceDateFrom=2026-11-01", 0),
        ("invoiceDateTo=2026-10-30", 0),
    ],
)
def test_invoices_are_filtered_by_day(api, query, found):
    assert api.get(f"/billing/invoices?{query}").json()["totalItemCount"] == found


@pytest.mark.parametrize("day", ["2026-10-31T00:00:00", "31.10.2026", "2026-02-30"])
def test_an_invoice_day_in_another_form_is_400(api, day):
    assert api.get("/billing/invoices", params={"invoiceDateTo": day}).status_code == 400


def test_an_invoice_is_read_by_its_number(api):
    assert api.get("/billing/invoice/1043").json()["Currency"] == "EUR"


def test_articles_are_listed(api):
    assert api.get("/knowledgebases").json()["items"][0]["KBProduct"] == "Label printer prints blank"
