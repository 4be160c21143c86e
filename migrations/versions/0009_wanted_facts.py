"""Let questions ask for the facts of machines, and tell the makes of a fleet from an index alone.

Must leave the previous version of the code working: it does not know the table, and an index changes no result.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Column

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)

# The server adds and counts, the worker reads and removes. As before, a managed Postgres may have no such roles.
ROLES = """
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'helpdesk_server') THEN
        GRANT SELECT, INSERT ON helpdesk.wanted_facts TO helpdesk_server;
    END IF;
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'helpdesk_writer') THEN
        GRANT SELECT, DELETE ON helpdesk.wanted_facts TO helpdesk_writer;
    END IF;
END
$$
"""


def upgrade() -> None:
    op.create_table(
        "wanted_facts",
        Column("machine_id", sa.BigInteger(), autoincrement=False, nullable=False, comment="the machine"),
        Column(
            "asked_at",
            MOMENT,
            server_default=sa.text("now()"),
            nullable=False,
            comment="our clock, the same for all machines of a question",
        ),
        sa.PrimaryKeyConstraint("machine_id", name="pk_wanted_facts"),
        schema="helpdesk",
        comment="Machines whose custom values a question needed: the sync reads them before others and removes the row",
    )
    op.execute(ROLES)
    op.create_index(
        "ix_machine_make",
        "machine",
        ["vendor", "model", "product"],
        schema="mirror",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_machine_make", "machine", schema="mirror")
    op.drop_table("wanted_facts", schema="helpdesk")
