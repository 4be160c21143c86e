import pytest

UNSET = "00000000-0000-0000-0000-000000000000"
URL = "/customvalues/agentfield/5150"


def test_definitions_are_a_plain_list(api):
    assert [field["Name"] for field in api.get("/customvalues/customfields").json()][:2] == [
        "Disk type",
        "TPM version",
    ]


def test_a_field_nobody_set_is_a_row_with_the_zero_id(api):
    (row,) = api.get(f"{URL}/Disk%20type").json()
    assert row == {
        "ItemId": 5150,
        "Id": UNSET,
        "FieldName": "Disk type",
        "ValueAsString": None,
        "ValueAsDecimal": 0.0,
        "ValueAsDateTime": None,
        "ValueAsBool": False,
        "OptionId": None,
    }


@pytest.mark.parametrize("method", ["PUT", "POST"])
@pytest.mark.parametrize("value", ["ssd", "1"])
def test_an_option_is_set_by_text_or_value(api, method, value):
    assert api.request(method, f"{URL}/Disk type", json={"Value": value}).status_code == 200

    (row,) = api.get(f"{URL}/disk TYPE").json()
    assert row["ValueAsString"] == "SSD"
    assert row["Id"] != UNSET
    assert row["OptionId"]
    assert api.get(f"/customvalues/{row['Id']}").json() == [row]


@pytest.mark.parametrize(
    ("name", "text", "column", "value"),
    [
        ("TPM version", "2.0", "ValueAsString", "2.0"),
        ("Encrypted", "True", "ValueAsBool", True),
        ("Age", "3.5", "ValueAsDecimal", 3.5),
        ("Bought", "2021-02-03", "ValueAsDateTime", "2021-02-03T00:00:00Z"),
    ],
)
def test_a_value_fills_the_column_of_its_type(api, name, text, column, value):
    api.put(f"{URL}/{name}", json={"Value": text})
    (row,) = api.get(f"{URL}/{name}").json()
    assert (row[column], row["ValueAsString"]) == (value, text)


@pytest.mark.parametrize(
    ("name", "text"),
    [("Disk type", "Tape"), ("Encrypted", "maybe"), ("Age", "old"), ("Bought", "lately"), ("No", "x")],
)
def test_a_value_that_does_not_fit_its_field_is_400(api, name, text):
    assert api.put(f"{URL}/{name}", json={"Value": text}).status_code == 400


def test_an_empty_text_clears_a_value(api):
    api.put(f"{URL}/TPM version", json={"Value": "2.0"})
    api.put(f"{URL}/TPM version", json={"Value": ""})
    assert api.get(f"{URL}/TPM version").json()[0]["Id"] == UNSET


def test_all_values_of_one_object_come_in_one_call(api):
    api.put(f"{URL}/Age", json={"Value": "3"})
    rows = api.get("/customvalues/agentfields/5150").json()

    assert [row["FieldName"] for row in rows] == ["Disk type", "TPM version", "Encrypted", "Age", "Bought"]
    assert [row["Id"] != UNSET for row in rows] == [False, False, False, True, False]
    assert [row["FieldName"] for row in api.get("/customvalues/ticketfields/90401").json()] == ["Order no"]


def test_an_object_that_does_not_exist_is_404_and_a_value_is_required(api):
    assert api.get("/customvalues/agentfields/1").status_code == 404
    assert api.put("/customvalues/agentfield/1/Age", json={"Value": "1"}).status_code == 404
    assert api.get("/customvalues/slafields/1").status_code == 404
    assert api.put(f"{URL}/Age", json={}).status_code == 400


def test_an_unknown_value_id_gives_an_empty_list_and_no_id_at_all_400(api):
    assert api.get("/customvalues/6f1a1c52-3f0b-5d0e-9d57-0a6a1f9f2b11").json() == []
    assert api.get("/customvalues/everything").status_code == 400
