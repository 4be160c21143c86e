import json
from pathlib import Path

import jsonschema
import pytest

SPEC = Path(__file__).parents[4] / "shared" / "data" / "atera-openapi-2026-07.json"
SAMPLE = 150


@pytest.fixture(scope="module")
def schemas():
    if not SPEC.exists():
        pytest.skip("Atera's own specification is not at hand")
    return json.loads(SPEC.read_text(encoding="utf-8"))["components"]["schemas"]


def strict(node, schemas, *, top=True):
    """Return an OpenAPI schema as JSON Schema that wants every field and no other; nested objects may be null."""
    if "$ref" in node:
        return strict(schemas[node["$ref"].rsplit("/", 1)[1]], schemas, top=top)
    found = {key: value for key, value in node.items() if key in {"type", "enum"}}
    if "properties" in node:
        properties = {name: strict(part, schemas, top=False) for name, part in node["properties"].items()}
        found |= {"properties": properties, "required": list(properties), "additionalProperties": False}
    if "items" in node:
        found["items"] = strict(node["items"], schemas, top=True)
    may_be_null = not top and (node.get("nullable") or node.get("type") == "object")
    return {"anyOf": [found, {"type": "null"}]} if may_be_null else found


TABLES = (
    ("AccountInfoResponse", lambda world: [world.account]),
    ("CustomerDto", lambda world: world.customers.values()),
    ("ContactDto", lambda world: world.contacts.values()),
    ("DepartmentDto", lambda world: world.departments.values()),
    ("ContractDto", lambda world: world.contracts.values()),
    ("RateDto", lambda world: [*world.products.values(), *world.expenses.values()]),
    ("AgentDto", lambda world: world.agents.values()),
    ("AlertDto", lambda world: world.alerts.values()),
    ("TicketDto", lambda world: world.tickets.values()),
    ("TicketCommentDto", lambda world: [comment for thread in world.comments.values() for comment in thread]),
    ("WorkhourRecordDto", lambda world: world.work_hours.values()),
    ("KnowledgeBaseDto", lambda world: world.knowledge_base.values()),
    ("CustomFieldDto", lambda world: world.custom_fields),
    ("CustomValueDto", lambda world: [value for values in world.custom_values.values() for value in values.values()]),
    ("InvoiceDto", lambda world: world.invoices.values()),
    ("AgentInstalledUpdateDto", lambda world: [row for patch in world.patches.values() for row in patch["installedUpdates"]]),
    ("AgentAvailableUpdateDto", lambda world: [row for patch in world.patches.values() for row in patch["availableUpdates"]]),
)  # fmt: skip


@pytest.mark.parametrize(("name", "rows"), TABLES, ids=[name for name, _ in TABLES])
def test_records_hold_exactly_the_fields_of_ateras_own_schema(demo, schemas, name, rows):
    records = list(rows(demo))
    fields = set(schemas[name]["properties"])
    assert all(set(record) == fields for record in records)
    checker = jsonschema.Draft202012Validator(strict(schemas[name], schemas))
    step = max(1, len(records) // SAMPLE)
    faults = [error.message for record in records[::step] for error in checker.iter_errors(record)]
    assert faults == []
