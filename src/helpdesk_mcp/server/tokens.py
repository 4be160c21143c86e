"""Our own bearer tokens, checked against the database."""

import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import Row
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from helpdesk_mcp.sdk.caller import Caller, with_lower
from helpdesk_mcp.store import tokens as stored
from helpdesk_mcp.store.engines import StoreUnavailable, reachable

from .identity import SignedIn, Uncheckable, Verifier

_MOST = 10_000

_log = logging.getLogger(__name__)


class HelpdeskTokens(Verifier):
    """Knows the tokens made by `helpdesk-mcp token`. One database statement for each token every five seconds."""

    def __init__(
        self, engine: Callable[[], Awaitable[AsyncEngine]], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._engine = engine
        self._clock = clock
        self._known: dict[str, tuple[float, SignedIn]] = {}
        """By hash of the token: until when it is believed without asking."""

    async def verify_token(self, token: str) -> SignedIn | None:
        """Return who this token stands for; None for one that does not hold.

        Raises:
            Uncheckable: the database cannot be asked.
        """
        if not stored.is_well_formed(token):
            return None
        key, now = stored.digest(token), self._clock()
        if (known := self._known.get(key)) is not None and now < known[0]:
            return known[1]
        self._known.pop(key, None)
        found = await self._look_up(token)
        if found is None:
            return None
        if len(self._known) >= _MOST:
            self._known = {kept: one for kept, one in self._known.items() if now < one[0]}
        signed_in = _signed_in(found)
        self._known[key] = (now + stored.REVOKED_WITHIN_S, signed_in)
        return signed_in

    async def _look_up(self, token: str) -> Row[Any] | None:
        try:
            async with reachable():
                engine = await self._engine()
                async with engine.connect() as connection:
                    found = await stored.find(connection, token)
        except StoreUnavailable as error:
            raise Uncheckable(f"Your token cannot be checked. {error}") from error
        if found is not None and found.use_is_news:
            await self._note_use(engine, found.id)
        return found

    async def _note_use(self, engine: AsyncEngine, token_id: int) -> None:
        try:
            async with reachable(), engine.begin() as connection:
                await stored.note_use(connection, token_id)
        except (StoreUnavailable, SQLAlchemyError) as error:
            # For the eyes of `token list` only; a replica, say, cannot be written to.
            _log.warning("token_use_not_noted id=%s reason=%s", token_id, type(error).__name__)


def _signed_in(row: Row[Any]) -> SignedIn:
    person = row.engineer.strip().lower() if row.engineer else f"token {row.name}"
    return SignedIn(
        # A session belongs to one credential: another token of the same engineer does not open it.
        client_id=f"token {row.id}",
        scopes=sorted(with_lower(row.scopes)),
        expires_at=int(row.expires_at.timestamp()),
        caller=Caller(person=person, engineer=row.engineer, scopes=with_lower(row.scopes)),
    )
