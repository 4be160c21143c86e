"""Tokens with which programs sign in over HTTP. The tokens themselves are nowhere: only their hashes are kept."""

from sqlalchemy import BigInteger, Column, Identity, Index, Table, Text
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import ARRAY

from .base import OURS, metadata, moment, text

token = Table(
    "token",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True, comment="number that people see"),
    text(
        "name",
        "what it is for, such as the person and the program; unique among those in force",
        nullable=False,
    ),
    text("token_hash", "SHA-256 of the token, hexadecimal", nullable=False),
    text("engineer", "name or mail address in Atera of the person who uses it, or null"),
    Column("scopes", ARRAY(Text), nullable=False, comment="what it may do: read, write, reach"),
    moment("created_at", "our clock", nullable=False, server_default=sql("clock_timestamp()")),
    moment("expires_at", "it is refused from then on", nullable=False),
    moment("revoked_at", "when it was taken back, or null"),
    moment("last_used_at", "when it was last seen, to the hour; null: never"),
    Index("ix_token_token_hash", "token_hash", unique=True),
    Index("ix_token_name", "name", unique=True, postgresql_where=sql("revoked_at IS NULL")),
    schema=OURS,
    comment="Tokens with which programs sign in over HTTP",
)
