"""Customers, their contacts and contracts, and the technicians who work for them."""

from sqlalchemy import Boolean, Column, Computed, Date, Index, Table, Text, literal_column
from sqlalchemy import text as sql

from .base import MIRROR, identifier, metadata, moment, record_columns, text

account = Table(
    "account",
    metadata,
    text("id", "AccountID", primary_key=True),
    text("name", "CompanyName"),
    text("zone", "TimeZoneName as an IANA name; null: Atera's name for it is unknown"),
    *record_columns(),
    schema=MIRROR,
    comment="The provider's own account: one row. Some filters of Atera are read in its zone",
)

customer = Table(
    "customer",
    metadata,
    identifier("id", "CustomerID", primary_key=True),
    text("name", "CustomerName", nullable=False),
    text("business_number", "BusinessNumber: tax id"),
    text("domain", "Domain: mail domain, one string"),
    text("address", "Address"),
    text("city", "City"),
    text("state", "State"),
    text("country", "Country"),
    text("zip_code", "ZipCodeStr"),
    text("phone", "Phone"),
    text("notes", "Notes"),
    moment("created_at", "CreatedOn"),
    moment("modified_at", "LastModified"),
    *record_columns(),
    Index("ix_customer_name_trgm", "name", postgresql_using="gin", postgresql_ops={"name": "gin_trgm_ops"}),
    schema=MIRROR,
    comment="A company the provider works for (Atera: customer)",
)

contact = Table(
    "contact",
    metadata,
    identifier("id", "EndUserID", primary_key=True),
    identifier("customer_id", "CustomerID", nullable=True),
    text("customer_name", "CustomerName"),
    text("first_name", "Firstname"),
    text("last_name", "Lastname"),
    Column(
        "full_name",
        Text,
        Computed("btrim(coalesce(first_name, '') || ' ' || coalesce(last_name, ''))", persisted=True),
        comment="first and last name",
    ),
    text("email", "Email"),
    text("phone", "Phone"),
    text("mobile", "MobilePhone"),
    text("job_title", "JobTitle"),
    text("department", "DepartmentName"),
    Column("is_main_contact", Boolean, comment="IsContactPerson"),
    Column("is_ignored", Boolean, comment="InIgnoreMode: mail from this contact opens no ticket (assumed)"),
    Column("is_archived", Boolean, comment="Archived"),
    identifier("default_machine_id", "DefaultAgentId", nullable=True),
    moment("created_at", "CreatedOn"),
    moment("modified_at", "LastModified"),
    *record_columns(),
    Index(None, "customer_id"),
    Index(
        "ix_contact_full_name_trgm",
        "full_name",
        postgresql_using="gin",
        postgresql_ops={"full_name": "gin_trgm_ops"},
    ),
    Index(
        "ix_contact_default_machine",
        "default_machine_id",
        postgresql_where=sql("default_machine_id IS NOT NULL"),
    ),
    *(
        Index(
            f"ix_contact_{column}_digits",
            literal_column(f"regexp_replace({column}, '\\D', '', 'g')", Text).label("digits"),
            postgresql_using="gin",
            postgresql_ops={"digits": "gin_trgm_ops"},
        )
        for column in ("phone", "mobile")
    ),
    Index("ix_contact_email_trgm", "email", postgresql_using="gin", postgresql_ops={"email": "gin_trgm_ops"}),
    schema=MIRROR,
    comment="A person at a customer who opens tickets (Atera: contact, end user)",
)

contract = Table(
    "contract",
    metadata,
    identifier("id", "ContractID", primary_key=True),
    identifier("customer_id", "CustomerID", nullable=True),
    text("customer_name", "CustomerName"),
    text("name", "ContractName"),
    text("kind", "ContractType: RetainerFlatFee, BlockHours, Hourly …; its terms are in raw"),
    Column("is_active", Boolean, comment="Active"),
    Column("is_default", Boolean, comment="Default"),
    Column("starts_on", Date, comment="StartDate, the day"),
    Column("ends_on", Date, comment="EndDate, the day"),
    *record_columns(),
    Index(None, "customer_id"),
    schema=MIRROR,
    comment="An agreement with a customer",
)

technician = Table(
    "technician",
    metadata,
    identifier("id", "TechnicianContactID", primary_key=True),
    text("name", "TechnicianFullName", nullable=False),
    text("email", "TechnicianEmail"),
    moment("last_seen_at", "newest ticket, comment or time entry that named this person", nullable=False),
    schema=MIRROR,
    comment="An engineer of the provider. Atera lists none: harvested from tickets, comments and time entries",
)
