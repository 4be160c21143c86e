"""One call to Atera as its caller sees it: a turn from the rate limit, a request, a verdict, and again where that is safe.

A read is repeated after whatever may pass. A write goes out once: Atera knows no idempotency key, so a second copy would be
a second comment or a second hour. The one exception is a 429, where Atera refused before doing anything.
"""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from helpdesk_mcp import metrics, traces
from helpdesk_mcp.atera.answers import Refusals, looks_like_html, read_json, said
from helpdesk_mcp.atera.clock import Clock
from helpdesk_mcp.atera.credentials import Credentials
from helpdesk_mcp.atera.errors import AteraError, BadAnswer, Throttled, Unavailable, WriteUnknown
from helpdesk_mcp.atera.rate import TokenBucket
from helpdesk_mcp.atera.retry import Effort, PassingTrouble, RetryPolicy, retry_after_s
from helpdesk_mcp.atera.stats import Ledger, path_template
from helpdesk_mcp.atera.transport import Answer, Transport

logger = logging.getLogger(__name__)

_TOO_MANY_REQUESTS = 429
_REQUEST_TIMEOUT = 408
_NOT_FOUND = 404
_SERVER_ERROR = 500


@dataclass(frozen=True, slots=True)
class Call:
    """What is asked for. `urgent` when a person waits for it."""

    method: str
    path: str
    params: Mapping[str, Any] | None = None
    body: Any = None
    urgent: bool = False
    needs_body: bool = False
    """An empty answer is no answer: a list always has its envelope, a missing record may be empty."""

    def __str__(self) -> str:
        return f"{self.method} {self.path.strip('/')}"


