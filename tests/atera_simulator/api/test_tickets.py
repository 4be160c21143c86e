import pytest

from atera_simulator.faults import Fault

LAST_COMMENTS = (
    "FirstComment",
    "LastEndUserComment",
    "LastEndUserCommentTimestamp",
    "LastTechnicianComment",
    "LastTechnicianCommentTimestamp",
)
NEW = {"TicketTitle": "No sound", "Description": "Since today", "EndUserID": 2304}


def ids(response):
    return [row["TicketID"] for row in response.json()["items"]]


def changed_since(api, date="2026-01-01", **params):
    return ids(api.get("/tickets/lastmodified", params={"date": date, **params}))


def test_tickets_come_newest_first_with_their_last_comments(api):
    response = api.get("/tickets")

    assert ids(response) == [90403, 90402, 90401]
    printer = response.json()["items"][2]
    assert printer["FirstComment"] == "Printer is broken"
    assert printer["LastTechnicianComment"] == "On it"


def test_a_status_filters_by_name_in_any_case(api):
    assert ids(api.get("/tickets?ticketStatus=resolved")) == [90402]
    assert ids(api.get("/tickets?ticketStatus=Nonsense")) == []


def test_customer_and_status_filter_together(api):
    assert ids(api.get("/tickets?customerId=17")) == [90403, 90401]
    assert ids(api.get("/tickets?customerId=17&ticketStatus=Open")) == [90403, 90401]
    assert ids(api.get("/tickets?customerId=18&ticketStatus=Open")) == []


def test_a_status_change_moves_the_ticket_between_filters(api):
    assert ids(api.get("/tickets?ticketStatus=Open")) == [90403, 90401]
    api.put("/tickets/90401", json={"TicketStatus": "Pending"})
    assert ids(api.get("/tickets?ticketStatus=Open")) == [90403]
    assert ids(api.get("/tickets?ticketStatus=Pending")) == [90401]


def test_tickets_without_comments_have_their_own_list(api):
    assert ids(api.get("/tickets/noComments")) == [90403]
    api.post(
        "/tickets/90403/comments", json={"CommentText": "Hi", "EnduserCommentDetails": {"EnduserId": 2305}}
    )
    assert ids(api.get("/tickets/noComments")) == []


def test_statusmodified_lists_resolved_and_closed_tickets_with_comments(api):
    api.put("/tickets/90401", json={"TicketStatus": "Closed"})

    response = api.get("/tickets/statusmodified")
    assert ids(response) == [90402, 90401]
    assert response.json()["items"][1]["LastTechnicianComment"] == "On it"
    bare = api.get("/tickets/statusmodified?includeComments=false").json()["items"][1]
    assert all(bare[name] is None for name in LAST_COMMENTS)


def test_lastmodified_is_ordered_by_the_hidden_clock_rising(api, clock):
    assert changed_since(api) == [90401, 90402, 90403]
    clock.pass_time(minutes=1)
    api.put("/tickets/90402", json={"TicketPriority": "High"})
    assert changed_since(api) == [90401, 90403, 90402]


def test_lastmodified_falls_with_the_switch(api, faults):
    faults.newest_first = True
    assert changed_since(api) == [90403, 90402, 90401]


def test_lastmodified_leaves_comment_fields_null_unless_asked(api):
    bare, full = (
        api.get(f"/tickets/lastmodified?date=2026-01-01{more}").json()["items"][0]
        for more in ("", "&includeComments=true")
    )
    assert all(bare[name] is None for name in LAST_COMMENTS)
    assert full["FirstComment"] == "Printer is broken"


def test_lastmodified_means_on_or_after_the_date_in_utc(api, clock):
    api.put("/tickets/90401", json={"TicketPriority": "High"})
    assert changed_since(api, "2026-11-22T10:00:00Z") == [90401]
    assert changed_since(api, "2026-11-22T10:00:00") == [90401]
    assert changed_since(api, "2026-11-22T11:00:00+01:00") == [90401]
    assert changed_since(api, "2026-11-22T10:00:01Z") == []


def test_lastmodified_without_a_date_means_today(api, clock):
    api.put("/tickets/90402", json={"TicketPriority": "High"})
    assert ids(api.get("/tickets/lastmodified")) == [90402]


def test_lastmodified_refuses_a_date_it_cannot_read(api):
    assert api.get("/tickets/lastmodified?date=yesterday").status_code == 400


def test_no_ticket_shows_its_modified_clock(api):
    assert not [name for name in api.get("/tickets/90401").json() if "odif" in name]


