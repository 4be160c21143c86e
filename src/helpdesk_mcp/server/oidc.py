"""JWTs of an identity provider (OpenID Connect): who signed in, and what their roles let them do."""

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, cast

import jwt

from helpdesk_mcp.sdk.caller import Caller, Scope, with_lower

from .identity import SignedIn, Verifier
from .provider_keys import ProviderKeys

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Signatures with a public key. Never `none`, and never HS*: its key would be the one that everybody can fetch."""
LEEWAY_S = 60
"""How far the provider's clock and ours may be apart."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """How a provider's words are read."""

    issuer: str
    audiences: tuple[str, ...]
    """Names of this server at the provider: a token for something else is refused."""
    engineer: tuple[str, ...] = ("email", "preferred_username")
    """Claims that may hold the engineer's mail address; the first that does counts."""
    roles: tuple[str, ...] = ("roles", "scp", "scope")
    """Claims that hold roles or scopes: lists, or words with spaces between."""
    grants: Mapping[Scope, Collection[str]]
    """By scope of ours: roles of theirs that give it, in small letters."""


class ProviderTokens(Verifier):
    """Knows the access tokens of one identity provider."""

    def __init__(self, claims: Claims, keys: ProviderKeys | None = None) -> None:
        self._claims = claims
        self._keys = keys or ProviderKeys(claims.issuer)

    async def verify_token(self, token: str) -> SignedIn | None:
        """Return who this token stands for; None for one that does not hold.

        Raises:
            Uncheckable: the provider's keys cannot be fetched.
        """
        try:
            header = jwt.get_unverified_header(token)
            if header.get("alg") not in ALGORITHMS:
                raise jwt.InvalidAlgorithmError
            key = await self._keys.find(header.get("kid"))
            if key is None:
                raise jwt.InvalidKeyError
            said = jwt.decode(
                token,
                key,
                algorithms=ALGORITHMS,
                audience=self._claims.audiences,
                issuer=self._claims.issuer,
                leeway=LEEWAY_S,
                options={"require": ["exp", "iss", "aud", "sub"]},
            )
        except jwt.PyJWTError as flaw:
            # The kind and not the text, which may quote the token.
            _log.info("jwt_refused reason=%s", type(flaw).__name__)
            return None
        return _signed_in(said, self._claims)


def _signed_in(said: Mapping[str, Any], claims: Claims) -> SignedIn:
    roles = {role.lower() for claim in claims.roles for role in _words(said.get(claim))}
    scopes = with_lower([scope for scope, given_by in claims.grants.items() if roles & set(given_by)])
    client = next((str(said[claim]) for claim in ("azp", "appid", "client_id") if said.get(claim)), "unknown")
    engineer = _engineer(said, claims.engineer)
    # For the journal a name that people can read, and the subject behind it, which nobody else is ever given.
    person = f"{engineer or 'somebody'} ({said['iss']} {said['sub']})"
    return SignedIn(
        client_id=client,
        subject=said["sub"],
        claims={"iss": said["iss"]},
        scopes=sorted(scopes),
        expires_at=int(said["exp"]) + LEEWAY_S,
        caller=Caller(person=person, engineer=engineer, scopes=scopes),
    )


def _engineer(said: Mapping[str, Any], claims: Collection[str]) -> str | None:
    for claim in claims:
        value = said.get(claim)
        unproven = claim == "email" and said.get("email_verified") in {False, "false"}
        if isinstance(value, str) and value.strip() and not unproven:
            return value.strip()
    return None


def _words(value: Any) -> list[str]:
    if isinstance(value, str):
        return value.split()
    return [str(word) for word in cast("list[Any]", value)] if isinstance(value, list) else []


class EitherTokens(Verifier):
    """Our own tokens beside those of the provider, told apart by their form: programs have no account there."""

    def __init__(self, ours: Verifier, theirs: Verifier) -> None:
        self._ours = ours
        self._theirs = theirs

    async def verify_token(self, token: str) -> Any:
        """Ask the one who knows such tokens."""
        return await (self._ours if token.count(".") == 0 else self._theirs).verify_token(token)
