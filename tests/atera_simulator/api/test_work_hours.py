import pytest

ENTRY = {
    "StartWorkHour": "2026-11-22T09:30:00Z",
    "EndWorkHour": "2026-11-22T10:15:00Z",
    "TechnicianContactID": 12,
    "Billiable": False,
    "OnCustomerSite": False,
    "Description": "Remote session",
    "RateID": 7,
}
URL = "/tickets/90401/workhours"


def entries(api, query=""):
    return api.get(f"/workhours?{query}").json()["items"]


def test_a_time_entry_is_added_and_read_back(api):
    response = api.post(URL, json=ENTRY)

    assert (response.status_code, response.json()) == (201, {"ActionID": "2"})
    written = api.get("/tickets/90401/workhoursrecords").json()["items"][-1]
    assert written == ENTRY | {
        "TicketID": 90401,
        "WorkHoursID": 2,
        "TechnicianFullName": "Jens Holm",
        "TechnicianEmail": "jens@nordlicht.example",
        "RateAmount": 95.0,
    }


def test_the_tickets_durations_follow_its_entries(api):
    api.post(URL, json=ENTRY)
    ticket = api.get("/tickets/90401").json()

    assert (ticket["OnSiteDurationSeconds"], ticket["OffSiteDurationSeconds"]) == (3600, 2700)
    assert (ticket["TotalDurationSeconds"], ticket["TotalDurationMinutes"]) == (6300, 105)


def test_durations_are_decimal_hours_split_by_billing_and_place(api):
    api.post(URL, json=ENTRY)

    billable = api.get("/tickets/90401/billableduration").json()
    other = api.get("/tickets/90401/nonbillableduration").json()
    assert (billable["OnSiteDurationHours"], billable["TotalDurationHours"], billable["ticketId"]) == (
        1.0,
        1.0,
        90401,
    )
    assert (other["OffSiteDurationHours"], other["TotalDurationHours"]) == (0.75, 0.75)
    assert api.get(URL).json() == {"TicketID": 90401, "Billable": billable, "NonBillable": other}


def test_durations_of_many_tickets_are_read_by_post(api):
    rows = api.post("/tickets/billableduration", json=[90401, 90402]).json()
    assert [(row["ticketId"], row["TotalDurationHours"]) for row in rows] == [(90401, 1.0), (90402, 0.0)]

    sums = api.post("/tickets/billableworkhourssiteduration", json=[90401, 1]).json()
    assert sums == {
        "TicketsWorkHoursSiteDurationSummaries": [
            {
                "TicketID": 90401,
                "TotalDurationSeconds": 3600,
                "OnSiteDurationSeconds": 3600,
                "OffSiteDurationSeconds": 0,
            },
        ],
    }


@pytest.mark.parametrize("path", ["billableduration", "billableworkhourssiteduration"])
def test_more_than_fifty_ids_or_no_ids_at_all_are_400(api, path):
    assert api.post(f"/tickets/{path}", json=list(range(50))).status_code == 200
    assert api.post(f"/tickets/{path}", json=list(range(51))).status_code == 400
    assert api.post(f"/tickets/{path}", json={"ids": [1]}).status_code == 400
    assert api.post(f"/tickets/{path}", json=["1"]).status_code == 400


@pytest.mark.parametrize(
    "wrong",
    [
        {"EndWorkHour": "2026-11-22T09:30:00Z"},
        {"EndWorkHour": "2026-11-22T09:00:00Z"},
        {"StartWorkHour": None},
        {"StartWorkHour": "early"},
        {"TechnicianContactID": 99},
        {"TechnicianContactID": None},
        {"Billiable": "yes"},
        {"RateID": 1000},
    ],
)
def test_a_bad_time_entry_is_400_and_nothing_is_written(api, wrong):
    assert api.post(URL, json=ENTRY | wrong).status_code == 400
    assert len(entries(api)) == 1


def test_times_without_an_offset_are_the_accounts(api):
    times = {"StartWorkHour": "2026-11-22T09:30:00", "EndWorkHour": "2026-11-22T10:15:00"}
    api.post(URL, json=ENTRY | times)
    assert entries(api)[-1]["StartWorkHour"] == "2026-11-22T08:30:00Z"


def test_a_time_entry_counts_as_a_change_unless_the_switch_is_on(api, faults):
    def is_modified():
        return api.get("/tickets/lastmodified?date=2026-11-22T10:00:00Z").json()["totalItemCount"] == 1

    faults.time_does_not_bump = True
    api.post(URL, json=ENTRY)
    assert not is_modified()
    faults.time_does_not_bump = False
    api.post(URL, json=ENTRY)
    assert is_modified()


def test_rates_come_only_when_asked_for(api):
    assert (entries(api)[0]["RateID"], entries(api)[0]["RateAmount"]) == (None, None)
    with_rates = entries(api, "includeRates=true")[0]
    assert (with_rates["RateID"], with_rates["RateAmount"]) == (7, 95.0)
    assert with_rates["CustomerID"] == 17


@pytest.mark.parametrize(
    ("query", "found"),
    [
        # The entry lasts from 11:00 to 12:00 UTC on 19 November, which is 12:00 to 13:00 in the account's zone.
        ("startWorkhour=2026-11-19T12:00:00", 1),
        ("startWorkhour=2026-11-19T12:00:01", 0),
        ("endWorkhour=2026-11-19T13:00:00", 1),
        ("endWorkhour=2026-11-19T12:59:59", 0),
        ("startWorkhour=2026-11-19&endWorkhour=2026-11-20", 1),
        ("startWorkhour=2026-11-20", 0),
    ],
)
def test_work_is_filtered_by_local_time(api, query, found):
    assert len(entries(api, query)) == found


@pytest.mark.parametrize(
    "date",
    ["2026-11-19T12:00:00Z", "2026-11-19T12:00:00%2B01:00", "19.11.2026", "2026-13-01", "2026-11-19T12:00"],
)
def test_a_date_with_an_offset_or_in_another_form_is_400(api, date):
    response = api.get(f"/workhours?startWorkhour={date}")
    assert response.status_code == 400
    assert "startWorkhour" in response.json()["errors"]