def test_a_ticket_created_for_a_contact_lands_at_its_customer(api, world, clock):
    response = api.post(
        "/tickets", json=NEW | {"TechnicianEmail": "INA@nordlicht.example", "TicketType": "Request"}
    )

    assert (response.status_code, response.json()) == (201, {"ActionID": "90404"})
    ticket = api.get("/tickets/90404").json()
    assert ticket["CustomerName"] == "Brandt Logistik"
    assert ticket["ContractID"] == 1
    assert ticket["TechnicianContactID"] == 13
    assert ticket["TicketType"] == "Request"
    assert ticket["TicketStatus"] == "Open"
    assert ticket["FirstComment"] == "Since today"
    assert ticket["TicketCreatedDate"] == "2026-11-22T10:00:00Z"
    assert changed_since(api, "2026-11-22T10:00:00Z") == [90404]


def test_a_contact_known_by_mail_is_found_and_not_made_again(api, world):
    fields = {"TicketTitle": "x", "Description": "y", "EndUserEmail": "MIA@krone.example"}
    ticket_id = api.post("/tickets", json=fields).json()["ActionID"]

    assert api.get(f"/tickets/{ticket_id}").json()["EndUserID"] == 2306
    assert len(world.contacts) == 3


@pytest.mark.parametrize(
    ("email", "customer"), [("neu@krone.example", "Krone Optik"), ("x@elsewhere.example", "Unassigned")]
)
def test_a_new_contact_lands_at_the_customer_of_its_domain_or_at_unassigned(api, email, customer):
    person = {"EndUserEmail": email, "EndUserFirstName": "Neu", "EndUserLastName": "Hier"}
    ticket_id = api.post("/tickets", json={"TicketTitle": "x", "Description": "y"} | person).json()[
        "ActionID"
    ]

    assert api.get(f"/tickets/{ticket_id}").json()["CustomerName"] == customer
    assert api.get("/contacts", params={"Email": email}).json()["items"][0]["Firstname"] == "Neu"


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"TicketTitle": None}, "TicketTitle"),
        ({"Description": ""}, "Description"),
        ({"EndUserID": None}, "EndUserID"),
        ({"EndUserID": 1}, "EndUserID"),
        ({"EndUserID": "2304"}, "EndUserID"),
        ({"EndUserID": None, "EndUserEmail": "n@krone.example"}, "EndUserFirstName"),
        ({"TicketPriority": "Urgent"}, "TicketPriority"),
        ({"TicketPriority": None}, "TicketPriority"),
        ({"TicketImpact": "minor"}, "TicketImpact"),
        ({"TicketType": 1}, "TicketType"),
        ({"TicketStatus": "No such status"}, "TicketStatus"),
        ({"TechnicianContactID": 99}, "TechnicianContactID"),
        ({"TechnicianContactID": -1}, "Autopilot"),
        ({"TechnicianEmail": "nobody@nordlicht.example"}, "TechnicianEmail"),
    ],
)
def test_a_ticket_that_cannot_be_created_is_400_and_says_why(api, world, fields, named):
    response = api.post("/tickets", json=NEW | fields)

    assert response.status_code == 400
    assert named in response.json()["detail"]
    assert len(world.tickets) == 3


@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_an_update_changes_only_what_it_names(api, method):
    before = api.get("/tickets/90401").json()
    response = api.request(
        method, "/tickets/90401", json={"TicketTitle": "Plotter", "TicketImpact": "Crisis"}
    )

    assert (response.status_code, response.json()) == (200, {"ActionID": "90401"})
    assert api.get("/tickets/90401").json() == before | {"TicketTitle": "Plotter", "TicketImpact": "Crisis"}


def test_resolving_sets_the_date_and_reopening_clears_it(api, clock):
    api.put("/tickets/90401", json={"TicketStatus": "resolved"})
    ticket = api.get("/tickets/90401").json()
    assert (ticket["TicketStatus"], ticket["TicketResolvedDate"]) == ("Resolved", "2026-11-22T10:00:00Z")

    clock.pass_time(hours=1)
    api.put("/tickets/90401", json={"TicketStatus": "Closed"})
    assert api.get("/tickets/90401").json()["TicketResolvedDate"] == "2026-11-22T10:00:00Z"
    api.put("/tickets/90401", json={"TicketStatus": "Open"})
    assert api.get("/tickets/90401").json()["TicketResolvedDate"] is None


def test_a_custom_status_that_some_ticket_carries_can_be_set(api, world):
    assert api.put("/tickets/90401", json={"TicketStatus": "Send to tech"}).status_code == 400
    world.tickets[90402]["TicketStatus"] = "Send To Tech"
    assert api.put("/tickets/90401", json={"TicketStatus": "Send to tech"}).status_code == 200
    assert api.get("/tickets/90401").json()["TicketStatus"] == "Send To Tech"


