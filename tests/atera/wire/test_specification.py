"""The records against Atera's own specification, where a copy of it lies beside the repository."""

import json
from pathlib import Path

import pytest

from helpdesk_mcp.atera import wire

SPECIFICATION = Path(__file__).parents[4] / "shared" / "data" / "atera-openapi-2026-07.json"

DTO_OF = {
    wire.Account: "AccountInfoResponse",
    wire.Agent: "AgentDto",
    wire.Alert: "AlertDto",
    wire.Battery: "BatteryDto",
    wire.Comment: "TicketCommentDto",
    wire.Contact: "ContactDto",
    wire.Contract: "ContractDto",
    wire.CustomField: "CustomFieldDto",
    wire.CustomValue: "CustomValueDto",
    wire.Customer: "CustomerDto",
    wire.Disk: "HardwareDiskDto",
    wire.FieldOption: "OptionFieldValues",
    wire.KnowledgeBaseArticle: "KnowledgeBaseDto",
    wire.Rate: "RateDto",
    wire.Ticket: "TicketDto",
    wire.TicketWorkHour: "TicketWorkHoursDto",
    wire.WorkHour: "WorkhourRecordDto",
}
ANY_CASE_DTO_OF = {
    wire.AvailablePatch: "AgentAvailableUpdateDto",
    wire.AvailablePatches: "AgentAvailableUpdatesResponse",
    wire.InstalledPatch: "AgentInstalledUpdateDto",
    wire.InstalledPatches: "AgentInstalledUpdatesResponse",
}


@pytest.fixture(scope="module")
def schemas():
    if not SPECIFICATION.exists():
        pytest.skip("no copy of Atera's specification beside the repository")
    return json.loads(SPECIFICATION.read_text(encoding="utf-8"))["components"]["schemas"]


@pytest.mark.parametrize("record", DTO_OF, ids=lambda record: record.__name__)
def test_a_record_has_exactly_ateras_fields(schemas, record):
    assert set(record.model_fields) == set(schemas[DTO_OF[record]]["properties"])


@pytest.mark.parametrize("record", ANY_CASE_DTO_OF, ids=lambda record: record.__name__)
def test_a_patch_record_has_ateras_fields_in_either_spelling(schemas, record):
    sent = {name.lower() for name in schemas[ANY_CASE_DTO_OF[record]]["properties"]}
    assert {name.lower() for name in record.model_fields} == sent


def test_contract_terms_hold_the_fields_of_all_eight_kinds(schemas):
    kinds = [name for name in schemas["ContractDto"]["properties"] if name.endswith("Contract")]
    sent = {field for kind in kinds for field in schemas[f"{kind}Dto"]["properties"]}
    assert len(kinds) == 8
    assert set(wire.ContractTerms.model_fields) == sent


@pytest.mark.parametrize("record", DTO_OF, ids=lambda record: record.__name__)
def test_every_documented_null_is_accepted(schemas, record):
    fields = schemas[DTO_OF[record]]["properties"]
    row = {name: None for name, field in fields.items() if field.get("nullable")}
    for name, field in record.model_fields.items():
        if field.is_required():
            row[name] = "2026-11-22T08:20:40Z" if name == "Date" else "7"
    assert wire.parse(record, [row]).bad == []
