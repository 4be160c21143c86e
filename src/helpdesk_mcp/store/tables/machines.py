"""Machines with their disks, the alerts they raise, and the custom fields that say what Atera's inventory does not."""

from sqlalchemy import BigInteger, Boolean, Column, Computed, Date, Double, Index, Integer, Table
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TEXT

from .base import MIRROR, OURS, identifier, metadata, moment, record_columns, text

# A build of one dot ends in its revision, which differs with every month's update; one of more dots begins with the kernel's version.
_KIND = (
    "hash_record_extended(ROW(os, os_version, CASE WHEN os_build LIKE '%.%.%' THEN os_build ELSE split_part(os_build, '.', 1) END,"
    " device_class, processor, processor_cores), 0)"
)


def _number(name: str, expression: str, comment: str) -> Column[int]:
    return Column(name, BigInteger, Computed(expression, persisted=True), comment=comment)


def _disk_number(name: str, expression: str, comment: str) -> Column[int]:
    return Column(name, Integer, Computed(expression, persisted=True), comment=comment)


machine = Table(
    "machine",
    metadata,
    identifier("id", "AgentID", primary_key=True),
    text("device_guid", "DeviceGuid: key of alerts and patches"),
    identifier("customer_id", "CustomerID", nullable=True),
    text("customer_name", "CustomerName"),
    text("folder", "FolderName"),
    text("name", "MachineName, else AgentName or SystemName", nullable=False),
    text("domain", "DomainName"),
    text("description", "ComputerDescription"),
    text("logged_in_users", "CurrentLoggedUsers, one string"),
    text("last_login_user", "LastLoginUser"),
    Column("is_monitored", Boolean, comment="Monitored"),
    Column("is_online", Boolean, comment="Online"),
    moment("last_seen_at", "LastSeen"),
    moment("last_reboot_at", "LastRebootTime"),
    moment("created_at", "Created"),
    moment("modified_at", "Modified"),
    text("agent_version", "AgentVersion"),
    text("public_ip", "ReportedFromIP"),
    Column("ip_addresses", ARRAY(TEXT), comment="IpAddresses"),
    Column("mac_addresses", ARRAY(TEXT), comment="MacAddresses"),
    text("os", "OS without invisible characters"),
    text("os_version", "OSVersion, for example 24H2"),
    text("os_build", "OSBuild, for example 26100.7019"),
    text("device_class", "OSType: Work Station, Server, Domain Controller, Mac …"),
    text("device_type", "DeviceType"),
    text("office", "Office"),
    text("processor", "Processor: the name string"),
    Column("processor_cores", Integer, comment="ProcessorCoresCount"),
    Column("processor_ghz", Double, comment="ProcessorClock, GHz"),
    Column("memory_mb", Integer, comment="Memory, MiB that the system can use"),
    text("graphics", "Display"),
    text("motherboard", "Motherboard"),
    text("vendor", "Vendor"),
    text("model", "VendorBrandModel"),
    text("product", "ProductName"),
    text("serial", "VendorSerialNumber: the hardware's"),
    text("bios_version", "BiosManufacturer and BiosVersion"),
    Column("bios_date", Date, comment="BiosReleaseDate"),
    text("system_drive", "SystemDrive as a letter and colon, for example C:"),
    Column(
        "disks",
        JSONB,
        nullable=False,
        server_default=sql("'[]'"),
        comment='HardwareDisks, one per volume: [{"drive": "C:", "total_mb": 487058, "free_mb": 211034}], MiB',
    ),
    _disk_number("disk_total_mb", "mirror.disk_sum(disks, 'total_mb', NULL)", "all volumes together, MiB"),
    _disk_number(
        "disk_free_mb", "mirror.disk_sum(disks, 'free_mb', NULL)", "free on all volumes together, MiB"
    ),
    _disk_number(
        "system_total_mb",
        "mirror.disk_sum(disks, 'total_mb', coalesce(system_drive, ''))",
        "size of the system volume, MiB",
    ),
    _disk_number(
        "system_free_mb",
        "mirror.disk_sum(disks, 'free_mb', coalesce(system_drive, ''))",
        "free on the system volume, MiB",
    ),
    Column(
        "battery_health", Double, comment="BatteryInfo.BatteryHealth, as sent; null on machines without one"
    ),
    _number("kind", _KIND, "equal for equal systems (without the build's revision), processors and cores"),
    _number("make", "mirror.make_of(vendor, model, product)", "equal for equal vendors, models and products"),
    moment("facts_read_at", "moment before the machine's custom values were last read; null: not yet"),
    *record_columns(),
    Index(None, "customer_id", "name"),
    Index(None, "device_guid"),
    Index(None, "memory_mb"),
    Index(None, "system_total_mb"),
    Index(None, "system_free_mb"),
    Index(None, "disk_total_mb"),
    Index(None, "last_seen_at"),
    Index("ix_machine_serial", sql("lower(serial)")),
    Index("ix_machine_name", sql("lower(name)"), "id", postgresql_where=sql("deleted_at IS NULL")),
    # The distinct systems, processors and makes of a fleet are read from these alone: the rows are wide.
    Index(
        "ix_machine_system",
        "os",
        "os_version",
        "os_build",
        "device_class",
        postgresql_where=sql("deleted_at IS NULL"),
    ),
    Index("ix_machine_processor", "processor", postgresql_where=sql("deleted_at IS NULL")),
    Index("ix_machine_make", "vendor", "model", "product", postgresql_where=sql("deleted_at IS NULL")),
    # All that questions about a whole fleet need of each machine, next to each other.
    Index(
        "ix_machine_kind",
        "customer_id",
        postgresql_include=[
            "id",
            "kind",
            "make",
            "memory_mb",
            "system_total_mb",
            "disk_total_mb",
            "last_seen_at",
            "facts_read_at",
        ],
        postgresql_where=sql("deleted_at IS NULL"),
    ),
    Index("ix_machine_unread", "id", postgresql_where=sql("facts_read_at IS NULL AND deleted_at IS NULL")),
    Index("ix_machine_name_trgm", "name", postgresql_using="gin", postgresql_ops={"name": "gin_trgm_ops"}),
    schema=MIRROR,
    comment="A computer with Atera's agent (Atera: agent). Product keys are never stored",
)

