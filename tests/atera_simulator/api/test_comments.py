import pytest

REPLY = {"CommentText": "Done", "TechnicianCommentDetails": {"TechnicianId": 12, "IsInternal": False}}
NOTE = {"CommentText": "Part ordered", "TechnicianCommentDetails": {"TechnicianId": 12, "IsInternal": True}}
MAIL = {"CommentText": "Thanks", "EnduserCommentDetails": {"EnduserId": 2304}}
THREAD = "/tickets/90401/comments"


def is_modified_now(api):
    page = api.get("/tickets/lastmodified?date=2026-11-22T10:00:00Z").json()
    return page["totalItemCount"] == 1


def test_comments_come_oldest_first_and_without_ids(api):
    first, second = api.get(THREAD).json()["items"]

    assert [first["Comment"], second["Comment"]] == ["Printer is broken", "On it"]
    assert (first["EndUserID"], first["TechnicianContactID"], first["FirstName"]) == (2304, None, "Maren")
    assert list(second) == [
        "Date",
        "Comment",
        "CommentHtml",
        "EndUserID",
        "TechnicianContactID",
        "Email",
        "FirstName",
        "LastName",
        "IsInternal",
    ]


@pytest.mark.parametrize("body", [REPLY, NOTE, MAIL])
def test_a_comment_is_added_and_read_back(api, body):
    response = api.post(THREAD, json=body)

    assert (response.status_code, response.json()) == (201, {"ActionID": "90401"})
    written = api.get(THREAD).json()["items"][-1]
    assert written["Comment"] == body["CommentText"]
    assert written["Date"] == "2026-11-22T10:00:00Z"
    assert written["IsInternal"] is (body is NOTE)
    assert (written["EndUserID"] is None) == ("TechnicianCommentDetails" in body)
    assert is_modified_now(api)


def test_a_comment_shows_in_the_tickets_last_comment(api):
    api.post(THREAD, json=MAIL)
    api.post(THREAD, json=REPLY)

    ticket = api.get("/tickets/90401").json()
    assert (ticket["LastEndUserComment"], ticket["LastTechnicianComment"]) == ("Thanks", "Done")
    assert ticket["LastTechnicianCommentTimestamp"] == "2026-11-22T10:00:00Z"
    assert ticket["TechnicianFirstCommentDate"] == "2026-11-19T11:00:00Z"


def test_the_first_public_reply_is_the_first_response_and_a_note_is_not(api):
    url = "/tickets/90402"
    api.post(url + "/comments", json=NOTE)
    assert api.get(url).json()["TechnicianFirstCommentDate"] is None
    api.post(url + "/comments", json=REPLY)
    assert api.get(url).json()["TechnicianFirstCommentDate"] == "2026-11-22T10:00:00Z"


def test_a_comment_dated_in_the_past_takes_its_place_but_counts_as_a_change_now(api):
    api.post(THREAD, json=REPLY | {"CommentTimestampUTC": "2026-11-19T10:30:00Z"})

    assert [row["Comment"] for row in api.get(THREAD).json()["items"]] == [
        "Printer is broken",
        "Done",
        "On it",
    ]
    assert api.get("/tickets/90401").json()["LastTechnicianComment"] == "On it"
    assert is_modified_now(api)


def test_html_comes_back_in_both_forms(api):
    text = "<p>Try <b>this</b> &amp; that</p><p>Bye</p>"
    api.post(THREAD, json=REPLY | {"CommentText": text})

    written = api.get(THREAD).json()["items"][-1]
    assert (written["Comment"], written["CommentHtml"]) == ("Try this & that\nBye", text)


def test_plain_text_comes_back_unchanged_with_an_escaped_html_form(api):
    api.post(THREAD, json=REPLY | {"CommentText": "a < b\n& c"})

    written = api.get(THREAD).json()["items"][-1]
    assert (written["Comment"], written["CommentHtml"]) == ("a < b\n& c", "<p>a &lt; b<br>&amp; c</p>")


BAD = [
    {},
    {"CommentText": "No author"},
    REPLY | MAIL,
    REPLY | {"CommentText": ""},
    REPLY | {"CommentTimestampUTC": "soon"},
    REPLY | {"TechnicianCommentDetails": {"TechnicianId": 99, "IsInternal": False}},
    REPLY | {"TechnicianCommentDetails": {"IsInternal": False}},
    REPLY | {"TechnicianCommentDetails": {"TechnicianId": 12, "IsInternal": "yes"}},
    REPLY | {"TechnicianCommentDetails": "Jens"},
    MAIL | {"EnduserCommentDetails": {"EnduserId": 1}},
    MAIL | {"EnduserCommentDetails": {}},
]


@pytest.mark.parametrize("body", BAD)
def test_a_bad_comment_is_400_and_nothing_is_written(api, body):
    assert api.post(THREAD, json=body).status_code == 400
    assert api.get(THREAD).json()["totalItemCount"] == 2


@pytest.mark.parametrize("body", BAD)
def test_a_bad_comment_is_404_invalid_input_with_the_switch(api, faults, body):
    faults.comment_errors_are_404 = True
    response = api.post(THREAD, json=body)
    assert (response.status_code, response.text) == (404, "Invalid input")


def test_a_technician_may_be_named_by_mail(api):
    details = {"TechnicianEmail": "ina@nordlicht.example", "IsInternal": True}
    api.post(THREAD, json={"CommentText": "x", "TechnicianCommentDetails": details})
    assert api.get(THREAD).json()["items"][-1]["TechnicianContactID"] == 13


def test_a_comment_is_answered_200_with_the_switch(api, faults):
    faults.comment_created_is_200 = True
    assert api.post(THREAD, json=REPLY).status_code == 200


def test_notes_leave_no_trace_on_the_ticket_with_the_switch_and_replies_do(api, faults):
    faults.notes_do_not_bump = True
    api.post(THREAD, json=NOTE)

    assert not is_modified_now(api)
    assert api.get("/tickets/90401").json()["LastTechnicianComment"] == "On it"
    assert api.get(THREAD).json()["totalItemCount"] == 3
    api.post(THREAD, json=REPLY)
    assert is_modified_now(api)
