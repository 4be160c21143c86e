"""Make the schema of the mirror, the account, customers, contacts, contracts and technicians.

Must leave the previous version of the code working: there is none yet.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Column
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TEXT = sa.Text()
MOMENT = sa.DateTime(timezone=True)
ID = sa.BigInteger()
FLAG = sa.Boolean()


def upgrade() -> None:
    # In public, because its operators are used without a schema, and ours is no part of any search path.
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public")
    op.execute("CREATE SCHEMA mirror")
    _account()
    _customers()
    _contacts()
    _contracts()
    _technicians()


def downgrade() -> None:
    # The extension may serve others.
    op.execute("DROP SCHEMA mirror CASCADE")


def _account() -> None:
    op.create_table(
        "account",
        Column("id", TEXT, nullable=False, comment="AccountID"),
        Column("name", TEXT, comment="CompanyName"),
        Column("zone", TEXT, comment="TimeZoneName as an IANA name; null: Atera's name for it is unknown"),
        Column("raw", JSONB(), nullable=False, comment="the record as Atera sent it, product keys removed"),
        Column("raw_hash", ID, nullable=False, comment="hash of raw with sorted keys: equal means unchanged"),
        Column(
            "fetched_at",
            MOMENT,
            nullable=False,
            comment="moment before Atera was asked for this version of the record",
        ),
        Column("deleted_at", MOMENT, comment="when a complete pass no longer found the record, or null"),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
        schema="mirror",
        comment="The provider's own account: one row. Some filters of Atera are read in its zone",
    )


def _customers() -> None:
    op.create_table(
        "customer",
        Column("id", ID, autoincrement=False, nullable=False, comment="CustomerID"),
        Column("name", TEXT, nullable=False, comment="CustomerName"),
        Column("business_number", TEXT, comment="BusinessNumber: tax id"),
        Column("domain", TEXT, comment="Domain: mail domain, one string"),
        Column("address", TEXT, comment="Address"),
        Column("city", TEXT, comment="City"),
        Column("state", TEXT, comment="State"),
        Column("country", TEXT, comment="Country"),
        Column("zip_code", TEXT, comment="ZipCodeStr"),
        Column("phone", TEXT, comment="Phone"),
        Column("notes", TEXT, comment="Notes"),
        Column("created_at", MOMENT, comment="CreatedOn"),
        Column("modified_at", MOMENT, comment="LastModified"),
        Column("raw", JSONB(), nullable=False, comment="the record as Atera sent it, product keys removed"),
        Column("raw_hash", ID, nullable=False, comment="hash of raw with sorted keys: equal means unchanged"),
        Column(
            "fetched_at",
            MOMENT,
            nullable=False,
            comment="moment before Atera was asked for this version of the record",
        ),
        Column("deleted_at", MOMENT, comment="when a complete pass no longer found the record, or null"),
        sa.PrimaryKeyConstraint("id", name="pk_customer"),
        schema="mirror",
        comment="A company the provider works for (Atera: customer)",
    )
    op.create_index(
        "ix_customer_name_trgm",
        "customer",
        ["name"],
        schema="mirror",
        postgresql_using="gin",
        postgresql_ops={"name": "gin_trgm_ops"},
    )


def _contacts() -> None:
    op.create_table(
        "contact",
        Column("id", ID, autoincrement=False, nullable=False, comment="EndUserID"),
        Column("customer_id", ID, autoincrement=False, comment="CustomerID"),
        Column("customer_name", TEXT, comment="CustomerName"),
        Column("first_name", TEXT, comment="Firstname"),
        Column("last_name", TEXT, comment="Lastname"),
        Column(
            "full_name",
            TEXT,
            sa.Computed("btrim(coalesce(first_name, '') || ' ' || coalesce(last_name, ''))", persisted=True),
            comment="first and last name",
        ),
        Column("email", TEXT, comment="Email"),
        Column("phone", TEXT, comment="Phone"),
        Column("mobile", TEXT, comment="MobilePhone"),
        Column("job_title", TEXT, comment="JobTitle"),
        Column("department", TEXT, comment="DepartmentName"),
        Column("is_main_contact", FLAG, comment="IsContactPerson"),
        Column("is_ignored", FLAG, comment="InIgnoreMode: mail from this contact opens no ticket (assumed)"),
        Column("is_archived", FLAG, comment="Archived"),
        Column("default_machine_id", ID, autoincrement=False, comment="DefaultAgentId"),
        Column("created_at", MOMENT, comment="CreatedOn"),
        Column("modified_at", MOMENT, comment="LastModified"),
        Column("raw", JSONB(), nullable=False, comment="the record as Atera sent it, product keys removed"),
        Column("raw_hash", ID, nullable=False, comment="hash of raw with sorted keys: equal means unchanged"),
        Column(
            "fetched_at",
            MOMENT,
            nullable=False,
            comment="moment before Atera was asked for this version of the record",
        ),
        Column("deleted_at", MOMENT, comment="when a complete pass no longer found the record, or null"),
        sa.PrimaryKeyConstraint("id", name="pk_contact"),
        schema="mirror",
        comment="A person at a customer who opens tickets (Atera: contact, end user)",
    )
    op.create_index("ix_contact_customer_id", "contact", ["customer_id"], schema="mirror")
    op.create_index(
        "ix_contact_email_trgm",
        "contact",
        ["email"],
        schema="mirror",
        postgresql_using="gin",
        postgresql_ops={"email": "gin_trgm_ops"},
    )
    op.create_index(
        "ix_contact_full_name_trgm",
        "contact",
        ["full_name"],
        schema="mirror",
        postgresql_using="gin",
        postgresql_ops={"full_name": "gin_trgm_ops"},
    )


def _contracts() -> None:
    op.create_table(
        "contract",
        Column("id", ID, autoincrement=False, nullable=False, comment="ContractID"),
        Column("customer_id", ID, autoincrement=False, comment="CustomerID"),
        Column("customer_name", TEXT, comment="CustomerName"),
        Column("name", TEXT, comment="ContractName"),
        Column(
            "kind", TEXT, comment="ContractType: RetainerFlatFee, BlockHours, Hourly …; its terms are in raw"
        ),
        Column("is_active", FLAG, comment="Active"),
        Column("is_default", FLAG, comment="Default"),
        Column("starts_on", sa.Date(), comment="StartDate, the day"),
        Column("ends_on", sa.Date(), comment="EndDate, the day"),
        Column("raw", JSONB(), nullable=False, comment="the record as Atera sent it, product keys removed"),
        Column("raw_hash", ID, nullable=False, comment="hash of raw with sorted keys: equal means unchanged"),
        Column(
            "fetched_at",
            MOMENT,
            nullable=False,
            comment="moment before Atera was asked for this version of the record",
        ),
        Column("deleted_at", MOMENT, comment="when a complete pass no longer found the record, or null"),
        sa.PrimaryKeyConstraint("id", name="pk_contract"),
        schema="mirror",
        comment="An agreement with a customer",
    )
    op.create_index("ix_contract_customer_id", "contract", ["customer_id"], schema="mirror")


def _technicians() -> None:
    op.create_table(
        "technician",
        Column("id", ID, autoincrement=False, nullable=False, comment="TechnicianContactID"),
        Column("name", TEXT, nullable=False, comment="TechnicianFullName"),
        Column("email", TEXT, comment="TechnicianEmail"),
        Column(
            "last_seen_at",
            MOMENT,
            nullable=False,
            comment="newest ticket, comment or time entry that named this person",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_technician"),
        schema="mirror",
        comment="An engineer of the provider. Atera lists none: harvested from tickets, comments and time entries",
    )