alert = Table(
    "alert",
    metadata,
    identifier("id", "AlertID", primary_key=True),
    text("title", "Title", nullable=False),
    text("message", "AlertMessage"),
    text("severity", "Severity: Information, Warning, Critical"),
    text("category", "AlertCategoryID: Hardware, Disk, Availability, Performance, Exchange, General"),
    text("source", "Source"),
    identifier("machine_id", "AgentId", nullable=True),
    text("device_guid", "DeviceGuid"),
    text("device_name", "DeviceName"),
    identifier("customer_id", "CustomerID", nullable=True),
    text("customer_name", "CustomerName"),
    identifier("ticket_id", "TicketID: ticket made from the alert", nullable=True),
    moment("created_at", "Created", nullable=False),
    moment("snoozed_until", "SnoozedEndDate"),
    moment("archived_at", "ArchivedDate"),
    Column("is_archived", Boolean, nullable=False, comment="Archived: true once resolved"),
    *record_columns(),
    Index("ix_alert_created", sql("created_at DESC")),
    Index("ix_alert_customer_created", "customer_id", sql("created_at DESC")),
    Index("ix_alert_machine_created", "machine_id", sql("created_at DESC")),
    Index("ix_alert_ticket", "ticket_id", postgresql_where=sql("ticket_id IS NOT NULL")),
    Index(
        "ix_alert_open",
        sql("created_at DESC"),
        postgresql_where=sql("NOT is_archived AND deleted_at IS NULL"),
    ),
    schema=MIRROR,
    comment="An alert of the monitoring. Open: not archived, and not snoozed into the future",
)

custom_field = Table(
    "custom_field",
    metadata,
    text("target", "Target: Ticket, Customer, Contact, Contract, SLA, Agent …", primary_key=True),
    text("name", "Name", primary_key=True),
    text("kind", "DataType: Text, Boolean, Numeric, Date, Options, OptionsWithDependencies"),
    Column("options", JSONB, comment="PossibleValues, the texts; null: none"),
    *record_columns(),
    schema=MIRROR,
    comment="A field that the provider added to a kind of record",
)

custom_value = Table(
    "custom_value",
    metadata,
    text("target", "kind of record, as custom_field.target", primary_key=True),
    identifier("item_id", "ItemId: id of the record", primary_key=True),
    text("name", "FieldName", primary_key=True),
    text("value", "ValueAsString", nullable=False),
    moment("fetched_at", "moment before Atera was asked", nullable=False),
    Index(None, "target", "name", "item_id"),
    schema=MIRROR,
    comment="The value of a custom field on one record; records without a value have no row",
)

wanted_facts = Table(
    "wanted_facts",
    metadata,
    identifier("machine_id", "the machine", primary_key=True),
    moment(
        "asked_at",
        "our clock, the same for all machines of a question",
        nullable=False,
        server_default=sql("now()"),
    ),
    schema=OURS,
    comment="Machines whose custom values a question needed: the sync reads them before others and removes the row",
)