def test_unassigning_by_null_is_ignored_and_by_zero_refused(api):
    assert api.put("/tickets/90402", json={"TechnicianContactID": None}).status_code == 200
    assert api.put("/tickets/90402", json={"TechnicianContactID": 0}).status_code == 400
    assert api.get("/tickets/90402").json()["TechnicianContactID"] == 13


@pytest.mark.parametrize("nobody", [None, 0])
def test_unassigning_works_with_the_switch(api, faults, nobody):
    faults.can_unassign = True
    assert api.put("/tickets/90402", json={"TechnicianContactID": nobody}).status_code == 200
    assert api.get("/tickets/90402").json()["TechnicianFullName"] is None


def test_autopilot_takes_a_ticket_with_the_switch(api, faults):
    faults.autopilot = True
    assert api.put("/tickets/90402", json={"TechnicianContactID": -1}).status_code == 200
    assert api.get("/tickets/90402").json()["TechnicianContactID"] == -1


def test_a_deleted_ticket_stays_readable_and_counts_as_modified(api, clock):
    response = api.delete("/tickets/90401")

    assert (response.status_code, response.content) == (204, b"")
    assert api.get("/tickets/90401").json()["TicketStatus"] == "Deleted"
    assert ids(api.get("/tickets?ticketStatus=Deleted")) == [90401]
    assert changed_since(api, "2026-11-22T10:00:00Z") == [90401]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("PUT", ""),
        ("DELETE", ""),
        ("GET", "/comments"),
        ("GET", "/attachments"),
        ("GET", "/workhours"),
    ],
)
def test_a_ticket_that_does_not_exist_is_a_404_problem(api, method, path):
    response = api.request(method, f"/tickets/1{path}", json={} if method == "PUT" else None)

    assert response.status_code == 404
    assert (response.json()["title"], response.json()["status"]) == ("Not Found", 404)


def test_attachments_are_a_plain_list_of_addresses(api):
    assert api.get("/tickets/90401/attachments").json() == ["https://files.example/att/90401/printer.jpg"]
    assert api.get("/tickets/90402/attachments").json() == []


def test_a_new_ticket_cannot_be_read_or_listed_during_the_lag(api, faults, clock):
    faults.read_after_write_lag_s = 2
    api.post("/tickets", json=NEW)

    assert api.get("/tickets/90404").status_code == 404
    assert 90404 not in ids(api.get("/tickets"))
    assert 90404 not in changed_since(api)
    clock.pass_time(seconds=2)
    assert api.get("/tickets/90404").status_code == 200
    assert 90404 in changed_since(api)


def test_relations_show_only_when_asked_for_and_at_both_ends(api):
    link = {"RelatedTicketId": 90402, "RelationType": "Parent"}
    assert api.post("/tickets/90401/relations", json=link).status_code == 201

    assert api.get("/tickets/90401").json()["RelationType"] == "None"
    child = api.get("/tickets/90401?includeRelations=true").json()
    assert (child["RelationType"], child["RelatedTicketId"]) == ("Child", 90402)
    parent = next(
        row for row in api.get("/tickets?includeRelations=TRUE").json()["items"] if row["TicketID"] == 90402
    )
    assert (parent["RelationType"], parent["RelatedTicketId"]) == ("Parent", 90401)


def test_a_relation_can_be_taken_away_once(api):
    api.post("/tickets/90401/relations", json={"RelatedTicketId": 90402, "RelationType": "Parent"})

    assert api.delete("/tickets/90401/relations/Child").status_code == 400
    assert api.delete("/tickets/90401/relations/Parent").status_code == 204
    assert api.delete("/tickets/90401/relations/Parent").status_code == 400
    assert api.get("/tickets/90402?includeRelations=true").json()["RelatedTicketId"] is None


@pytest.mark.parametrize(
    "link", [{"RelatedTicketId": 1, "RelationType": "Parent"}, {"RelationType": "Parent"}, {}]
)
def test_a_relation_to_nothing_is_400(api, link):
    assert api.post("/tickets/90401/relations", json=link).status_code == 400


def test_a_record_touched_between_two_pages_makes_rows_shift(api, faults, clock):
    faults.rules = [Fault("shifting-pages", times=1)]
    clock.pass_time(minutes=1)

    first = changed_since(api, itemsInPage=1, page=1)
    second = changed_since(api, itemsInPage=1, page=2)

    assert (first, second) == ([90401], [90403])
