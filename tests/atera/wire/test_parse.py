from collections import Counter
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_mcp.atera import wire

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def ticket(**fields):
    return {"TicketID": 90412, **fields}


def test_rows_come_back_in_order_beside_what_was_sent():
    raws = [ticket(TicketID=n, TicketTitle=f"Printer {n}") for n in (3, 1, 2)]
    parsed = wire.parse(wire.Ticket, raws)
    assert [(record.TicketID, record.TicketTitle) for record, _ in parsed.rows] == [
        (3, "Printer 3"),
        (1, "Printer 1"),
        (2, "Printer 2"),
    ]
    assert all(raw is sent for (_, raw), sent in zip(parsed.rows, raws, strict=True))
    assert parsed.bad == []


def test_an_empty_page_has_no_rows():
    assert wire.parse(wire.Ticket, []) == wire.Parsed(rows=[])


def test_bad_rows_are_reported_and_the_rest_of_the_page_is_kept():
    bad = [
        {"TicketTitle": "no id"},
        ticket(TicketID=None),
        ticket(CustomerID="many", TicketTitle={}),
        None,
        "x",
    ]
    parsed = wire.parse(wire.Ticket, [ticket(TicketID=1), *bad, ticket(TicketID=2)])
    assert [record.TicketID for record, _ in parsed.rows] == [1, 2]
    assert [row.raw for row in parsed.bad] == bad
    assert [row.reason for row in parsed.bad] == [
        "TicketID: Field required",
        "TicketID: Input should be a valid integer",
        "TicketTitle: Input should be a valid string; CustomerID: is no number",
        "Input should be a valid dictionary or instance of Ticket",
        "Input should be a valid dictionary or instance of Ticket",
    ]


def test_a_reason_names_the_place_inside_a_list_and_never_the_value():
    parsed = wire.parse(
        wire.Agent,
        [{"AgentID": 1, "HardwareDisks": [{"Total": 1}, {"Total": "s3cret"}], "Created": "s3cret"}],
    )
    assert parsed.bad[0].reason == "Created: is no ISO 8601 date or time; HardwareDisks.1.Total: is no number"


def test_one_record_alone_is_read_or_refused_with_the_reason():
    assert wire.parse_one(wire.Customer, {"CustomerID": 17}).CustomerID == 17
    with pytest.raises(ValueError, match="^CustomerID: Field required$"):
        wire.parse_one(wire.Customer, {})


def test_new_and_vanished_fields_are_counted():
    known = dict.fromkeys(wire.Customer.model_fields) | {"CustomerID": 1}
    drifted = {name: value for name, value in known.items() if name != "Fax"} | {"Tags": []}
    parsed = wire.parse(wire.Customer, [known, drifted, drifted])
    assert parsed.unknown_fields == {"Tags": 2}
    assert parsed.missing_fields == {"Fax": 2}
    assert parsed.rows[1][1]["Tags"] == []


def test_ids_and_numbers_in_other_clothes_are_understood():
    record = wire.parse_one(
        wire.Ticket, ticket(TicketID="5", TicketNumber=24117, ContractID="", EndUserID=" ", CustomerID=7.0)
    )
    assert (record.TicketID, record.TicketNumber, record.ContractID, record.EndUserID, record.CustomerID) == (
        5,
        "24117",
        None,
        None,
        7,
    )


def test_an_enum_outside_its_list_is_kept():
    assert (
        wire.parse_one(wire.Ticket, ticket(TicketType="Bug", TicketStatus="Send To Tech")).TicketType == "Bug"
    )


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("2025-04-16T16:34:41Z", datetime(2025, 4, 16, 16, 34, 41, tzinfo=UTC)),
        ("2025-04-16T18:34:41+02:00", datetime(2025, 4, 16, 16, 34, 41, tzinfo=UTC)),
        ("2026-07-13T22:36:33.5766667", datetime(2026, 7, 13, 22, 36, 33, 576666, tzinfo=UTC)),
        ("2026-07-13T22:36:33.5766667Z", datetime(2026, 7, 13, 22, 36, 33, 576666, tzinfo=UTC)),
        ("2026-07-13", datetime(2026, 7, 13, tzinfo=UTC)),
        ("9999-12-31T23:59:59.9999999", datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)),
        ("1980-01-01T00:00:00Z", datetime(1980, 1, 1, tzinfo=UTC)),
        ("0001-01-01T00:00:00", None),
        ("0001-01-01T00:00:00Z", None),
        ("", None),
        (" ", None),
        (None, None),
    ],
)
def test_every_spelling_of_a_moment_is_read(sent, meant):
    assert wire.parse_one(wire.Ticket, ticket(TicketCreatedDate=sent)).TicketCreatedDate == meant


