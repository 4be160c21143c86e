"""Let a run say how often its stream runs, so that whoever reads the records can tell when it runs next; find watermarks quickly.

Must leave the previous version of the code working: it does not know the column, which may be null.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "sync_run",
        sa.Column(
            "every_s",
            sa.Integer(),
            nullable=True,
            comment="least seconds from one complete run to the next; 0: each cycle; null: not told",
        ),
        schema="helpdesk",
    )
    op.create_index(
        "ix_sync_run_watermark",
        "sync_run",
        ["stream", sa.text("id DESC")],
        schema="helpdesk",
        postgresql_where=sa.text("watermark IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_sync_run_watermark", "sync_run", schema="helpdesk")
    op.drop_column("sync_run", "every_s", schema="helpdesk")
