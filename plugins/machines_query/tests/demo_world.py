"""The simulator's fleet as rows of the local copy: what the sync does with Atera's records, in short."""

from datetime import UTC, datetime

from helpdesk_mcp.sdk import clean, tables


def moment(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC) if text else None


def volumes(agent):
    first = {}
    for disk in agent["HardwareDisks"] or ():
        if disk["Drive"]:
            first.setdefault(disk["Drive"].rstrip("\\"), disk)
    return [
        {"drive": letter, "total_mb": int(disk["Total"]), "free_mb": int(disk["Free"])}
        for letter, disk in first.items()
    ]


def machine_row(agent):
    return {
        "id": agent["AgentID"],
        "device_guid": agent["DeviceGuid"],
        "customer_id": agent["CustomerID"],
        "customer_name": agent["CustomerName"],
        "folder": agent["FolderName"],
        "name": agent["MachineName"],
        "domain": agent["DomainName"],
        "description": agent["ComputerDescription"],
        "logged_in_users": agent["CurrentLoggedUsers"],
        "last_login_user": agent["LastLoginUser"],
        "is_monitored": agent["Monitored"],
        "is_online": agent["Online"],
        "last_seen_at": moment(agent["LastSeen"]),
        "last_reboot_at": moment(agent["LastRebootTime"]),
        "created_at": moment(agent["Created"]),
        "agent_version": agent["AgentVersion"],
        "public_ip": agent["ReportedFromIP"],
        "ip_addresses": agent["IpAddresses"],
        "os": clean(agent["OS"]),
        "os_version": agent["OSVersion"],
        "os_build": agent["OSBuild"],
        "device_class": agent["OSType"],
        "office": agent["Office"],
        "processor": agent["Processor"],
        "processor_cores": agent["ProcessorCoresCount"],
        "processor_ghz": float(agent["ProcessorClock"]) if agent["ProcessorClock"] else None,
        "memory_mb": agent["Memory"],
        "graphics": agent["Display"],
        "vendor": agent["Vendor"],
        "model": agent["VendorBrandModel"],
        "product": agent["ProductName"],
        "serial": agent["VendorSerialNumber"],
        "bios_version": f"{agent['BiosManufacturer']} {agent['BiosVersion']}",
        "bios_date": moment(agent["BiosReleaseDate"]).date(),
        "system_drive": agent["SystemDrive"].rstrip("\\") if agent["SystemDrive"] else None,
        "disks": volumes(agent),
        "battery_health": (agent["BatteryInfo"] or {}).get("BatteryHealth"),
    }


async def fill(mirror, world):
    """Write the world's customers, contacts, machines, open alerts and custom values of machines."""
    await mirror.add_all(
        tables.customer,
        [{"id": one["CustomerID"], "name": clean(one["CustomerName"])} for one in world.customers.values()],
    )
    await mirror.add_all(tables.machine, [machine_row(agent) for agent in world.agents.values()])
    await mirror.add_all(tables.contact, [contact_row(one) for one in world.contacts.values()])
    await mirror.add_all(tables.ticket, [ticket_row(one) for one in world.tickets.values()])
    values = [
        {
            "target": "Agent",
            "item_id": item,
            "name": name,
            "value": value["ValueAsString"],
            "fetched_at": world.now,
        }
        for (kind, item), fields in world.custom_values.items()
        if kind == "agentfield"
        for name, value in fields.items()
    ]
    await mirror.add_all(tables.custom_value, values)


def contact_row(contact):
    return {
        "id": contact["EndUserID"],
        "customer_id": contact["CustomerID"],
        "customer_name": contact["CustomerName"],
        "first_name": contact["Firstname"],
        "last_name": contact["Lastname"],
        "email": contact["Email"],
        "default_machine_id": contact["DefaultAgentId"],
    }


def ticket_row(ticket):
    return {
        "id": ticket["TicketID"],
        "number": str(ticket["TicketNumber"]),
        "title": ticket["TicketTitle"] or "",
        "description": "",
        "status": ticket["TicketStatus"],
        "contact_id": ticket["EndUserID"],
        "created_at": moment(ticket["TicketCreatedDate"]),
    }
