"""What is known of each call from outside: its id, a line in the log, its counts, and marks on its trace.

The line says who called what, how it ended and how long it took; never the arguments or the answer.
"""

import asyncio
import logging
import re
import secrets
import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from mcp.server import ServerRequestContext
from mcp_types.version import MODERN_PROTOCOL_VERSIONS

from helpdesk_mcp import logs, metrics, traces
from helpdesk_mcp.sdk import Caller

from .calls import Failed
from .leaving import Departure, Leaving

UNKNOWN = "unknown"
"""Stands for every name that does not exist: clients choose those, and each would be a new time series."""

_TRACE = re.compile(r"[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")
_SANE = re.compile(r"[A-Za-z0-9._:-]{1,64}")

_log = logging.getLogger(__name__)


@asynccontextmanager
async def watched(
    context: ServerRequestContext[Any], caller: Caller, name: str, departure: Departure
) -> AsyncGenerator[None]:
    """Carry a call out under its id, and tell of it when it has ended.

    Raises:
        Failed: with a sentence for the caller.
    """
    identity = identify(context)
    with logs.of_request(identity), metrics.CALLS_IN_FLIGHT.track_inprogress():
        outcome, started = "ok", time.perf_counter()
        try:
            async with departure.call():
                yield
        except Failed as failure:
            outcome = failure.outcome
            raise
        except Leaving as leaving:
            outcome = "stopped"
            raise Failed(str(leaving), outcome) from leaving
        except asyncio.CancelledError:
            outcome = "cancelled"
            raise
        finally:
            seconds = time.perf_counter() - started
            metrics.called(name, outcome, seconds)
            traces.mark(request=identity, outcome=outcome)
            era = "modern" if context.protocol_version in MODERN_PROTOCOL_VERSIONS else "handshake"
            _log.info(
                "call name=%s outcome=%s ms=%d person=%r era=%s",
                name,
                outcome,
                seconds * 1000,
                caller.person,
                era,
            )


def identify(context: ServerRequestContext[Any]) -> str:
    """Return the id of a request: that of the trace it belongs to, the one its sender gave, or a new one."""
    headers: Mapping[str, Any] = {} if context.request is None else context.request.headers
    for said in ((context.meta or {}).get("traceparent"), headers.get("traceparent")):
        if found := _TRACE.fullmatch(str(said)):
            return found[1]
    given = str(headers.get("x-request-id", ""))
    return given if _SANE.fullmatch(given) else secrets.token_hex(4)
