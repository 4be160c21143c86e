"""What a span says, and what it must not."""

import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode
from sqlalchemy import select, text

from helpdesk_mcp import traces
from helpdesk_mcp.store import tables
from helpdesk_mcp.store.engines import read_engine
from helpdesk_mcp.traces import exporting

pytestmark = pytest.mark.anyio


@pytest.fixture
def spans(monkeypatch):
    """Let spans be made without OpenTelemetry's provider for the whole process; returns those that were sent."""
    exporter = InMemorySpanExporter()
    provider = exporting.provider("helpdesk-mcp-test", exporter)
    monkeypatch.setattr(traces._Switch, "tracer", provider.get_tracer("test"))

    def sent():
        provider.force_flush()
        return exporter.get_finished_spans()

    yield sent
    provider.shutdown()


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("SELECT mirror.ticket.id FROM mirror.ticket WHERE id = $1", ("SELECT", "mirror.ticket")),
        ("INSERT INTO helpdesk.journal (id) VALUES ($1)", ("INSERT", "helpdesk.journal")),
        ("UPDATE helpdesk.token SET last_used_at = now()", ("UPDATE", "helpdesk.token")),
        ("DELETE FROM helpdesk.draft WHERE expires_at < now()", ("DELETE", "helpdesk.draft")),
        ("WITH wanted AS (SELECT 1) SELECT 1 FROM mirror.machine", ("SELECT", "mirror.machine")),
        ("SELECT * FROM unnest($1::text[]) AS s JOIN mirror.site ON true", ("SELECT", None)),
        ("SELECT clock_timestamp()", ("SELECT", None)),
        ("show transaction_read_only", ("SHOW", None)),
    ],
)
def test_of_a_statement_its_kind_and_table_are_told(sql, said):
    assert traces.statement(sql) == said


async def test_statements_have_spans_without_values_below_the_span_around_them(spans, database_url):
    engine = read_engine(database_url)
    async with engine.connect() as connection:
        with traces.span("outside", {}, outgoing=False):
            await connection.execute(select(tables.ticket).where(tables.ticket.c.title == "Mrs. Smith"))
            with pytest.raises(Exception, match="no_such_table"):
                await connection.execute(text("SELECT 'Mrs. Smith' FROM no_such_table"))
    await engine.dispose()
    found = {span.name: span for span in spans()}
    around, good, bad = (found[name] for name in ("outside", "SELECT mirror.ticket", "SELECT no_such_table"))
    assert {good.parent.span_id, bad.parent.span_id} == {around.context.span_id}
    assert dict(good.attributes) == {
        "db.system.name": "postgresql",
        "db.operation.name": "SELECT",
        "db.collection.name": "mirror.ticket",
    }
    assert (bad.status.status_code, bad.attributes["error.type"]) == (StatusCode.ERROR, "42P01")
    assert "Smith" not in "".join(span.to_json() for span in found.values())


async def test_what_an_error_says_is_not_sent(spans):
    def fail():
        with traces.span("GET tickets/{id}", {}) as span:
            span.set_status(StatusCode.ERROR, "Mrs. Smith")
            span.record_exception(KeyError("Mrs. Smith"))
            raise ValueError("Mrs. Smith")

    with pytest.raises(ValueError, match="Smith"):
        fail()
    (sent,) = spans()
    assert "Smith" not in sent.to_json()
    assert (sent.status.status_code, sent.attributes["error.type"]) == (StatusCode.ERROR, "ValueError")


def test_without_a_collector_nothing_is_made():
    with traces.sending("serve", wanted=False), traces.span("outside", {}) as span:
        assert not traces.are_on()
        assert span is None
        traces.mark(request="1")
        traces.ended(traces.begun("SELECT 1"))
