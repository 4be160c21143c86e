"""Make the records of the sync, and the role that may only read.

Must leave the previous version of the code working: there is none yet.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Column
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TEXT = sa.Text()
MOMENT = sa.DateTime(timezone=True)
ID = sa.BigInteger()
INT = sa.Integer()

# Roles belong to the whole server: another database may have made this one, and a managed Postgres may forbid it. Reading
# works without it, then guarded only by read-only transactions.
READER = """
DO $$
BEGIN
    BEGIN
        CREATE ROLE helpdesk_reader NOLOGIN;
    EXCEPTION
        WHEN duplicate_object OR unique_violation THEN NULL;
        WHEN insufficient_privilege THEN RAISE NOTICE 'helpdesk_reader: this user may not create roles';
    END;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'helpdesk_reader') THEN
        RETURN;
    END IF;
    GRANT USAGE ON SCHEMA mirror, helpdesk TO helpdesk_reader;
    GRANT SELECT ON ALL TABLES IN SCHEMA mirror, helpdesk TO helpdesk_reader;
    ALTER DEFAULT PRIVILEGES IN SCHEMA mirror, helpdesk GRANT SELECT ON TABLES TO helpdesk_reader;
    BEGIN
        GRANT helpdesk_reader TO CURRENT_USER;
    EXCEPTION
        WHEN insufficient_privilege THEN RAISE NOTICE 'helpdesk_reader: this user may not grant it to itself';
    END;
END
$$
"""


def upgrade() -> None:
    _runs()
    _oddities()
    op.execute(READER)


def downgrade() -> None:
    # The role may serve another database, and schema helpdesk holds the version table: both stay.
    op.execute("DROP TABLE helpdesk.sync_run, helpdesk.quarantine, helpdesk.field_drift")


def _runs() -> None:
    op.create_table(
        "sync_run",
        Column("id", ID, nullable=False),
        Column("stream", TEXT, nullable=False, comment="name of the stream"),
        Column("started_at", MOMENT, nullable=False, comment="our clock"),
        Column("finished_at", MOMENT, comment="our clock; null: still running, or killed"),
        Column(
            "outcome",
            TEXT,
            comment="ok, partial (resumes next time) or failed; null: still running, or killed",
        ),
        Column(
            "data_as_of",
            MOMENT,
            comment="moment before the first request: what was read is at least this fresh",
        ),
        Column(
            "watermark",
            MOMENT,
            comment="where the next delta starts, Atera's clock; only after a complete pass",
        ),
        Column(
            "cursor", JSONB(), comment="where an unfinished back-fill goes on; null: nothing to go on with"
        ),
        Column(
            "requests",
            INT,
            server_default=sa.text("0"),
            nullable=False,
            comment="calls to Atera, retries included",
        ),
        Column("rows_read", INT, server_default=sa.text("0"), nullable=False, comment="records received"),
        Column("inserted", INT, server_default=sa.text("0"), nullable=False, comment="rows that were new"),
        Column("changed", INT, server_default=sa.text("0"), nullable=False, comment="rows that differed"),
        Column(
            "unchanged",
            INT,
            server_default=sa.text("0"),
            nullable=False,
            comment="rows that were equal: not written",
        ),
        Column("deleted", INT, server_default=sa.text("0"), nullable=False, comment="rows marked deleted"),
        Column(
            "quarantined",
            INT,
            server_default=sa.text("0"),
            nullable=False,
            comment="records that could not be stored",
        ),
        Column("seconds", sa.Double(), comment="wall time"),
        Column("error", TEXT, comment="a sentence, for a failed or partial run"),
        sa.PrimaryKeyConstraint("id", name="pk_sync_run"),
        schema="helpdesk",
        comment="One run of one stream: the sync's only record of a quiet cycle, and the home of watermarks",
    )
    op.create_index(
        "ix_sync_run_ok",
        "sync_run",
        ["stream", sa.literal_column("finished_at DESC")],
        schema="helpdesk",
        postgresql_where=sa.text("outcome = 'ok'"),
    )
    op.create_index(
        "ix_sync_run_stream", "sync_run", ["stream", sa.literal_column("id DESC")], schema="helpdesk"
    )


def _oddities() -> None:
    op.create_table(
        "quarantine",
        Column("stream", TEXT, nullable=False, comment="name of the stream"),
        Column("raw_hash", ID, autoincrement=False, nullable=False, comment="hash of raw"),
        Column("key", TEXT, comment="id of the record, where it has one"),
        Column("reason", TEXT, nullable=False, comment="why it could not be stored, a sentence"),
        Column("raw", JSONB(), nullable=False, comment="the record as Atera sent it"),
        Column("first_seen_at", MOMENT, nullable=False, comment="when it first came"),
        sa.PrimaryKeyConstraint("stream", "raw_hash", name="pk_quarantine"),
        schema="helpdesk",
        comment="Records that could not be stored: kept, counted and shown instead of lost",
    )
    op.create_table(
        "field_drift",
        Column("stream", TEXT, nullable=False, comment="name of the stream"),
        Column("field", TEXT, nullable=False, comment="name of the field, as Atera spells it"),
        Column(
            "kind",
            TEXT,
            nullable=False,
            comment="unknown (Atera sends it, we have no column) or missing (we have a column, Atera sends none)",
        ),
        Column("first_seen_at", MOMENT, nullable=False, comment="when it was first noticed"),
        sa.PrimaryKeyConstraint("stream", "field", "kind", name="pk_field_drift"),
        schema="helpdesk",
        comment="Where Atera's records differ from the models they are read with",
    )
