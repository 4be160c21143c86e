"""Make the records of changes, and roles for the worker and for the server.

Must leave the previous version of the code working: it connects as the owner, to whom nothing is forbidden, and its readers
keep what they could read.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Column
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TEXT = sa.Text()
MOMENT = sa.DateTime(timezone=True)
ID = sa.BigInteger()

# What each may do. The reader answers questions; the writer is the sync worker; the server proposes changes, keeps the
# journal and refreshes the tickets that it has just changed. As before, a managed Postgres may forbid making roles.
ROLES = """
DO $$
DECLARE
    role_name text;
BEGIN
    FOREACH role_name IN ARRAY ARRAY['helpdesk_writer', 'helpdesk_server'] LOOP
        BEGIN
            EXECUTE format('CREATE ROLE %I NOLOGIN', role_name);
        EXCEPTION
            WHEN duplicate_object OR unique_violation THEN NULL;
            WHEN insufficient_privilege THEN RAISE NOTICE '%: this user may not create roles', role_name;
        END;
    END LOOP;
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'helpdesk_reader') THEN
        ALTER DEFAULT PRIVILEGES IN SCHEMA helpdesk REVOKE SELECT ON TABLES FROM helpdesk_reader;
        REVOKE ALL ON helpdesk.change, helpdesk.journal, helpdesk.draft FROM helpdesk_reader;
    END IF;
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'helpdesk_writer') THEN
        GRANT USAGE ON SCHEMA mirror, helpdesk TO helpdesk_writer;
        GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON ALL TABLES IN SCHEMA mirror TO helpdesk_writer;
        GRANT SELECT, INSERT, UPDATE, DELETE ON helpdesk.sync_run, helpdesk.quarantine, helpdesk.field_drift
            TO helpdesk_writer;
        GRANT USAGE ON ALL SEQUENCES IN SCHEMA mirror, helpdesk TO helpdesk_writer;
        ALTER DEFAULT PRIVILEGES IN SCHEMA mirror
            GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON TABLES TO helpdesk_writer;
        ALTER DEFAULT PRIVILEGES IN SCHEMA mirror GRANT USAGE ON SEQUENCES TO helpdesk_writer;
    END IF;
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'helpdesk_server') THEN
        GRANT USAGE ON SCHEMA mirror, helpdesk TO helpdesk_server;
        GRANT SELECT ON ALL TABLES IN SCHEMA mirror TO helpdesk_server;
        GRANT INSERT, UPDATE ON mirror.ticket, mirror.ticket_comment, mirror.time_entry, mirror.technician, mirror.contact
            TO helpdesk_server;
        GRANT INSERT ON mirror.ticket_history TO helpdesk_server;
        GRANT USAGE ON ALL SEQUENCES IN SCHEMA mirror TO helpdesk_server;
        GRANT SELECT, INSERT ON helpdesk.change, helpdesk.journal TO helpdesk_server;
        GRANT SELECT, INSERT, DELETE ON helpdesk.draft TO helpdesk_server;
        ALTER DEFAULT PRIVILEGES IN SCHEMA mirror GRANT SELECT ON TABLES TO helpdesk_server;
    END IF;
    FOREACH role_name IN ARRAY ARRAY['helpdesk_writer', 'helpdesk_server'] LOOP
        BEGIN
            EXECUTE format('GRANT %I TO CURRENT_USER', role_name);
        EXCEPTION
            WHEN insufficient_privilege OR undefined_object THEN
                RAISE NOTICE '%: this user may not grant it to itself', role_name;
        END;
    END LOOP;
