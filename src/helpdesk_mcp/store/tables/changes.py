"""Changes that were proposed, and the journal of what became of them. Nothing here is ever updated: rows are only added."""

from sqlalchemy import BigInteger, Column, ForeignKey, Identity, Index, Integer, Table, Text
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from .base import OURS, metadata, moment, text

change = Table(
    "change",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True, comment="number that people see"),
    text("code_hash", "SHA-256 of the code that confirms it, hexadecimal", nullable=False),
    text("person", "who asked for it; nobody else may confirm it", nullable=False),
    text("engineer", "name or mail address of that person in Atera, where known"),
    text("tool", "name of the tool", nullable=False),
    text("title", "what it does, in one line", nullable=False),
    text("preview", "what the person was shown", nullable=False),
    Column("steps", JSONB, nullable=False, comment="calls to make, in order, as data"),
    Column("versions", JSONB, nullable=False, comment="by ticket id: fingerprint of the ticket as previewed"),
    Column(
        "ticket_ids",
        ARRAY(BigInteger),
        nullable=False,
        server_default=sql("'{}'"),
        comment="tickets that it touches",
    ),
    Column(
        "customer_ids",
        ARRAY(BigInteger),
        nullable=False,
        server_default=sql("'{}'"),
        comment="customers whose records it touches",
    ),
    text("payload_hash", "SHA-256 of what would be sent, for finding the same change twice", nullable=False),
    Column("undoes", BigInteger, comment="number of the change that it takes back, or null"),
    moment("created_at", "our clock", nullable=False, server_default=sql("clock_timestamp()")),
    moment("expires_at", "the code is refused from then on", nullable=False),
    Index("ix_change_code_hash", "code_hash", unique=True),
    Index("ix_change_person", "person", sql("id DESC")),
    Index("ix_change_payload_hash", "payload_hash"),
    schema=OURS,
    comment="Changes that were previewed: what would be sent, for whom, and what the person was shown",
)

journal = Table(
    "journal",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True, comment="order of events"),
    Column(
        "change_id",
        BigInteger,
        ForeignKey(change.c.id, name="fk_journal_change_id"),
        nullable=False,
        comment="the change",
    ),
    moment("at", "our clock", nullable=False, server_default=sql("clock_timestamp()")),
    text(
        "event",
        "confirmed, declined, resumed; for a step: started, done, refused, unknown, absent; at the end: finished, stopped",
        nullable=False,
    ),
    Column("step", Integer, comment="place of the step in change.steps, from 0; null: the change as a whole"),
    Column(
        "details",
        JSONB,
        nullable=False,
        server_default=sql("'{}'"),
        comment="values before, answers, reasons",
    ),
    Index("ix_journal_change_id", "change_id", "id"),
    Index(
        "uq_journal_decided",
        "change_id",
        unique=True,
        postgresql_where=sql("event IN ('confirmed', 'declined')"),
    ),
    schema=OURS,
    comment="What became of each change: written before each call to Atera and after it, never altered",
)

draft = Table(
    "draft",
    metadata,
    Column(
        "token", Text, primary_key=True, comment="SHA-256 of the state that the client carries, hexadecimal"
    ),
    text("person", "who is being asked", nullable=False),
    text("tool", "name of the tool", nullable=False),
    text("arguments_hash", "SHA-256 of the arguments of the call, which must stay the same", nullable=False),
    Column("answers", JSONB, nullable=False, comment="answers so far, by argument"),
    Column("change_id", BigInteger, comment="the change that waits for a yes, or null"),
    Column("rounds", Integer, nullable=False, comment="questions asked so far in this call"),
    moment("expires_at", "forgotten from then on", nullable=False),
    Index("ix_draft_expires_at", "expires_at"),
    schema=OURS,
    comment="Half-filled forms of clients that repeat their call with each answer (MCP 2026-07-28)",
)
