"""What Prometheus can ask this process: calls of tools, runs of the sync. Counted always, served where asked for.

Names of customers, people and tickets never become labels: labels are names of tools and of streams.
"""

from collections.abc import Callable, Iterable
from socketserver import ThreadingMixIn
from threading import Thread
from typing import TYPE_CHECKING
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

CALLS = Counter("helpdesk_calls", "Calls of tools, prompts and resources.", ["name", "outcome"])
CALL_SECONDS = Histogram(
    "helpdesk_call_seconds",
    "Time from a call's arguments to its text.",
    ["name"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.3, 1, 3, 10, 30),
)
RUNS = Counter("helpdesk_sync_runs", "Runs of a stream of the sync.", ["stream", "outcome"])
RUN_SECONDS = Counter("helpdesk_sync_run_seconds", "Time spent in runs of a stream.", ["stream"])
REQUESTS = Counter("helpdesk_atera_requests", "Calls to Atera, retries included.", ["stream"])
ROWS = Counter("helpdesk_sync_rows", "Records by what became of them.", ["stream", "fate"])
LAST_SUCCESS = Gauge(
    "helpdesk_sync_last_success_timestamp_seconds", "End of the last complete run.", ["stream"]
)

FATES = ("inserted", "changed", "unchanged", "deleted", "quarantined")


def called(name: str, outcome: str, seconds: float) -> None:
    """Count a call: outcome is ok, refused (the caller can do something about it), timeout or bug."""
    CALLS.labels(name, outcome).inc()
    CALL_SECONDS.labels(name).observe(seconds)


def ran(stream: str, outcome: str, *, seconds: float, requests: int, fates: dict[str, int]) -> None:
    """Count a run of a stream; `fates` says how many records were inserted, changed, unchanged, deleted, quarantined."""
    RUNS.labels(stream, outcome).inc()
    RUN_SECONDS.labels(stream).inc(seconds)
    REQUESTS.labels(stream).inc(requests)
    for fate in FATES:
        ROWS.labels(stream, fate).inc(fates[fate])
    if outcome == "ok":
        LAST_SUCCESS.labels(stream).set_to_current_time()


def page() -> tuple[bytes, str]:
    """Return the page that Prometheus reads, and its content type."""
    return generate_latest(), CONTENT_TYPE_LATEST


def serve(host: str, port: int, alive: Callable[[], tuple[bool, str]]) -> None:
    """Serve the page from a thread, at every path but `/livez`: for processes that serve nothing else.

    `/livez` says what `alive` returns, with status 503 where that is False.
    """

    def application(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        if environ["PATH_INFO"] != "/livez":
            body, content_type = page()
            start("200 OK", [("Content-Type", content_type)])
            return [body]
        well, line = alive()
        start(
            "200 OK" if well else "503 Service Unavailable", [("Content-Type", "text/plain; charset=utf-8")]
        )
        return [line.encode()]

    server = make_server(host, port, application, _Server, _Silent)
    Thread(target=server.serve_forever, name="metrics", daemon=True).start()


class _Server(ThreadingMixIn, WSGIServer):
    """One thread for each caller, so that none can keep the others waiting."""

    daemon_threads = True


class _Silent(WSGIRequestHandler):
    """Does not log each request."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Drop it."""
