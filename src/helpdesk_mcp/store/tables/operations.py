"""What is ours and not Atera's: runs of the sync, rows it could not store, fields it did not know."""

from sqlalchemy import BigInteger, Column, Double, Index, Integer, Table
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB

from .base import OURS, metadata, moment, text

sync_run = Table(
    "sync_run",
    metadata,
    Column("id", BigInteger, primary_key=True),
    text("stream", "name of the stream", nullable=False),
    moment("started_at", "our clock", nullable=False),
    moment("finished_at", "our clock; null: still running, or killed"),
    text("outcome", "ok, partial (resumes next time) or failed; null: still running, or killed"),
    moment("data_as_of", "moment before the first request: what was read is at least this fresh"),
    moment("watermark", "where the next delta starts, Atera's clock; only after a complete pass"),
    Column("cursor", JSONB, comment="where an unfinished back-fill goes on; null: nothing to go on with"),
    Column(
        "requests",
        Integer,
        nullable=False,
        server_default=sql("0"),
        comment="calls to Atera, retries included",
    ),
    Column("rows_read", Integer, nullable=False, server_default=sql("0"), comment="records received"),
    Column("inserted", Integer, nullable=False, server_default=sql("0"), comment="rows that were new"),
    Column("changed", Integer, nullable=False, server_default=sql("0"), comment="rows that differed"),
    Column(
        "unchanged",
        Integer,
        nullable=False,
        server_default=sql("0"),
        comment="rows that were equal: not written",
    ),
    Column("deleted", Integer, nullable=False, server_default=sql("0"), comment="rows marked deleted"),
    Column(
        "quarantined",
        Integer,
        nullable=False,
        server_default=sql("0"),
        comment="records that could not be stored",
    ),
    Column("seconds", Double, comment="wall time"),
    text("error", "a sentence, for a failed or partial run"),
    Column(
        "every_s",
        Integer,
        comment="least seconds from one complete run to the next; 0: each cycle; null: not told",
    ),
    Index("ix_sync_run_stream", "stream", sql("id DESC")),
    # Most streams have none, and a month of their runs would be looked through for one.
    Index(
        "ix_sync_run_watermark",
        "stream",
        sql("id DESC"),
        postgresql_where=sql("watermark IS NOT NULL"),
    ),
    Index("ix_sync_run_ok", "stream", sql("finished_at DESC"), postgresql_where=sql("outcome = 'ok'")),
    schema=OURS,
    comment="One run of one stream: the sync's only record of a quiet cycle, and the home of watermarks",
)

quarantine = Table(
    "quarantine",
    metadata,
    text("stream", "name of the stream", primary_key=True),
    Column("raw_hash", BigInteger, primary_key=True, autoincrement=False, comment="hash of raw"),
    text("key", "id of the record, where it has one"),
    text("reason", "why it could not be stored, a sentence", nullable=False),
    Column("raw", JSONB, nullable=False, comment="the record as Atera sent it"),
    moment("first_seen_at", "when it first came", nullable=False),
    schema=OURS,
    comment="Records that could not be stored: kept, counted and shown instead of lost",
)

field_drift = Table(
    "field_drift",
    metadata,
    text("stream", "name of the stream", primary_key=True),
    text("field", "name of the field, as Atera spells it", primary_key=True),
    text(
        "kind",
        "unknown (Atera sends it, we have no column) or missing (we have a column, Atera sends none)",
        primary_key=True,
    ),
    moment("first_seen_at", "when it was first noticed", nullable=False),
    schema=OURS,
    comment="Where Atera's records differ from the models they are read with",
)
