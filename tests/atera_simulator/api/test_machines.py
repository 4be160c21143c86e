"""Agents, their patches and their alerts."""

import pytest

GUID = "5f0c2a0e-7d0b-4f0e-9f7b-0c2f1a9d3311"
ALERT = {"DeviceGuid": GUID, "Title": "Battery worn", "CustomerID": 17, "Severity": "Critical"}


def alerts(api, status=None):
    params = {"alertStatus": status} if status else {}
    return [row["AlertID"] for row in api.get("/alerts", params=params).json()["items"]]


def test_agents_are_listed_by_customer_and_by_machine_name(api):
    assert api.get("/agents").json()["totalItemCount"] == 1
    assert api.get("/agents/customer/17").json()["totalItemCount"] == 1
    assert api.get("/agents/customer/18").json()["totalItemCount"] == 0
    assert api.get("/agents/machine/bl-nb-014").json()["items"][0]["AgentID"] == 5150
    assert api.get("/agents/machine/bl-nb").json()["items"] == []


def test_patches_are_found_by_device_guid(api):
    installed = api.get(f"/agents/{GUID}/installed-patches").json()
    available = api.get(f"/agents/{GUID.upper()}/available-patches").json()

    assert (installed["deviceGuid"], installed["installedUpdates"][0]["kbId"]) == (GUID, "KB1")
    assert list(available) == ["deviceGuid", "timestamp", "availableUpdates"]
    assert api.get("/agents/00000000-0000-4000-8000-000000000000/installed-patches").status_code == 404


def test_moving_an_agent_to_another_customer_unlinks_its_contact(api):
    assert api.put("/agents/5150/relations", json={"CustomerId": 18}).status_code == 200

    assert api.get("/agents/5150").json()["CustomerName"] == "Krone Optik"
    assert api.get("/agents/customer/18").json()["totalItemCount"] == 1
    assert api.get("/contacts/2304").json()["DefaultAgentId"] is None


@pytest.mark.parametrize("body", [{}, {"CustomerId": 99}, {"CustomerId": None}])
def test_an_agent_cannot_move_to_nobody(api, body):
    assert api.put("/agents/5150/relations", json=body).status_code == 400


def test_a_deleted_agent_is_gone(api):
    assert api.delete("/agents/5150").status_code == 204
    assert api.get("/agents/5150").status_code == 404
    assert api.get("/agents").json()["items"] == []


def test_an_alert_is_raised_for_a_device_and_read_back(api):
    response = api.post("/alerts", json=ALERT)

    assert (response.status_code, response.json()) == (201, {"ActionID": "771202"})
    alert = api.get("/alerts/771202").json()
    assert (alert["AgentId"], alert["DeviceName"], alert["Severity"]) == (5150, "BL-NB-014", "Critical")
    assert (alert["Archived"], alert["Created"]) == (False, "2026-11-22T10:00:00Z")


def test_the_same_open_alert_twice_is_a_conflict(api):
    api.post("/alerts", json=ALERT)
    response = api.post("/alerts", json=ALERT)
    assert (response.status_code, response.json()["title"]) == (409, "Conflict")


@pytest.mark.parametrize(
    "wrong",
    [
        {"DeviceGuid": "x"},
        {"Title": None},
        {"CustomerID": 99},
        {"Severity": "Bad"},
        {"AlertCategoryID": "Disc"},
    ],
)
def test_a_bad_alert_is_400(api, wrong):
    assert api.post("/alerts", json=ALERT | wrong).status_code == 400


def test_resolving_archives_an_alert_without_a_body(api):
    response = api.put("/alerts/771201")

    assert (response.status_code, response.content) == (204, b"")
    alert = api.get("/alerts/771201").json()
    assert (alert["Archived"], alert["ArchivedDate"]) == (True, "2026-11-22T10:00:00Z")
    assert (alerts(api, "Open"), alerts(api, "Resolved"), alerts(api)) == ([], [771201], [771201])


def test_a_snooze_ends_by_the_clock(api, clock):
    api.post("/alerts", json=ALERT | {"SnoozedEndDate": "2026-11-22T11:00:00Z"})
    assert (alerts(api, "Snoozed"), alerts(api, "open")) == ([771202], [771201])

    clock.pass_time(hours=1)
    assert (alerts(api, "Snoozed"), alerts(api, "Open")) == ([], [771201, 771202])


def test_an_unknown_alert_status_is_400(api):
    assert api.get("/alerts?alertStatus=Closed").status_code == 400


def test_a_deleted_alert_is_gone(api):
    assert api.delete("/alerts/771201").status_code == 204
    assert api.get("/alerts/771201").status_code == 404
    assert api.put("/alerts/771201").status_code == 404
    assert alerts(api) == []
