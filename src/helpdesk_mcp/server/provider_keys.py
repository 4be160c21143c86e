"""The keys with which an identity provider signs: found by its discovery document, kept, and fetched anew when a new one shows up."""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any

import httpx2
from jwt import PyJWK, PyJWTError

from .identity import Uncheckable

KEPT_S = 3600.0
"""A key that the provider no longer names is believed for at most this long, while the provider answers."""
STALE_S = 24 * 3600.0
"""How long old keys are believed while it does not."""
PAUSE_S = 10.0
"""Least time between two fetches, so that made-up keys in tokens do not become requests to the provider."""
_TIMEOUT_S = 5.0
_ASYMMETRIC = frozenset({"RSA", "EC", "OKP"})
_DISCOVERY = "/.well-known/openid-configuration"

_log = logging.getLogger(__name__)


class ProviderKeys:
    """The public keys of one issuer."""

    def __init__(self, issuer: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._issuer = issuer
        self._clock = clock
        self._fetching = asyncio.Lock()
        self._keys: dict[str | None, PyJWK] = {}
        self._fetched_at = self._tried_at = float("-inf")

    async def find(self, key_id: str | None) -> PyJWK | None:
        """Return the key of this id, or the only one there is for a token that names none; None where there is none.

        Raises:
            Uncheckable: the provider cannot be asked, and what is known of it does not answer the question.
        """
        if (key := self._known(key_id)) is None or self._age() > KEPT_S:
            async with self._fetching:
                # Another request may have fetched them while this one waited.
                if self._known(key_id) is None or self._age() > KEPT_S:
                    await self._refresh()
            key = self._known(key_id)
        if key is None and self._fetched_at < self._tried_at:
            raise Uncheckable(
                "Your sign-in cannot be checked: the identity provider does not answer. Try again in a minute."
            )
        return key

    def _known(self, key_id: str | None) -> PyJWK | None:
        if self._age() > STALE_S:
            return None
        if key_id is None and len(self._keys) == 1:
            return next(iter(self._keys.values()))
        return self._keys.get(key_id)

    def _age(self) -> float:
        return self._clock() - self._fetched_at

    async def _refresh(self) -> None:
        now = self._clock()
        if now - self._tried_at < PAUSE_S:
            return
        self._tried_at = now
        try:
            self._keys = await self._fetch()
        except (httpx2.HTTPError, ValueError, KeyError, TypeError, AttributeError) as error:
            _log.warning("provider_keys_not_fetched issuer=%s reason=%s", self._issuer, _reason(error))
            return
        self._fetched_at = now

    async def _fetch(self) -> dict[str | None, PyJWK]:
        async with httpx2.AsyncClient(timeout=_TIMEOUT_S) as client:
            about = await _json(client, self._issuer.rstrip("/") + _DISCOVERY)
            if about["issuer"] != self._issuer:
                raise ValueError(f"it calls itself {about['issuer']}")
            address = str(about["jwks_uri"])
            if self._issuer.startswith("https:") and not address.startswith("https:"):
                raise ValueError("its keys are not behind https")
            found = (await _json(client, address))["keys"]
        keys = [key for key in map(_key, found) if key is not None]
        if not keys:
            raise ValueError("it names no key that can be used")
        return {key.key_id: key for key in keys}


async def _json(client: httpx2.AsyncClient, url: str) -> Any:
    answer = await client.get(url)
    answer.raise_for_status()
    return answer.json()


def _key(described: dict[str, Any]) -> PyJWK | None:
    # A shared secret is no public key, and one for encryption signs nothing.
    if described.get("kty") not in _ASYMMETRIC or described.get("use", "sig") != "sig":
        return None
    try:
        return PyJWK(described)
    except PyJWTError:
        return None  # a curve or an algorithm that we do not know


def _reason(error: Exception) -> str:
    return str(error) if isinstance(error, ValueError) else type(error).__name__
