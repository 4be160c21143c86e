"""Traces for OpenTelemetry, sent where the operator's `OTEL_*` variables say; without those nothing of it is even imported.

A span tells what kind of thing was done and how long it took: a tool's name, a table's, a path with its ids taken out. No value
of a query, no argument, no text. MCP's SDK makes the span around each call by itself.
"""

import logging
import re
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from threading import Thread
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from opentelemetry.trace import Span, Tracer

LAST_S = 1.0
"""Seconds at the end of a process for what was not sent yet: a collector that is away must not hold up the exit."""

_KIND = re.compile(r"\b(SELECT|INSERT|UPDATE|DELETE)\b")
_TABLE = re.compile(r"\b(?:FROM|INTO|UPDATE)\s+(?:ONLY\s+)?([a-z_]+(?:\.[a-z_]+)?)\b(?![.(])")

_log = logging.getLogger(__name__)


class _Switch:
    """Whether this process traces: once for a process, as OpenTelemetry's own provider is."""

    tracer: "Tracer | None" = None


def are_on() -> bool:
    """Return whether spans go anywhere."""
    return _Switch.tracer is not None


@contextmanager
def sending(role: str, *, wanted: bool) -> Generator[None]:
    """Send the spans that are made inside, if `wanted`; `role` is serve or worker. The last ones are sent at the end."""
    provider = _provider(role) if wanted else None
    if provider is None:
        yield
        return
    from opentelemetry import trace  # noqa: PLC0415 - only where it is used

    trace.set_tracer_provider(provider)
    _Switch.tracer = provider.get_tracer("helpdesk-mcp")
    try:
        yield
    finally:
        _Switch.tracer = None
        # In a thread that nobody has to wait for: sending has timeouts and retries of its own, longer than a stop may take.
        last = Thread(target=provider.shutdown, name="last traces", daemon=True)
        last.start()
        last.join(LAST_S)


@contextmanager
def span(name: str, attributes: Mapping[str, Any], *, outgoing: bool = True) -> "Generator[Span | None]":
    """Make a span around a request to somebody else, or around work of our own; None where nothing is traced."""
    if _Switch.tracer is None:
        yield None
        return
    from opentelemetry.trace import SpanKind, Status, StatusCode  # noqa: PLC0415 - only where it is used

    made = _Switch.tracer.start_as_current_span(
        name,
        kind=SpanKind.CLIENT if outgoing else SpanKind.INTERNAL,
        attributes=dict(attributes),
        record_exception=False,
        set_status_on_exception=False,
    )
    with made as current:
        try:
            yield current
        except Exception as error:
            # Its kind and not its message, which may quote a value.
            current.set_attribute("error.type", type(error).__name__)
            current.set_status(Status(StatusCode.ERROR))
            raise


def mark(**attributes: str) -> None:
    """Put attributes, under our name, on the span around the call that this task works for."""
    if _Switch.tracer is None:
        return
    from opentelemetry.trace import get_current_span  # noqa: PLC0415 - only where it is used

    get_current_span().set_attributes({f"helpdesk.{name}": value for name, value in attributes.items()})


@contextmanager
def continued(headers: Mapping[str, str]) -> Generator[None]:
    """Let the spans made inside belong to the trace that a request's headers name."""
    if _Switch.tracer is None or "traceparent" not in headers:
        yield
        return
    from opentelemetry import context, propagate  # noqa: PLC0415 - only where it is used

    token = context.attach(propagate.extract(dict(headers)))
    try:
        yield
    finally:
        context.detach(token)


def statement(sql: str) -> tuple[str, str | None]:
    """Return what a statement does and to which table, by its words outside of any value."""
    kind = _KIND.search(sql)
    table = _TABLE.search(sql)
    return kind[1] if kind else sql.split(None, 1)[0].upper(), table[1] if table else None


def begun(sql: str) -> Any:
    """Begin the span of a database statement, as a child of the present one; for `ended`."""
    if _Switch.tracer is None:
        return None
    from opentelemetry.trace import SpanKind  # noqa: PLC0415 - only where it is used

    kind, table = statement(sql)
    attributes = {"db.system.name": "postgresql", "db.operation.name": kind}
    if table is not None:
        attributes["db.collection.name"] = table
    return _Switch.tracer.start_span(
        f"{kind} {table}" if table else kind, kind=SpanKind.CLIENT, attributes=attributes
    )


def ended(begun_span: Any, error_type: str | None = None) -> None:
    """End what `begun` returned."""
    if begun_span is None:
        return
    if error_type is not None:
        from opentelemetry.trace import Status, StatusCode  # noqa: PLC0415 - only where it is used

        begun_span.set_attribute("error.type", error_type)
        begun_span.set_status(Status(StatusCode.ERROR))
    begun_span.end()


def _provider(role: str) -> Any:
    try:
        from . import exporting  # noqa: PLC0415 - loads OpenTelemetry's SDK, which may not be there
    except ImportError:
        _log.warning(
            "traces_not_sent reason=%r",
            "OTEL_ variables name a collector, and helpdesk-mcp[otel] is not installed",
        )
        return None
    return exporting.provider(f"helpdesk-mcp-{role}")
