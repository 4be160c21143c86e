"""Alerts: raise, resolve, delete."""

from datetime import datetime

from atera_simulator.changes.journal import Conflict, Refused, find, next_id, note, remove, stamp
from atera_simulator.world import Record, World

_COPIED = ("Code", "SnoozedEndDate", "AdditionalInfo", "TicketID")


def create_alert(world: World, fields: Record, *, now: datetime, source: str = "API") -> int:
    """Add an open alert. Returns the AlertID; raises Conflict when the device has the same alert open already."""
    customer = world.customers.get(fields["CustomerID"])
    if customer is None:
        raise Refused(f"CustomerID {fields['CustomerID']} was not found")
    agent = _agent(world, fields["DeviceGuid"])
    if _is_open_already(world, fields):
        raise Conflict("The device already has an open alert with this title")
    alert_id = next_id(world, "alerts")
    world.alerts[alert_id] = {
        "AlertID": alert_id,
        **{key: fields.get(key) for key in _COPIED},
        "Source": source,
        "Title": fields["Title"],
        "Severity": fields.get("Severity") or "Information",
        "Created": stamp(now),
        "DeviceGuid": fields["DeviceGuid"],
        "AgentId": agent["AgentID"] if agent else None,
        "Archived": False,
        "AlertCategoryID": fields.get("AlertCategoryID") or "General",
        "ArchivedDate": None,
        "AlertMessage": fields.get("MessageTemplate") or fields["Title"],
        "DeviceName": agent["MachineName"] if agent else None,
        "CustomerID": customer["CustomerID"],
        "CustomerName": customer["CustomerName"],
        "FolderID": fields.get("FolderID") or (agent["FolderID"] if agent else None),
        "PollingCyclesCount": None,
        "DeviceType": agent["DeviceType"] if agent else None,
    }
    note(world, "alerts", alert_id)
    return alert_id


def resolve_alert(world: World, alert_id: int, *, now: datetime) -> None:
    """Archive an alert; one that is archived already keeps its date."""
    alert = find(world, "alerts", alert_id)
    if not alert["Archived"]:
        alert.update({"Archived": True, "ArchivedDate": stamp(now)})
        note(world, "alerts", alert_id)


def delete_alert(world: World, alert_id: int) -> None:
    """Take an alert out for good."""
    remove(world, "alerts", alert_id)


def _agent(world: World, device_guid: str) -> Record | None:
    return next((agent for agent in world.agents.values() if agent["DeviceGuid"] == device_guid), None)


def _is_open_already(world: World, fields: Record) -> bool:
    return any(
        not alert["Archived"]
        and alert["Title"] == fields["Title"]
        and alert["DeviceGuid"] == fields["DeviceGuid"]
        for alert in world.alerts.values()
    )