END
$$
"""


def upgrade() -> None:
    _changes()
    _journal()
    _drafts()
    op.execute(ROLES)


def downgrade() -> None:
    # The roles may serve another database: they stay.
    op.execute("DROP TABLE helpdesk.draft, helpdesk.journal, helpdesk.change")


def _changes() -> None:
    op.create_table(
        "change",
        Column("id", ID, sa.Identity(), nullable=False, comment="number that people see"),
        Column(
            "code_hash", TEXT, nullable=False, comment="SHA-256 of the code that confirms it, hexadecimal"
        ),
        Column("person", TEXT, nullable=False, comment="who asked for it; nobody else may confirm it"),
        Column("engineer", TEXT, comment="name or mail address of that person in Atera, where known"),
        Column("tool", TEXT, nullable=False, comment="name of the tool"),
        Column("title", TEXT, nullable=False, comment="what it does, in one line"),
        Column("preview", TEXT, nullable=False, comment="what the person was shown"),
        Column("steps", JSONB(), nullable=False, comment="calls to make, in order, as data"),
        Column(
            "versions",
            JSONB(),
            nullable=False,
            comment="by ticket id: fingerprint of the ticket as previewed",
        ),
        Column(
            "ticket_ids",
            ARRAY(ID),
            server_default=sa.text("'{}'"),
            nullable=False,
            comment="tickets that it touches",
        ),
        Column(
            "customer_ids",
            ARRAY(ID),
            server_default=sa.text("'{}'"),
            nullable=False,
            comment="customers whose records it touches",
        ),
        Column(
            "payload_hash",
            TEXT,
            nullable=False,
            comment="SHA-256 of what would be sent, for finding the same change twice",
        ),
        Column("undoes", ID, comment="number of the change that it takes back, or null"),
        Column(
            "created_at",
            MOMENT,
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
            comment="our clock",
        ),
        Column("expires_at", MOMENT, nullable=False, comment="the code is refused from then on"),
        sa.PrimaryKeyConstraint("id", name="pk_change"),
        schema="helpdesk",
        comment="Changes that were previewed: what would be sent, for whom, and what the person was shown",
    )
    op.create_index("ix_change_code_hash", "change", ["code_hash"], unique=True, schema="helpdesk")
    op.create_index("ix_change_person", "change", ["person", sa.literal_column("id DESC")], schema="helpdesk")
    op.create_index("ix_change_payload_hash", "change", ["payload_hash"], schema="helpdesk")


def _journal() -> None:
    op.create_table(
        "journal",
        Column("id", ID, sa.Identity(), nullable=False, comment="order of events"),
        Column("change_id", ID, nullable=False, comment="the change"),
        Column(
            "at", MOMENT, server_default=sa.text("clock_timestamp()"), nullable=False, comment="our clock"
        ),
        Column(
            "event",
            TEXT,
            nullable=False,
            comment="confirmed, declined, resumed; for a step: started, done, refused, unknown, absent; at the end: finished, stopped",
        ),
        Column(
            "step",
            sa.Integer(),
            comment="place of the step in change.steps, from 0; null: the change as a whole",
        ),
        Column(
            "details",
            JSONB(),
            server_default=sa.text("'{}'"),
            nullable=False,
            comment="values before, answers, reasons",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_journal"),
        sa.ForeignKeyConstraint(["change_id"], ["helpdesk.change.id"], name="fk_journal_change_id"),
        schema="helpdesk",
        comment="What became of each change: written before each call to Atera and after it, never altered",
    )
    op.create_index("ix_journal_change_id", "journal", ["change_id", "id"], schema="helpdesk")
    op.create_index(
        "uq_journal_decided",
        "journal",
        ["change_id"],
        unique=True,
        schema="helpdesk",
        postgresql_where=sa.text("event IN ('confirmed', 'declined')"),
    )


def _drafts() -> None:
    op.create_table(
        "draft",
        Column(
            "token",
            TEXT,
            nullable=False,
            comment="SHA-256 of the state that the client carries, hexadecimal",
        ),
        Column("person", TEXT, nullable=False, comment="who is being asked"),
        Column("tool", TEXT, nullable=False, comment="name of the tool"),
        Column(
            "arguments_hash",
            TEXT,
            nullable=False,
            comment="SHA-256 of the arguments of the call, which must stay the same",
        ),
        Column("answers", JSONB(), nullable=False, comment="answers so far, by argument"),
        Column("change_id", ID, comment="the change that waits for a yes, or null"),
        Column("rounds", sa.Integer(), nullable=False, comment="questions asked so far in this call"),
        Column("expires_at", MOMENT, nullable=False, comment="forgotten from then on"),
        sa.PrimaryKeyConstraint("token", name="pk_draft"),
        schema="helpdesk",
        comment="Half-filled forms of clients that repeat their call with each answer (MCP 2026-07-28)",
    )
    op.create_index("ix_draft_expires_at", "draft", ["expires_at"], schema="helpdesk")
