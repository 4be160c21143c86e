"""Tokens of callers: made and taken back by the owner of the database, looked up by the server.

A token is 256 random bits behind a prefix that secret scanners can find, with a checksum that tells a typing mistake from a
stranger before anything is looked up. It is stored as a plain SHA-256: salt and a slow hash protect what people make up and
reuse, while nobody can run through 2^256 values; and a hash that is the same every time can be found by an index.
"""

import hashlib
import hmac
import re
import secrets
import zlib
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, bindparam, case, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from .tables import token

PREFIX = "hdmcp_"
REVOKED_WITHIN_S = 5.0
"""A server believes a token for so long without asking again."""
LAST_USED_STEP = timedelta(hours=1)
"""How much older the last use must be to be worth a write."""

_FORM = re.compile(rf"{PREFIX}([0-9a-f]{{64}})([0-9a-f]{{8}})")
_NOW = func.clock_timestamp()
_NOT_REVOKED = token.c.revoked_at.is_(None)
_USE_IS_NEWS = or_(token.c.last_used_at.is_(None), token.c.last_used_at < _NOW - LAST_USED_STEP)
_FIND = select(token, _USE_IS_NEWS.label("use_is_news")).where(
    token.c.token_hash == bindparam("wanted"), _NOT_REVOKED, token.c.expires_at > _NOW
)


class NameTaken(Exception):
    """A token that was not taken back has this name."""


def new_secret() -> str:
    """Return a new token; only whoever gets it now will ever have it."""
    bits = secrets.token_hex(32)
    return f"{PREFIX}{bits}{_checksum(bits)}"


def is_well_formed(secret: str) -> bool:
    """Return whether this can be one of our tokens."""
    match = _FORM.fullmatch(secret)
    return match is not None and match[2] == _checksum(match[1])


def digest(secret: str) -> str:
    """Return what is stored of a token."""
    return hashlib.sha256(secret.encode()).hexdigest()


async def add(
    connection: AsyncConnection,
    secret: str,
    *,
    name: str,
    engineer: str | None,
    scopes: Sequence[str],
    lasts: timedelta,
) -> Row[Any]:
    """Store a token and return its row.

    Raises:
        NameTaken: another one of this name is in force.
    """
    values = {"name": name, "token_hash": digest(secret), "engineer": engineer, "scopes": list(scopes)}
    statement = insert(token).values(**values, expires_at=_NOW + lasts).returning(token)
    try:
        return (await connection.execute(statement)).one()
    except IntegrityError as error:
        raise NameTaken from error


async def listed(connection: AsyncConnection) -> Sequence[Row[Any]]:
    """Return all tokens, oldest first, with their `state`: in force, expired or revoked."""
    state = case(
        (token.c.revoked_at.is_not(None), "revoked"),
        (token.c.expires_at <= _NOW, "expired"),
        else_="in force",
    )
    return (await connection.execute(select(token, state.label("state")).order_by(token.c.id))).all()


async def revoke(connection: AsyncConnection, said: str) -> Row[Any] | None:
    """Take back the token in force that has this name or this number; return its row, None where there is none."""
    named = token.c.name == said
    meant = or_(named, token.c.id == int(said)) if said.isdecimal() and len(said) < 18 else named  # noqa: PLR2004 - fits 64 bits
    # A name that looks like a number wins over the number.
    chosen = select(token.c.id).where(_NOT_REVOKED, meant).order_by(named.desc()).limit(1).scalar_subquery()
    statement = update(token).where(token.c.id == chosen).values(revoked_at=_NOW).returning(token)
    return (await connection.execute(statement)).first()


async def find(connection: AsyncConnection, secret: str) -> Row[Any] | None:
    """Return the row of a token that is in force now, by the database's clock; `use_is_news` when `note_use` is due."""
    wanted = digest(secret)
    found = (await connection.execute(_FIND, {"wanted": wanted})).first()
    # The index compares hashes, whose bits nobody can choose, so its timing says nothing of a token; nor does this.
    if found is None or not hmac.compare_digest(found.token_hash, wanted):
        return None
    return found


async def note_use(connection: AsyncConnection, token_id: int) -> None:
    """Note that a token was used just now."""
    await connection.execute(update(token).where(token.c.id == token_id).values(last_used_at=_NOW))


def _checksum(bits: str) -> str:
    return f"{zlib.crc32(bits.encode()):08x}"
