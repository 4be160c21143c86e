"""What Prometheus can ask this process: calls of tools, runs of the sync. Counted always, served where asked for.

Names of customers, people and tickets never become labels: labels are names of tools and of streams.
"""

from collections import Counter as Counted
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from socketserver import ThreadingMixIn
from threading import Thread
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment
    from sqlalchemy import Engine

_CALL_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.3, 1, 3, 10, 30)

CALLS = Counter("helpdesk_calls", "Calls of tools, prompts and resources.", ["name", "outcome"])
CALL_SECONDS = Histogram(
    "helpdesk_call_seconds",
    "Time from a call's arguments to its text.",
    ["name"],
    buckets=_CALL_BUCKETS,
)
CALLS_IN_FLIGHT = Gauge("helpdesk_calls_in_flight", "Calls that are not answered yet.")
CHANGES = Counter("helpdesk_changes", "Changes to tickets by what became of them.", ["outcome"])
RUNS = Counter("helpdesk_sync_runs", "Runs of a stream of the sync.", ["stream", "outcome"])
RUN_SECONDS = Counter("helpdesk_sync_run_seconds", "Time spent in runs of a stream.", ["stream"])
REQUESTS = Counter("helpdesk_atera_requests", "Calls to Atera by the sync, retries included.", ["stream"])
ATERA_SECONDS = Histogram(
    "helpdesk_atera_request_seconds",
    "Time from sending a request to Atera to the end of its answer, by method and HTTP status; none: no answer came.",
    ["method", "status"],
    buckets=_CALL_BUCKETS,
)
ATERA_WAIT_SECONDS = Counter(
    "helpdesk_atera_wait_seconds",
    "Time that requests to Atera waited for the rate limit or between two attempts.",
)
ATERA_THROTTLED = Counter("helpdesk_atera_throttled", "Answers of Atera that said: too many requests (429).")
ROWS = Counter("helpdesk_sync_rows", "Records by what became of them.", ["stream", "fate"])
LAST_SUCCESS = Gauge(
    "helpdesk_sync_last_success_timestamp_seconds", "End of the last complete run.", ["stream"]
)
READY = Gauge(
    "helpdesk_ready", "1 while the server can answer questions, as of the last look at /readyz or here."
)
LAG = Gauge(
    "helpdesk_sync_lag_seconds",
    "Age of the local copy: since when Atera may have changed without it. From the database.",
    ["stream"],
)
LAST_RUN_REQUESTS = Gauge(
    "helpdesk_sync_last_run_requests",
    "Calls to Atera of the newest finished run, retries included. From the database.",
    ["stream"],
)
LAST_RUN_ROWS = Gauge(
    "helpdesk_sync_last_run_rows",
    "Records of the newest finished run by what became of them. From the database.",
    ["stream", "fate"],
)
LAST_RUN_FAILED = Gauge(
    "helpdesk_sync_last_run_failed",
    "1 when the newest finished run failed, 0 when it did not. From the database.",
    ["stream"],
)

_ALIVE = ("/livez", "/healthz")
FATES = ("inserted", "changed", "unchanged", "deleted", "quarantined")


def called(name: str, outcome: str, seconds: float) -> None:
    """Count a call: outcome is ok, refused (the caller can do something about it), timeout, bug, cancelled or stopped."""
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


def recorded(runs: Iterable[Any], now: Callable[[], datetime]) -> None:
    """Show what the database says of the newest finished runs (rows of `store.runs.newest_of_each`), and of no others.

    Ages grow from then on by the clock `now`.
    """
    for gauge in (LAG, LAST_SUCCESS, LAST_RUN_REQUESTS, LAST_RUN_ROWS, LAST_RUN_FAILED):
        gauge.clear()
    for run in runs:
        LAST_RUN_REQUESTS.labels(run.stream).set(run.requests)
        LAST_RUN_FAILED.labels(run.stream).set(run.outcome == "failed")
        for fate in FATES:
            LAST_RUN_ROWS.labels(run.stream, fate).set(getattr(run, fate))
        if run.succeeded_at is not None:
            LAST_SUCCESS.labels(run.stream).set(run.succeeded_at.timestamp())
        if run.as_of is not None:
            LAG.labels(run.stream).set_function(partial(_age_s, run.as_of, now))


def _age_s(since: datetime, now: Callable[[], datetime]) -> float:
    return (now() - since).total_seconds()


def watch_pool(engine: "Engine", name: str) -> None:
    """Show how many connections of an engine are in use and idle, for as long as the engine lives."""
    _POOLS.engines[engine] = name


class _Pools(Collector):
    """Reads the pools when Prometheus asks, and not at each use of a connection."""

    def __init__(self) -> None:
        self.engines: WeakKeyDictionary[Engine, str] = WeakKeyDictionary()

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """Return what Prometheus shows; engines of one name are added up."""
        found: Counted[tuple[str, str]] = Counted()
        for engine, name in list(self.engines.items()):
            # Read anew each time: an engine that has lost its database makes itself another pool.
            pool: Any = engine.pool
            found[name, "in_use"] += pool.checkedout()
            found[name, "idle"] += pool.checkedin()
        family = GaugeMetricFamily(
            "helpdesk_database_connections",
            "Connections to Postgres of this process.",
            labels=["engine", "state"],
        )
        for labels, count in found.items():
            family.add_metric(labels, count)
        yield family


_POOLS = _Pools()
REGISTRY.register(_POOLS)


def page() -> tuple[bytes, str]:
    """Return the page that Prometheus reads, and its content type."""
    return generate_latest(), CONTENT_TYPE_LATEST


def serve(host: str, port: int, alive: Callable[[], tuple[bool, str]]) -> None:
    """Serve the page from a thread, at every path but `/livez` and `/healthz`: for processes that serve nothing else.

    Those say what `alive` returns, with status 503 where that is False.
    """

    def application(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        if environ["PATH_INFO"] not in _ALIVE:
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