def test_a_moment_keeps_an_offset_that_atera_wrote():
    moment = wire.parse_one(
        wire.Ticket, ticket(TicketCreatedDate="2025-04-16T18:34:41+02:00")
    ).TicketCreatedDate
    assert moment.utcoffset() == timedelta(hours=2)
    assert moment == datetime(2025, 4, 16, 18, 34, 41, tzinfo=timezone(timedelta(hours=2)))


@pytest.mark.parametrize("sent", ["soon", 20261122, True, {}, "22/11/2026"])
def test_what_is_no_moment_makes_a_bad_row(sent):
    parsed = wire.parse(wire.Ticket, [ticket(TicketCreatedDate=sent)])
    assert parsed.bad[0].reason.startswith("TicketCreatedDate: is no ")


def test_moments_without_a_zone_are_flagged_by_field():
    naive, aware = "2026-07-13T22:36:33.57", "2026-07-13T22:36:33Z"
    rows = [ticket(TicketCreatedDate=naive, TicketResolvedDate=aware), ticket(TicketCreatedDate=naive)]
    assert wire.parse(wire.Ticket, rows).naive_times == {"TicketCreatedDate": 2}
    assert wire.parse(wire.Ticket, [*rows, {}]).naive_times == {"TicketCreatedDate": 2}


def test_a_comment_needs_its_date():
    assert [row.reason for row in wire.parse(wire.Comment, [{"Date": ""}, {}]).bad] == [
        "Date: is empty",
        "Date: Field required",
    ]


def test_patches_are_read_in_both_spellings():
    june = {
        "deviceGuid": "g",
        "installedUpdates": [{"name": "KB", "class": "Security", "kbId": "5", "installDate": ""}],
    }
    march = {
        "DeviceGuid": "g",
        "InstalledUpdates": [{"Name": "KB", "Class": "Security", "KBId": "5", "InstallDate": None}],
    }
    parsed = wire.parse(wire.InstalledPatches, [june, march])
    assert parsed.rows[0][0] == parsed.rows[1][0]
    assert parsed.rows[0][0].InstalledUpdates[0].Class == "Security"
    assert (parsed.unknown_fields, parsed.missing_fields) == (Counter(), {"Timestamp": 2})


def test_a_contract_shows_the_terms_its_type_names():
    terms = {"HoursIncluded": 20.0, "PricePerHour": {"RateID": 7, "Amount": 95}}
    contract = {
        "ContractID": 41,
        "ContractType": "BlockHours",
        "BlockHoursContract": terms,
        "HourlyContract": None,
    }
    assert wire.parse_one(wire.Contract, contract).terms.PricePerHour.Amount == 95
    assert wire.parse_one(wire.Contract, contract | {"ContractType": "Hourly"}).terms is None
    assert wire.parse_one(wire.Contract, contract | {"ContractType": "Barter"}).terms is None


@given(
    st.lists(
        JSON | st.dictionaries(st.sampled_from(sorted(wire.Ticket.model_fields)), JSON, max_size=4),
        max_size=4,
    )
)
def test_whatever_json_comes_each_row_is_either_read_or_reported(items):
    parsed = wire.parse(wire.Ticket, items)
    assert len(parsed.rows) + len(parsed.bad) == len(items)


@given(st.dictionaries(st.text(), JSON, max_size=6), st.randoms(use_true_random=False))
def test_a_fingerprint_fits_64_bits_and_does_not_depend_on_the_order_of_keys(raw, random):
    names = list(raw)
    random.shuffle(names)
    fingerprint = wire.canonical_hash(raw)
    assert -(2**63) <= fingerprint < 2**63
    assert wire.canonical_hash({name: raw[name] for name in names}) == fingerprint


def test_a_fingerprint_changes_with_any_value():
    assert len({wire.canonical_hash({"a": value}) for value in (1, 2, "1", None, [1], {"a": 1})}) == 6
