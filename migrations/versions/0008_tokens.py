"""Make the tokens of callers, and let a server's own login read like a reader.

Must leave the previous version of the code working: it knows no tokens, and loses no right.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Column
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TEXT = sa.Text()
MOMENT = sa.DateTime(timezone=True)
ID = sa.BigInteger()

# The server checks tokens and notes when it saw them; making and taking back is the owner's. A login that is a member of
# helpdesk_server alone asks its questions as helpdesk_reader, so the one role becomes a member of the other. All may see how
# far the migrations are: the worker asks at its start.
RIGHTS = """
DO $$
DECLARE
    role_name text;
BEGIN
    FOR role_name IN SELECT rolname FROM pg_roles
        WHERE rolname IN ('helpdesk_reader', 'helpdesk_writer', 'helpdesk_server')
    LOOP
        EXECUTE format('GRANT SELECT ON helpdesk.alembic_version TO %I', role_name);
    END LOOP;
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'helpdesk_server') THEN
        GRANT SELECT, UPDATE (last_used_at) ON helpdesk.token TO helpdesk_server;
    END IF;
    BEGIN
        GRANT helpdesk_reader TO helpdesk_server;
    EXCEPTION
        WHEN insufficient_privilege OR undefined_object THEN
            RAISE NOTICE 'helpdesk_server: this user may not make it a member of helpdesk_reader';
    END;
END
$$
"""


def upgrade() -> None:
    op.create_table(
        "token",
        Column("id", ID, sa.Identity(), nullable=False, comment="number that people see"),
        Column(
            "name",
            TEXT,
            nullable=False,
            comment="what it is for, such as the person and the program; unique among those in force",
        ),
        Column("token_hash", TEXT, nullable=False, comment="SHA-256 of the token, hexadecimal"),
        Column("engineer", TEXT, comment="name or mail address in Atera of the person who uses it, or null"),
        Column("scopes", ARRAY(TEXT), nullable=False, comment="what it may do: read, write, reach"),
        Column(
            "created_at",
            MOMENT,
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
            comment="our clock",
        ),
        Column("expires_at", MOMENT, nullable=False, comment="it is refused from then on"),
        Column("revoked_at", MOMENT, comment="when it was taken back, or null"),
        Column("last_used_at", MOMENT, comment="when it was last seen, to the hour; null: never"),
        sa.PrimaryKeyConstraint("id", name="pk_token"),
        schema="helpdesk",
        comment="Tokens with which programs sign in over HTTP",
    )
    op.create_index("ix_token_token_hash", "token", ["token_hash"], unique=True, schema="helpdesk")
    op.create_index(
        "ix_token_name",
        "token",
        ["name"],
        unique=True,
        schema="helpdesk",
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    op.execute(RIGHTS)


def downgrade() -> None:
    # What roles are members of serves every database of the server: it stays.
    op.execute("DROP TABLE helpdesk.token")
