"""Machines, alerts and custom fields."""

import re

from helpdesk_mcp.atera import wire
from helpdesk_mcp.store.payloads import Row
from helpdesk_mcp.sync.rows.values import day, joined, needed, whole
from helpdesk_mcp.text import clean

PRODUCT_KEYS = frozenset({"WindowsSerialNumber", "OfficeSerialNumber"})
"""Fields of an agent that are never stored: the licence keys of Windows and Office."""

_DRIVE = re.compile(r"([A-Za-z]):")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")


def machine_row(record: wire.Agent) -> Row:
    """Return a row of machine."""
    return {
        "id": record.AgentID,
        "device_guid": record.DeviceGuid,
        "customer_id": record.CustomerID,
        "customer_name": record.CustomerName,
        "folder": record.FolderName,
        "name": record.MachineName or record.AgentName or record.SystemName or str(record.AgentID),
        "domain": record.DomainName,
        "description": record.ComputerDescription,
        "logged_in_users": record.CurrentLoggedUsers,
        "last_login_user": record.LastLoginUser,
        "is_monitored": record.Monitored,
        "is_online": record.Online,
        "last_seen_at": record.LastSeen,
        "last_reboot_at": record.LastRebootTime,
        "created_at": record.Created,
        "modified_at": record.Modified,
        "agent_version": record.AgentVersion,
        "public_ip": record.ReportedFromIP,
        "ip_addresses": record.IpAddresses,
        "mac_addresses": record.MacAddresses,
        **_system(record),
        **_hardware(record),
    }


def _system(record: wire.Agent) -> Row:
    return {
        "os": clean(record.OS) if record.OS else record.OS,
        "os_version": record.OSVersion,
        "os_build": record.OSBuild,
        "device_class": record.OSType,
        "device_type": record.DeviceType,
        "office": record.Office,
    }


def _hardware(record: wire.Agent) -> Row:
    return {
        "processor": record.Processor,
        "processor_cores": record.ProcessorCoresCount,
        "processor_ghz": _gigahertz(record.ProcessorClock),
        "memory_mb": whole(record.Memory),
        "graphics": record.Display,
        "motherboard": record.Motherboard,
        "vendor": record.Vendor,
        "model": record.VendorBrandModel,
        "product": record.ProductName,
        "serial": record.VendorSerialNumber,
        "bios_version": joined(record.BiosManufacturer, record.BiosVersion),
        "bios_date": day(record.BiosReleaseDate),
        "system_drive": _drive(record.SystemDrive),
        "disks": _disks(record.HardwareDisks or []),
        "battery_health": record.BatteryInfo.BatteryHealth if record.BatteryInfo else None,
    }


def _disks(disks: list[wire.Disk]) -> list[Row]:
    """Return each volume once: Atera lists some of them two or three times."""
    volumes: dict[object, Row] = {}
    for disk in disks:
        drive = _drive(disk.Drive)
        volume = {"drive": drive, "total_mb": whole(disk.Total), "free_mb": whole(disk.Free)}
        volumes.setdefault(drive or tuple(volume.values()), volume)
    return list(volumes.values())


def _drive(text: str | None) -> str | None:
    """Return `C:` for every way to write it, other names as they are, None for an empty one."""
    stripped = (text or "").strip()
    letter = _DRIVE.match(stripped)
    return f"{letter[1].upper()}:" if letter else stripped or None


def _gigahertz(text: str | None) -> float | None:
    number = _NUMBER.search(text or "")
    return float(number[0].replace(",", ".")) if number else None


def alert_row(record: wire.Alert) -> Row:
    """Return a row of alert."""
    return {
        "id": record.AlertID,
        "title": record.Title or "",
        "message": record.AlertMessage,
        "severity": record.Severity,
        "category": record.AlertCategoryID,
        "source": record.Source,
        "machine_id": record.AgentId,
        "device_guid": record.DeviceGuid,
        "device_name": record.DeviceName,
        "customer_id": record.CustomerID,
        "customer_name": record.CustomerName,
        "ticket_id": record.TicketID,
        "created_at": needed(record.Created, "Created"),
        "snoozed_until": record.SnoozedEndDate,
        "archived_at": record.ArchivedDate,
        "is_archived": bool(record.Archived),
    }


def custom_field_row(record: wire.CustomField) -> Row:
    """Return a row of custom_field."""
    options = [option.Text or option.Value for option in record.PossibleValues or []]
    return {
        "target": record.Target or "",
        "name": record.Name,
        "kind": record.DataType,
        "options": [option for option in options if option] or None,
    }
