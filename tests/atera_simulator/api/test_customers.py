"""Customers, contacts and departments."""

import pytest

PERSON = {"Email": "neu@krone.example", "CustomerID": 18, "Firstname": "Neu", "Lastname": "Hier"}


def ids(response, key):
    return [row[key] for row in response.json()["items"]]


def test_customers_rise_by_id_and_contacts_fall(api):
    assert ids(api.get("/customers"), "CustomerID") == [17, 18]
    assert ids(api.get("/contacts"), "EndUserID") == [2306, 2305, 2304]


@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_a_renamed_customer_shows_its_name_everywhere(api, method):
    assert api.request(method, "/customers/17", json={"CustomerName": "Brandt AG"}).json() == {
        "ActionID": "17"
    }

    assert api.get("/contacts/2304").json()["CustomerName"] == "Brandt AG"
    assert api.get("/agents/5150").json()["CustomerName"] == "Brandt AG"
    assert api.get("/tickets/90401").json()["CustomerName"] == "Brandt AG"
    assert api.get("/customers/17").json()["Domain"] == "brandt.example"


def test_changes_are_found_by_the_accounts_local_time_and_sorted_by_change(api, clock):
    api.put("/customers/17", json={"Notes": "Ring twice"})

    # 10:00 UTC is 11:00 in the account's zone.
    assert ids(api.get("/customers?FromLastModifiedDate=2026-11-22T11:00:00"), "CustomerID") == [17]
    assert ids(api.get("/customers?FromLastModifiedDate=2026-11-22T11:00:01"), "CustomerID") == []
    assert ids(api.get("/customers?fromlastmodifieddate=2026-11-22"), "CustomerID") == [17]
    assert ids(api.get("/customers?SortBy=LastModified"), "CustomerID") == [17, 18]
    api.put("/contacts/2304", json={"JobTitle": "Head"})
    assert ids(api.get("/contacts?FromLastModifiedDate=2026-11-22"), "EndUserID") == [2304]
    assert ids(api.get("/contacts?SortBy=1"), "EndUserID")[0] == 2304


@pytest.mark.parametrize("path", ["customers", "contacts"])
@pytest.mark.parametrize("query", ["FromLastModifiedDate=2026-11-22T11:00:00Z", "SortBy=Name"])
def test_a_filter_that_cannot_be_read_is_400(api, path, query):
    assert api.get(f"/{path}?{query}").status_code == 400


def test_a_customer_is_created_and_deleted(api):
    assert api.post("/customers", json={"CustomerName": "Nova", "Latitude": 54.3}).json() == {
        "ActionID": "19"
    }
    assert api.get("/customers/19").json()["Latitude"] == 54.3
    assert api.delete("/customers/19").status_code == 204
    assert api.get("/customers/19").status_code == 404
    assert api.post("/customers", json={"CustomerName": "Next"}).json() == {"ActionID": "20"}
    assert api.post("/customers", json={"Domain": "x.example"}).status_code == 400


def test_folders_and_attachments_can_only_be_written(api):
    assert api.post("/customers/folders", json={"Name": "Office", "CustomerId": 17}).status_code == 201
    assert api.post("/customers/folders", json={"Name": "Office", "CustomerId": 99}).status_code == 404
    file = {"CustomerId": 17, "Name": "plan.pdf", "ContentBase64": "JVBERg=="}
    assert api.post("/customers/attachments", json=file).status_code == 201
    assert api.post("/customers/attachments", json={"CustomerId": 17}).status_code == 400


def test_contacts_are_found_by_a_part_of_mail_or_phone(api):
    assert ids(api.get("/contacts?Email=BRANDT.example"), "EndUserID") == [2305, 2304]
    assert ids(api.get("/contacts", params={"Email": "voss", "Phone": "+49 431"}), "EndUserID") == [2304]
    assert ids(api.get("/contacts?Phone=000"), "EndUserID") == []


def test_the_old_search_parameters_are_ignored_unless_the_switch_is_on(api, faults):
    query = "/contacts?searchOptions.email=voss"
    assert len(ids(api.get(query), "EndUserID")) == 3
    faults.legacy_search = True
    assert ids(api.get(query), "EndUserID") == [2304]


def test_a_contact_is_created_by_customer_id_or_name(api):
    assert api.post("/contacts", json=PERSON).json() == {"ActionID": "2307"}
    other = {"Email": "o@krone.example", "CustomerName": "krone optik", "DepartmentName": "Dispatch"}
    assert api.post("/contacts", json=other).status_code == 201
    made = api.get("/contacts/2308").json()
    assert (made["CustomerID"], made["DepartmentID"], made["Archived"]) == (18, 3, False)


@pytest.mark.parametrize(
    "wrong", [{"Email": ""}, {"CustomerID": None}, {"CustomerID": 99}, {"DepartmentID": 99}]
)
def test_a_bad_contact_is_400(api, wrong):
    assert api.post("/contacts", json=PERSON | wrong).status_code == 400


def test_a_contact_moves_to_another_customer_but_keeps_its_mail(api):
    api.put("/contacts/2304", json={"CustomerID": 18, "Email": "new@x.example", "Lastname": "Voss-Krone"})

    person = api.get("/contacts/2304").json()
    assert (person["CustomerName"], person["Email"]) == ("Krone Optik", "m.voss@brandt.example")
    ticket = api.get("/tickets/90401").json()
    assert (ticket["EndUserLastName"], ticket["CustomerID"]) == ("Voss-Krone", 17)


def test_a_deleted_contact_is_gone_for_good(api):
    assert api.delete("/contacts/2306").status_code == 204
    assert api.delete("/contacts/2306").status_code == 404
    assert api.post("/contacts", json=PERSON).json() == {"ActionID": "2307"}


def test_a_department_is_created_renamed_and_deleted(api):
    assert api.post("/departments", json={"Name": "Sales"}).json() == {"ActionID": "4"}
    assert api.put("/departments/3", json={"Name": "Planning"}).json() == {"ActionID": "3"}
    assert api.get("/contacts/2304").json()["DepartmentName"] == "Planning"
    assert api.delete("/departments/3").status_code == 204
    assert api.get("/contacts/2304").json()["DepartmentID"] is None
    assert api.get("/departments/3").status_code == 404
    assert api.post("/departments", json={"Description": "?"}).status_code == 400


@pytest.mark.parametrize(
    "path", ["agents/1", "contacts/1", "customers/1", "contracts/99", "billing/invoice/1"]
)
def test_a_missing_record_is_a_404_problem_or_null_with_the_switch(api, faults, path):
    missing = api.get(f"/{path}")
    assert (missing.status_code, missing.json()["status"]) == (404, 404)

    faults.missing_is_null = True
    null = api.get(f"/{path}")
    assert (null.status_code, null.content) == (200, b"null")


@pytest.mark.parametrize("path", ["tickets/1", "alerts/1", "departments/1", "rates/products/1"])
def test_other_records_stay_404_under_the_switch(api, faults, path):
    faults.missing_is_null = True
    assert api.get(f"/{path}").status_code == 404
