"""Make machines, alerts and custom fields.

Must leave the previous version of the code working: there is none yet.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Column
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TEXT = sa.Text()
MOMENT = sa.DateTime(timezone=True)
ID = sa.BigInteger()
INT = sa.Integer()
FLAG = sa.Boolean()

# No volume with a known size gives null. A null drive means all of them, so a caller whose drive is unknown passes ''.
DISK_SUM = """
CREATE FUNCTION mirror.disk_sum(disks jsonb, field text, drive text) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (
        SELECT sum((disk ->> field)::numeric)::integer
        FROM jsonb_array_elements(disks) AS disk
        WHERE drive IS NULL OR disk ->> 'drive' = drive
    )
"""


def upgrade() -> None:
    op.execute(DISK_SUM)
    _machines()
    _alerts()
    _custom_fields()


def downgrade() -> None:
    op.drop_table("custom_value", schema="mirror")
    op.drop_table("custom_field", schema="mirror")
    op.drop_table("alert", schema="mirror")
    op.drop_table("machine", schema="mirror")
    op.execute("DROP FUNCTION mirror.disk_sum")


def _machines() -> None:
    op.create_table(
        "machine",
        Column("id", ID, autoincrement=False, nullable=False, comment="AgentID"),
        Column("device_guid", TEXT, comment="DeviceGuid: key of alerts and patches"),
        Column("customer_id", ID, autoincrement=False, comment="CustomerID"),
        Column("customer_name", TEXT, comment="CustomerName"),
        Column("folder", TEXT, comment="FolderName"),
        Column("name", TEXT, nullable=False, comment="MachineName, else AgentName or SystemName"),
        Column("domain", TEXT, comment="DomainName"),
        Column("description", TEXT, comment="ComputerDescription"),
        Column("logged_in_users", TEXT, comment="CurrentLoggedUsers, one string"),
        Column("last_login_user", TEXT, comment="LastLoginUser"),
        Column("is_monitored", FLAG, comment="Monitored"),
        Column("is_online", FLAG, comment="Online"),
        Column("last_seen_at", MOMENT, comment="LastSeen"),
        Column("last_reboot_at", MOMENT, comment="LastRebootTime"),
        Column("created_at", MOMENT, comment="Created"),
        Column("modified_at", MOMENT, comment="Modified"),
        Column("agent_version", TEXT, comment="AgentVersion"),
        Column("public_ip", TEXT, comment="ReportedFromIP"),
        Column("ip_addresses", ARRAY(TEXT), comment="IpAddresses"),
        Column("mac_addresses", ARRAY(TEXT), comment="MacAddresses"),
        Column("os", TEXT, comment="OS without invisible characters"),
        Column("os_version", TEXT, comment="OSVersion, for example 24H2"),
        Column("os_build", TEXT, comment="OSBuild, for example 26100.7019"),
        Column("device_class", TEXT, comment="OSType: Work Station, Server, Domain Controller, Mac …"),
        Column("device_type", TEXT, comment="DeviceType"),
        Column("office", TEXT, comment="Office"),
        Column("processor", TEXT, comment="Processor: the name string"),
        Column("processor_cores", INT, comment="ProcessorCoresCount"),
        Column("processor_ghz", sa.Double(), comment="ProcessorClock, GHz"),
        Column("memory_mb", INT, comment="Memory, MiB that the system can use"),
        Column("graphics", TEXT, comment="Display"),
        Column("motherboard", TEXT, comment="Motherboard"),
        Column("vendor", TEXT, comment="Vendor"),
        Column("model", TEXT, comment="VendorBrandModel"),
        Column("product", TEXT, comment="ProductName"),
        Column("serial", TEXT, comment="VendorSerialNumber: the hardware's"),
        Column("bios_version", TEXT, comment="BiosManufacturer and BiosVersion"),
        Column("bios_date", sa.Date(), comment="BiosReleaseDate"),
        Column("system_drive", TEXT, comment="SystemDrive as a letter and colon, for example C:"),
        Column(
            "disks",
            JSONB(),
            server_default=sa.text("'[]'"),
            nullable=False,
            comment='HardwareDisks, one per volume: [{"drive": "C:", "total_mb": 487058, "free_mb": 211034}], MiB',
        ),
        Column(
            "disk_total_mb",
            INT,
            sa.Computed("mirror.disk_sum(disks, 'total_mb', NULL)", persisted=True),
            comment="all volumes together, MiB",
        ),
        Column(
            "disk_free_mb",
            INT,
            sa.Computed("mirror.disk_sum(disks, 'free_mb', NULL)", persisted=True),
            comment="free on all volumes together, MiB",
        ),
        Column(
            "system_total_mb",
            INT,
            sa.Computed("mirror.disk_sum(disks, 'total_mb', coalesce(system_drive, ''))", persisted=True),
            comment="size of the system volume, MiB",
        ),
        Column(
            "system_free_mb",
            INT,
            sa.Computed("mirror.disk_sum(disks, 'free_mb', coalesce(system_drive, ''))", persisted=True),
            comment="free on the system volume, MiB",
        ),
        Column(
            "battery_health",
            sa.Double(),
            comment="BatteryInfo.BatteryHealth, as sent; null on machines without one",
        ),
        Column(
            "facts_read_at",
            MOMENT,
            comment="moment before the machine's custom values were last read; null: not yet",
        ),
        Column("raw", JSONB(), nullable=False, comment="the record as Atera sent it, product keys removed"),
        Column("raw_hash", ID, nullable=False, comment="hash of raw with sorted keys: equal means unchanged"),
        Column(
            "fetched_at",
            MOMENT,
            nullable=False,
            comment="moment before Atera was asked for this version of the record",
        ),
        Column("deleted_at", MOMENT, comment="when a complete pass no longer found the record, or null"),
        sa.PrimaryKeyConstraint("id", name="pk_machine"),
        schema="mirror",
        comment="A computer with Atera's agent (Atera: agent). Product keys are never stored",
    )
    op.create_index("ix_machine_customer_id_name", "machine", ["customer_id", "name"], schema="mirror")
    op.create_index("ix_machine_device_guid", "machine", ["device_guid"], schema="mirror")
    op.create_index("ix_machine_disk_total_mb", "machine", ["disk_total_mb"], schema="mirror")
    op.create_index("ix_machine_last_seen_at", "machine", ["last_seen_at"], schema="mirror")
    op.create_index("ix_machine_memory_mb", "machine", ["memory_mb"], schema="mirror")
    op.create_index(
        "ix_machine_name_trgm",
        "machine",
        ["name"],
        schema="mirror",
        postgresql_using="gin",
        postgresql_ops={"name": "gin_trgm_ops"},
    )
    op.create_index("ix_machine_system_free_mb", "machine", ["system_free_mb"], schema="mirror")
    op.create_index("ix_machine_system_total_mb", "machine", ["system_total_mb"], schema="mirror")


def _alerts() -> None:
    op.create_table(
        "alert",
        Column("id", ID, autoincrement=False, nullable=False, comment="AlertID"),
        Column("title", TEXT, nullable=False, comment="Title"),
        Column("message", TEXT, comment="AlertMessage"),
        Column("severity", TEXT, comment="Severity: Information, Warning, Critical"),
        Column(
            "category",
            TEXT,
            comment="AlertCategoryID: Hardware, Disk, Availability, Performance, Exchange, General",
        ),
        Column("source", TEXT, comment="Source"),
        Column("machine_id", ID, autoincrement=False, comment="AgentId"),
        Column("device_guid", TEXT, comment="DeviceGuid"),
        Column("device_name", TEXT, comment="DeviceName"),
        Column("customer_id", ID, autoincrement=False, comment="CustomerID"),
        Column("customer_name", TEXT, comment="CustomerName"),
        Column("ticket_id", ID, autoincrement=False, comment="TicketID: ticket made from the alert"),
        Column("created_at", MOMENT, nullable=False, comment="Created"),
        Column("snoozed_until", MOMENT, comment="SnoozedEndDate"),
        Column("archived_at", MOMENT, comment="ArchivedDate"),
        Column("is_archived", FLAG, nullable=False, comment="Archived: true once resolved"),
        Column("raw", JSONB(), nullable=False, comment="the record as Atera sent it, product keys removed"),
        Column("raw_hash", ID, nullable=False, comment="hash of raw with sorted keys: equal means unchanged"),
        Column(
            "fetched_at",
            MOMENT,
            nullable=False,
            comment="moment before Atera was asked for this version of the record",
        ),
        Column("deleted_at", MOMENT, comment="when a complete pass no longer found the record, or null"),
        sa.PrimaryKeyConstraint("id", name="pk_alert"),
        schema="mirror",
        comment="An alert of the monitoring. Open: not archived, and not snoozed into the future",
    )
    op.create_index("ix_alert_created", "alert", [sa.literal_column("created_at DESC")], schema="mirror")
    op.create_index(
        "ix_alert_customer_created",
        "alert",
        ["customer_id", sa.literal_column("created_at DESC")],
        schema="mirror",
    )
    op.create_index(
        "ix_alert_machine_created",
        "alert",
        ["machine_id", sa.literal_column("created_at DESC")],
        schema="mirror",
    )
    op.create_index(
        "ix_alert_open",
        "alert",
        [sa.literal_column("created_at DESC")],
        schema="mirror",
        postgresql_where=sa.text("NOT is_archived AND deleted_at IS NULL"),
    )


def _custom_fields() -> None:
    op.create_table(
        "custom_field",
        Column(
            "target",
            TEXT,
            nullable=False,
            comment="Target: Ticket, Customer, Contact, Contract, SLA, Agent …",
        ),
        Column("name", TEXT, nullable=False, comment="Name"),
        Column(
            "kind", TEXT, comment="DataType: Text, Boolean, Numeric, Date, Options, OptionsWithDependencies"
        ),
        Column("options", JSONB(), comment="PossibleValues, the texts; null: none"),
        Column("raw", JSONB(), nullable=False, comment="the record as Atera sent it, product keys removed"),
        Column("raw_hash", ID, nullable=False, comment="hash of raw with sorted keys: equal means unchanged"),
        Column(
            "fetched_at",
            MOMENT,
            nullable=False,
            comment="moment before Atera was asked for this version of the record",
        ),
        Column("deleted_at", MOMENT, comment="when a complete pass no longer found the record, or null"),
        sa.PrimaryKeyConstraint("target", "name", name="pk_custom_field"),
        schema="mirror",
        comment="A field that the provider added to a kind of record",
    )
    op.create_table(
        "custom_value",
        Column("target", TEXT, nullable=False, comment="kind of record, as custom_field.target"),
        Column("item_id", ID, autoincrement=False, nullable=False, comment="ItemId: id of the record"),
        Column("name", TEXT, nullable=False, comment="FieldName"),
        Column("value", TEXT, nullable=False, comment="ValueAsString"),
        Column("fetched_at", MOMENT, nullable=False, comment="moment before Atera was asked"),
        sa.PrimaryKeyConstraint("target", "item_id", "name", name="pk_custom_value"),
        schema="mirror",
        comment="The value of a custom field on one record; records without a value have no row",
    )
    op.create_index(
        "ix_custom_value_target_name_item_id", "custom_value", ["target", "name", "item_id"], schema="mirror"
    )
