"""Traces of real processes, as a collector receives them over HTTP."""

import contextlib
import signal
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from tests import processes

from atera_simulator.seed import build_world
from atera_simulator.serve import Simulator

pytestmark = pytest.mark.anyio
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


class Collector:
    """Takes spans in OTLP over HTTP and keeps them as (service, name, attributes, trace id)."""

    def __init__(self):
        self.spans = []
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                assert self.path == "/v1/traces"
                body = self.rfile.read(int(self.headers["content-length"]))
                collector.take(ExportTraceServiceRequest.FromString(body))
                self.send_response(200)
                self.send_header("content-type", "application/x-protobuf")
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def take(self, request):
        for group in request.resource_spans:
            service = next(a.value.string_value for a in group.resource.attributes if a.key == "service.name")
            for scope in group.scope_spans:
                self.spans += [(service, span.name, said(span), span.trace_id.hex()) for span in scope.spans]

    def named(self, name):
        return [span for span in self.spans if span[1] == name]

    @contextlib.contextmanager
    def listening(self):
        thread = threading.Thread(target=self._server.serve_forever)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            thread.join()


def said(span):
    return {a.key: a.value.string_value or a.value.int_value for a in span.attributes}


@pytest.fixture
def collector(monkeypatch):
    with Collector().listening() as one:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", one.url)
        monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "100")
        yield one


async def test_a_call_is_traced_to_its_statements_and_belongs_to_the_trace_of_its_sender(
    collector, database_url
):
    headers = {"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"}
    with processes.http(database_url=database_url) as url:
        for mode in ("auto", "legacy"):
            async with (
                httpx2.AsyncClient(trust_env=False, headers=headers) as http,
                Client(streamable_http_client(url, http_client=http), mode=mode) as client,
            ):
                tools = (await client.list_tools()).tools
                name = next(one.name for one in tools if not one.input_schema.get("required"))
                await client.call_tool(name, {})
    calls = collector.named(f"tools/call {name}")
    assert [(service, trace) for service, _, _, trace in calls] == [("helpdesk-mcp-serve", TRACE)] * 2
    for _, _, attributes, _ in calls:
        assert (attributes["helpdesk.request"], attributes["helpdesk.outcome"]) == (TRACE, "ok")
    statements = [span for span in collector.spans if "db.system.name" in span[2]]
    assert TRACE in {span[3] for span in statements}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends processes without asking them")
def test_the_worker_traces_a_run_with_its_requests(collector, bare_database_url):
    with Simulator(build_world("tiny"), rate_per_minute=None) as atera:
        process = subprocess.Popen(
            [*processes.COMMAND, "worker"],
            env=processes.environment(
                database_url=bare_database_url,
                atera_url=atera.url,
                atera_token=atera.token,
                atera_requests_per_minute=6000,
            ),
            stderr=subprocess.PIPE,
        )
        try:
            deadline = time.monotonic() + 60
            while not collector.named("sync customers"):
                assert time.monotonic() < deadline
            process.send_signal(signal.SIGTERM)
            _, errors = process.communicate(timeout=10)
        finally:
            process.kill()
            process.communicate()
    assert process.returncode == 0, errors.decode()
    ((service, _, _, trace),) = collector.named("sync customers")
    assert service == "helpdesk-mcp-worker"
    requests = [span for span in collector.named("GET customers") if span[3] == trace]
    assert {span[2]["http.response.status_code"] for span in requests} == {200}
    assert {span[2]["url.template"] for span in requests} == {"customers"}


async def test_a_collector_that_is_away_holds_up_neither_answers_nor_the_end(database_url, monkeypatch):
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{processes.free_port()}")
    with processes.http(database_url=database_url) as url:
        async with Client(url) as client:
            tools = (await client.list_tools()).tools
            name = next(one.name for one in tools if not one.input_schema.get("required"))
            assert not (await client.call_tool(name, {})).is_error
        began = time.monotonic()
    assert time.monotonic() - began < 10


def test_without_a_collector_the_sdk_is_not_even_imported(database_url):
    done = subprocess.run(
        [sys.executable, "-X", "importtime", *processes.COMMAND[1:], "serve"],
        input="",
        env=processes.environment(database_url=database_url),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert "helpdesk_mcp.server.stdio" in done.stderr
    assert "opentelemetry.sdk" not in done.stderr
    assert "helpdesk_mcp.traces.exporting" not in done.stderr