class Caller:
    """Sends calls, one attempt after another."""

    def __init__(
        self,
        transport: Transport,
        credentials: Credentials,
        bucket: TokenBucket,
        policy: RetryPolicy,
        clock: Clock,
    ) -> None:
        self.ledger = Ledger()
        self._transport = transport
        self._refusals = Refusals(credentials)
        self._credentials = credentials
        self._bucket = bucket
        self._policy = policy
        self._clock = clock

    async def read(self, call: Call) -> tuple[Answer, Any]:
        """Return the answer of a GET and its JSON (None where it is empty), after as many attempts as the policy allows."""
        effort = Effort(self._policy)
        while True:
            try:
                answer = await self._attempt(call, effort)
                return answer, _value(call, answer)
            except PassingTrouble as trouble:
                await self._hold(call, effort, trouble)

    async def write(self, call: Call) -> tuple[Answer, Any]:
        """Return the answer of a write and its JSON. WriteUnknown when the request left and the outcome was lost."""
        effort = Effort(self._policy)
        while True:
            try:
                answer = await self._attempt(call, effort)
                return answer, read_json(answer)
            except PassingTrouble as trouble:
                if not trouble.throttled:
                    raise self._lost(call, trouble) from trouble
                await self._hold(call, effort, trouble)

    async def _attempt(self, call: Call, effort: Effort) -> Answer:
        await self._turn(call)
        effort.tried += 1
        self.ledger.sent(call.path, again=effort.tried > 1)
        started, status = self._clock.monotonic(), "none"
        try:
            answer = await self._exchange(call, effort)
            status = str(answer.status)
        finally:
            seconds = self._clock.monotonic() - started
            effort.spent_s += seconds
            metrics.ATERA_SECONDS.labels(call.method, status).observe(seconds)
        self.ledger.answered(size_bytes=len(answer.body), throttled=answer.status == _TOO_MANY_REQUESTS)
        self._judge(call, answer)
        return answer

    async def _exchange(self, call: Call, effort: Effort) -> Answer:
        template = path_template(call.path)
        attributes: dict[str, Any] = {"http.request.method": call.method, "url.template": template}
        if effort.tried > 1:
            attributes["http.request.resend_count"] = effort.tried - 1
        with traces.span(f"{call.method} {template}", attributes) as span:
            answer = await self._transport.exchange(call.method, call.path, call.params, call.body)
            if span is not None:
                span.set_attribute("http.response.status_code", answer.status)
        return answer

    async def _turn(self, call: Call) -> None:
        """Wait for the rate limit: a back-fill as long as it takes, a person no longer than the budget."""
        patience_s = self._policy.budget_s
        try:
            async with asyncio.timeout(patience_s if call.urgent else None):
                waited_s = await self._bucket.take(urgent=call.urgent)
        except TimeoutError:
            raise Throttled(
                f"{call} was not sent: the limit of requests to Atera left no room within {patience_s:g} seconds. "
                "Nothing was changed; try again in a minute."
            ) from None
        self.ledger.waited(waited_s)

    def _judge(self, call: Call, answer: Answer) -> None:
        """Let a success pass, and a 404 on a read, which is an answer too; raise the rest."""
        status = answer.status
        if status == _TOO_MANY_REQUESTS:
            wants_s = retry_after_s(answer.headers.get("retry-after"), answer.sent_at)
            raise PassingTrouble("it refused for too many requests (429)", throttled=True, wants_s=wants_s)
        if status >= _SERVER_ERROR or status == _REQUEST_TIMEOUT:
            raise PassingTrouble(f"Atera answered {status}")
        is_success = 200 <= status < 300  # noqa: PLR2004 - HTTP's range of successes
        is_absence = call.method == "GET" and status == _NOT_FOUND
        if is_absence and looks_like_html(answer.body):
            raise BadAnswer(
                f"{call} was answered with {said(answer)} (404), which is not how Atera says that something is missing. "
                "Check the base URL, and any proxy in between."
            )
        if not is_success and not is_absence:
            self._refuse(call, answer)

    def _refuse(self, call: Call, answer: Answer) -> NoReturn:
        try:
            self._refusals.raise_for(answer, call.method, call.path.strip("/"))
        except AteraError as error:
            # A redirected write may have been carried out on the way to the redirect.
            if call.method != "GET" and answer.status < 400:  # noqa: PLR2004 - an HTTP status
                raise self._lost(
                    call, PassingTrouble(f"Atera answered {answer.status}, a redirect")
                ) from error
            raise

    async def _hold(self, call: Call, effort: Effort, trouble: PassingTrouble) -> None:
        """Wait until the next attempt makes sense, or raise the call's error when its patience ends here."""
        delay_s = effort.delay_after(trouble)
        if trouble.throttled:
            pause_s = min(max(trouble.wants_s or 0.0, delay_s or 0.0), self._policy.budget_s)
            self._bucket.throttled(pause_s)
            # Then all go at half speed for a while.
            logger.warning("atera_throttles pause_s=%.1f", pause_s)
        if delay_s is None:
            raise self._gave_up(call, effort, trouble) from trouble
        if trouble.throttled:
            return  # the bucket makes everybody wait, this call among them
        reason = self._credentials.hidden_in(trouble.reason)
        logger.info("request_repeated call=%r in_s=%.1f reason=%r", str(call), delay_s, reason)
        await self._clock.sleep(delay_s)
        self.ledger.waited(delay_s)

    def _gave_up(self, call: Call, effort: Effort, trouble: PassingTrouble) -> AteraError:
        times = "once" if effort.tried == 1 else f"{effort.tried} times in {effort.spent_s:.0f} seconds"
        if trouble.throttled:
            wish = (
                "" if trouble.wants_s is None else f" It asks for a pause of {trouble.wants_s:.0f} seconds."
            )
            return Throttled(
                f"Atera refused {call} for too many requests (429), asked {times}.{wish} "
                "Nothing was changed; wait, or lower the requests per minute.",
                retry_after_s=trouble.wants_s,
            )
        reason = self._credentials.hidden_in(trouble.reason)
        return Unavailable(
            f"Atera gave no usable answer to {call}, asked {times}; the last time because {reason}. Try again later."
        )

    def _lost(self, call: Call, trouble: PassingTrouble) -> AteraError:
        reason = self._credentials.hidden_in(trouble.reason)
        if not trouble.sent:
            return Unavailable(
                f"{call} was not sent, because {reason}. Nothing was changed; try again later."
            )
        return WriteUnknown(
            f"Nobody knows whether Atera carried out {call}, because {reason}. "
            "Read the record back before sending it again.",
            method=call.method,
            path=call.path.strip("/"),
        )


def _value(call: Call, answer: Answer) -> Any:
    """Return the JSON of a read's answer; a 404 has none that counts."""
    if answer.status == _NOT_FOUND:
        return None
    value = read_json(answer)
    if value is None and call.needs_body:
        raise PassingTrouble("the answer is empty")
    return value
