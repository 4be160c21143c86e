"""Let the machines that were never asked be counted from an index, and their systems be estimated together.

Must leave the previous version of the code working: an index and statistics change no result.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_machine_unread",
        "machine",
        ["id"],
        schema="mirror",
        postgresql_where=sa.text("facts_read_at IS NULL AND deleted_at IS NULL"),
    )
    # The four go together. Estimated one by one, Windows 10 seems to be on ten machines of a fleet and not on half of it.
    op.execute(
        "CREATE STATISTICS mirror.machine_system (mcv) ON os, os_version, os_build, device_class FROM mirror.machine"
    )


def downgrade() -> None:
    op.execute("DROP STATISTICS mirror.machine_system")
    op.drop_index("ix_machine_unread", "machine", schema="mirror")
