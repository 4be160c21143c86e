"""Let the sync see that time was logged late, and find the closed tickets whose conversation it read longest ago.

Must leave the previous version of the code working: it does not know the column, whose default says that nothing is to do.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "ticket",
        sa.Column(
            "time_due",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="the minutes changed: unless the time entries explain it, the sync must read them",
        ),
        schema="mirror",
    )
    op.create_index(
        "ix_ticket_time_due", "ticket", ["id"], schema="mirror", postgresql_where=sa.text("time_due")
    )
    op.create_index(
        "ix_ticket_thread_read",
        "ticket",
        ["thread_read_at"],
        schema="mirror",
        postgresql_where=sa.text("NOT thread_due AND NOT is_open AND deleted_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_ticket_thread_read", "ticket", schema="mirror")
    op.drop_index("ix_ticket_time_due", "ticket", schema="mirror")
    op.drop_column("ticket", "time_due", schema="mirror")
