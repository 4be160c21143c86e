"""Alerts of the monitoring: open, snoozed and resolved ones, some with the ticket that was made from them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from atera_simulator.seed.chance import likely
from atera_simulator.seed.clock import arrivals, iso
from atera_simulator.seed.scale import Scale
from atera_simulator.world import Record, World


@dataclass(frozen=True, slots=True)
class Kind:
    """One thing that the monitoring watches; `servers` are the ones it watches more than workstations."""

    code: int
    title: str
    message: str
    category: str
    severity: str
    source: str = "ThresholdMonitor"
    servers: bool = False
    info: str | None = None


_KINDS = (
    Kind(1004, "Disk space low", "Free space on C: is below 10% ({0} GB left)", "Disk", "Warning"),
    Kind(1004, "Disk space low", "Free space on D: is below 5% ({0} GB left)", "Disk", "Critical", servers=True),
    Kind(1011, "Disk failure predicted", "SMART reports {0} reallocated sectors on disk 0", "Disk", "Critical", "HardwareMonitor"),
    Kind(1001, "CPU load", "CPU usage was above 95% for {0} minutes", "Performance", "Warning"),
    Kind(1002, "Memory usage", "Memory usage was above 92% for {0} minutes", "Performance", "Warning"),
    Kind(1020, "Machine status unknown", "The agent has not reported for {0} hours", "Availability", "Critical", "AvailabilityMonitor", servers=True),
    Kind(1021, "Unexpected shutdown", "The machine restarted without a clean shutdown (event 41)", "Availability", "Warning", "EventLog"),
    Kind(1031, "Temperature", "CPU temperature reached {0} degrees Celsius", "Hardware", "Warning", "HardwareMonitor"),
    Kind(1032, "Battery worn", "Battery health is {0}%", "Hardware", "Information", "HardwareMonitor"),
    Kind(1040, "Backup job failed", "Job 'Daily image' ended with errors: VSS writer timed out", "General", "Critical", "EventLog", servers=True, info="Event 521, Microsoft-Windows-Backup"),
    Kind(1041, "Backup job missed", "No successful backup for {0} days", "General", "Critical", "ScriptMonitor", servers=True),
    Kind(1050, "Service stopped", "Service 'Print Spooler' is not running", "Performance", "Warning", "ServiceMonitor", servers=True),
    Kind(1051, "Service stopped", "Service 'SQL Server (ERP)' is not running", "Performance", "Critical", "ServiceMonitor", servers=True),
    Kind(1060, "Patch installation failed", "KB50{0}01 could not be installed (0x800f0922)", "General", "Warning", "PatchManagement"),
    Kind(1061, "Reboot pending", "A restart has been pending for {0} days", "General", "Information", "PatchManagement"),
    Kind(1070, "Antivirus out of date", "Signatures are {0} days old", "General", "Warning", "ScriptMonitor"),
    Kind(1071, "Failed logons", "{0} failed logons for user administrator in 10 minutes", "General", "Critical", "EventLog", servers=True),
    Kind(1080, "Mail queue", "{0} messages wait in the Exchange submission queue", "Exchange", "Warning", "ExchangeMonitor", servers=True),
    Kind(1090, "Certificate expires", "Certificate CN=remote.{1} expires in {0} days", "General", "Warning", "ScriptMonitor", servers=True),
    Kind(1095, "UPS on battery", "The UPS reports {0}% charge and runs on battery", "Hardware", "Critical", "SNMP", servers=True),
)  # fmt: skip


_SOON_AFTER = timedelta(days=5)


def add_alerts(world: World, rng: Random, scale: Scale) -> None:
    """Fill `world.alerts`: the newest are open, some of them snoozed, the older ones are resolved."""
    servers = [agent for agent in world.agents.values() if agent["DeviceType"] == "Server"]
    everyone = list(world.agents.values())
    tickets = _tickets_by_customer(world)
    alert_id = 771100
    moments = arrivals(rng, world.now, scale.alerts)
    for position, created in enumerate(moments):
        alert_id += rng.choice((1, 2, 5, 11))
        kind = rng.choice(_KINDS)
        agent = rng.choice(servers if kind.servers and servers else everyone)
        from_newest = scale.alerts - position
        alert = _alert(world, rng, alert_id, kind, agent, created)
        if from_newest > scale.open_alerts + scale.snoozed_alerts:
            _archive(alert, rng, created, world.now)
        elif from_newest > scale.open_alerts:
            alert["SnoozedEndDate"] = iso(world.now + timedelta(hours=rng.randrange(2, 200)))
        if likely(rng, 0.3):
            alert["TicketID"] = _ticket_near(tickets, agent["CustomerID"], alert["Created"])
        world.alerts[alert_id] = alert


def _tickets_by_customer(world: World) -> dict[int, list[Record]]:
    found: dict[int, list[Record]] = {}
    for ticket in world.tickets.values():
        found.setdefault(ticket["CustomerID"], []).append(ticket)
    return found


def _ticket_near(tickets: Mapping[int, list[Record]], customer_id: int, created: str) -> int | None:
    """Return the customer's first ticket of the days after the alert, if there is one."""
    until = iso(datetime.fromisoformat(created) + _SOON_AFTER)
    later = (
        ticket["TicketID"]
        for ticket in tickets.get(customer_id, ())
        if created <= ticket["TicketCreatedDate"] <= until
    )
    return next(later, None)


def _alert(world: World, rng: Random, alert_id: int, kind: Kind, agent: Record, created: datetime) -> Record:
    return {
        "AlertID": alert_id,
        "Code": kind.code,
        "Source": kind.source,
        "Title": kind.title,
        "Severity": kind.severity,
        "Created": iso(created),
        "SnoozedEndDate": None,
        "DeviceGuid": agent["DeviceGuid"],
        "AgentId": agent["AgentID"],
        "AdditionalInfo": kind.info,
        "Archived": False,
        "AlertCategoryID": kind.category,
        "ArchivedDate": None,
        "TicketID": None,
        "AlertMessage": kind.message.format(
            rng.randrange(3, 96), world.customers[agent["CustomerID"]]["Domain"]
        ),
        "DeviceName": agent["MachineName"],
        "CustomerID": agent["CustomerID"],
        "CustomerName": agent["CustomerName"],
        "FolderID": agent["FolderID"],
        "PollingCyclesCount": rng.choice((1, 2, 3, 5)),
        "DeviceType": agent["DeviceType"],
    }


def _archive(alert: Record, rng: Random, created: datetime, now: datetime) -> None:
    closed = created + (now - created) * min(1.0, rng.random() * 0.1 + 0.001)
    alert |= {"Archived": True, "ArchivedDate": iso(closed)}
