"""Index what tools look up: alerts by ticket, machines by serial, name and system, people by phone, tickets by status.

Must leave the previous version of the code working: it only loses an index that the new one replaces.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

STATUS = ["status", sa.literal_column("created_at DESC")]


def upgrade() -> None:
    op.create_index(
        "ix_alert_ticket",
        "alert",
        ["ticket_id"],
        schema="mirror",
        postgresql_where=sa.text("ticket_id IS NOT NULL"),
    )
    _machines()
    _contacts()
    op.drop_index("ix_ticket_status_created", "ticket", schema="mirror")
    op.create_index(
        "ix_ticket_status_created",
        "ticket",
        STATUS,
        schema="mirror",
        postgresql_where=sa.text("deleted_at IS NULL"),
    )


def _machines() -> None:
    op.create_index("ix_machine_serial", "machine", [sa.literal_column("lower(serial)")], schema="mirror")
    for name, columns in (
        ("name", [sa.literal_column("lower(name)"), "id"]),
        ("system", ["os", "os_version", "os_build", "device_class"]),
        ("processor", ["processor"]),
    ):
        op.create_index(
            f"ix_machine_{name}",
            "machine",
            columns,
            schema="mirror",
            postgresql_where=sa.text("deleted_at IS NULL"),
        )


def _contacts() -> None:
    op.create_index(
        "ix_contact_default_machine",
        "contact",
        ["default_machine_id"],
        schema="mirror",
        postgresql_where=sa.text("default_machine_id IS NOT NULL"),
    )
    for column in ("phone", "mobile"):
        op.create_index(
            f"ix_contact_{column}_digits",
            "contact",
            [sa.literal_column(f"regexp_replace({column}, '\\D', '', 'g')").label("digits")],
            schema="mirror",
            postgresql_using="gin",
            postgresql_ops={"digits": "gin_trgm_ops"},
        )


def downgrade() -> None:
    for name in ("phone_digits", "mobile_digits", "default_machine"):
        op.drop_index(f"ix_contact_{name}", "contact", schema="mirror")
    for name in ("name", "system", "processor", "serial"):
        op.drop_index(f"ix_machine_{name}", "machine", schema="mirror")
    op.drop_index("ix_ticket_status_created", "ticket", schema="mirror")
    op.create_index("ix_ticket_status_created", "ticket", STATUS, schema="mirror")
    op.drop_index("ix_alert_ticket", "alert", schema="mirror")
