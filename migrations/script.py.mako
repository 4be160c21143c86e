"""${message}

Must leave the previous version of the code working: it runs beside this schema while processes restart. So add, and
remove only what the previous release no longer touches. A migration that changes what a row makes of its record sets
raw_hash = 0, so that the next full pass writes the row again.
"""

from alembic import op
import sqlalchemy as sa
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
