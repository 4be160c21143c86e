"""Atera's key: which of its two schemes it needs, and how long it lives.

Since June 2026 Atera hands out JWTs for `Authorization: Bearer`; older static keys (32 hex characters) go into `X-API-KEY`.
Why here: nothing else may touch the key's text, so that nothing else can print it.
"""

import base64
import binascii
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal, cast

import orjson

from helpdesk_mcp.atera.errors import BadCredentials

Scheme = Literal["bearer", "x-api-key"]
Auth = Literal["auto", "bearer", "x-api-key"]

_LONGEST_STATIC_KEY = 100
"""Characters. A static key has 32; the tools in the field draw the line at 100."""
_NEW_KEY = "Make a key in Atera under Admin > Data management > API, and set it as the Atera key."


@dataclass(frozen=True, slots=True)
class Credentials:
    """A key and the header it travels in. Its repr never shows the key."""

    token: str = field(repr=False)
    scheme: Scheme

    @classmethod
    def of(cls, token: str, auth: Auth = "auto") -> "Credentials":
        """Return the credentials for a key as a person pasted it. BadCredentials if no header could carry it."""
        token = token.strip()
        if not token:
            raise BadCredentials(f"No Atera key is set. {_NEW_KEY}")
        if not (token.isascii() and token.isprintable()) or " " in token:
            raise BadCredentials(
                f"The Atera key holds spaces or characters that no key has: it was not copied whole. {_NEW_KEY}"
            )
        if auth != "auto":
            return cls(token, auth)
        is_jwt = token.count(".") == 2 or len(token) > _LONGEST_STATIC_KEY  # noqa: PLR2004 - header.claims.signature
        return cls(token, "bearer" if is_jwt else "x-api-key")

    def headers(self) -> dict[str, str]:
        """Return the one header that carries the key."""
        if self.scheme == "bearer":
            return {"Authorization": f"Bearer {self.token}"}
        return {"X-API-KEY": self.token}

    def expires_at(self) -> datetime | None:
        """Return when the key ends (UTC) if it says so itself: the `exp` claim of a JWT, unverified; else None."""
        parts = self.token.split(".")
        if len(parts) != 3:  # noqa: PLR2004 - header.claims.signature
            return None
        padded = parts[1] + "=" * (-len(parts[1]) % 4)
        try:
            claims: Any = orjson.loads(base64.urlsafe_b64decode(padded))
            seconds: Any = cast("dict[str, Any]", claims)["exp"] if isinstance(claims, dict) else None
            return datetime.fromtimestamp(float(seconds), UTC)
        except (binascii.Error, ValueError, TypeError, KeyError, OverflowError, OSError):
            return None  # an opaque key says nothing, which is not an error

    def hidden_in(self, text: str) -> str:
        """Return text without the key, for whatever comes back from outside and ends in a message."""
        return text.replace(self.token, "[key]")

    def refusal(self, now: datetime) -> BadCredentials:
        """Return the error for a 401, which Atera sends with an empty body whatever the reason."""
        ends = self.expires_at()
        if ends is not None and ends <= now:
            return BadCredentials(
                f"Atera refused the key (401): it expired on {ends:%Y-%m-%d %H:%M} UTC. {_NEW_KEY}",
                expired_at=ends,
            )
        sent_as = "as a bearer token" if self.scheme == "bearer" else "in the X-API-KEY header"
        dated = "" if ends is None else f" By its own date it is good until {ends:%Y-%m-%d}."
        return BadCredentials(
            "Atera refused the key (401) and does not say why: it is wrong, expired or revoked, or this key "
            f"may not be sent {sent_as}.{dated} {_NEW_KEY}"
        )
