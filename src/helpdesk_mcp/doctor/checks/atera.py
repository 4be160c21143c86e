"""Atera's key: its form, its end, and one cheap call that also tells the clocks apart."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from helpdesk_mcp.atera import AteraClient, Credentials, RetryPolicy
from helpdesk_mcp.atera.errors import AteraError, BadCredentials, Forbidden
from helpdesk_mcp.doctor.finding import Finding, ok, problem, warning
from helpdesk_mcp.sdk.times import span
from helpdesk_mcp.settings import Settings

KEY, CALL, CLOCK = "Atera key", "Atera", "clock"
TIMEOUT_S = 8.0
SOON = timedelta(days=14)
"""Time before a key's end at which we begin to remind."""
WRONG_CLOCK = timedelta(seconds=90)
_NEW_KEY = "Make a new one in Atera under Admin > Data management > API, and set HELPDESK_ATERA_TOKEN."


def check(settings: Settings) -> Iterator[Finding]:
    """Yield on the key, then on the call and the clock."""
    if settings.atera_token is None:
        if settings.bridge_url:
            yield ok(KEY, "Not set, and not needed: this computer asks the helpdesk server.")
        else:
            yield warning(
                KEY,
                "Not set. Questions are answered from the database without it; nothing can be changed.",
                "The worker and all changes need one: make it in Atera under Admin > Data management > API, and set HELPDESK_ATERA_TOKEN.",
            )
        return
    token = settings.atera_token.get_secret_value()
    try:
        credentials = Credentials.of(token, settings.atera_auth)
    except BadCredentials as wrong:
        yield problem(KEY, str(wrong))
        return
    yield _key(credentials, datetime.now(UTC))
    try:
        client = AteraClient(
            settings.atera_url,
            token,
            auth=settings.atera_auth,
            timeout_s=TIMEOUT_S,
            policy=RetryPolicy(attempts=1, budget_s=TIMEOUT_S),
        )
    except ValueError as wrong:
        yield problem(CALL, str(wrong), "Correct HELPDESK_ATERA_URL.")
        return
    yield from asyncio.run(_call(client))


def _key(credentials: Credentials, now: datetime) -> Finding:
    sent = "as a bearer token" if credentials.scheme == "bearer" else "in the X-API-KEY header"
    ends = credentials.expires_at()
    if ends is None:
        return ok(KEY, f"Set; sent {sent}; it does not say when it ends.")
    if ends <= now:
        return problem(KEY, f"It expired on {ends:%Y-%m-%d %H:%M} UTC.", _NEW_KEY)
    left = f"it ends on {ends:%Y-%m-%d}, in {span(ends - now)}."
    if ends - now < SOON:
        return warning(KEY, f"Set; sent {sent}; {left}", _NEW_KEY)
    return ok(KEY, f"Set; sent {sent}; {left}")


async def _call(client: AteraClient) -> list[Finding]:
    async with client:
        try:
            page = await client.page("tickets", size=1, urgent=True)
        except Forbidden as refused:
            return [warning(CALL, f"It accepts the key, but not for tickets: {refused}")]
        except AteraError as error:
            return [problem(CALL, str(error))]
    found = [ok(CALL, f"It answers and accepts the key; {page.total_count:,} tickets.")]
    if page.server_date is not None:
        found.append(_clock(datetime.now(UTC) - page.server_date))
    return found


def _clock(ahead: timedelta) -> Finding:
    """Return on the difference of the clocks. `ahead` holds the way of the answer and Atera's cut to whole seconds, too."""
    if abs(ahead) < WRONG_CLOCK:
        return ok(CLOCK, "It agrees with Atera's.")
    which = "ahead of" if ahead > timedelta(0) else "behind"
    return warning(
        CLOCK,
        f"This machine's clock is {span(abs(ahead))} {which} Atera's.",
        "Switch on the synchronisation of its time: keys and codes are told expired too early or too late.",
    )
