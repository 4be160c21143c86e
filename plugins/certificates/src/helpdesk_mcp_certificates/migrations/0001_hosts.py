"""Make the table of hosts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Column

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "host",
        Column("name", sa.Text(), nullable=False, comment="name or address that is connected to"),
        Column("port", sa.Integer(), autoincrement=False, nullable=False),
        Column("customer_id", sa.BigInteger(), comment="whose it is; null: ours, from the settings"),
        Column("looked_at", MOMENT, nullable=False, comment="newest look"),
        Column("not_before", MOMENT, comment="of the certificate seen last; null: none was ever seen"),
        Column("not_after", MOMENT, comment="the same"),
        Column("issuer", sa.Text(), comment="organisation, else common name, of who signed it"),
        Column("names", sa.ARRAY(sa.Text()), comment="names and addresses that it is for"),
        Column("error", sa.Text(), comment="why the newest look was not content; null: it was"),
        Column("failing_since", MOMENT, comment="first look of those that were not content in a row"),
        sa.PrimaryKeyConstraint("name", "port"),
        schema="certificates",
        comment="Hosts that are watched, each with what its newest look found",
    )


def downgrade() -> None:
    op.drop_table("host", schema="certificates")
