"""Agents: presence, customer and removal."""

from datetime import datetime

from atera_simulator.changes.journal import Refused, find, note, remove, stamp
from atera_simulator.world import World


def set_agent_online(world: World, agent_id: int, *, online: bool, now: datetime) -> None:
    """Record that a machine came, went or was just seen; one that goes keeps the moment it was last seen."""
    agent = find(world, "agents", agent_id)
    agent.update({"Online": online, "Modified": stamp(now)})
    if online:
        agent["LastSeen"] = stamp(now)
    note(world, "agents", agent_id)


def move_agent(
    world: World, agent_id: int, *, customer_id: int, folder_id: int | None, now: datetime
) -> None:
    """Put an agent under a customer and folder; contacts of the old customer lose it as their machine."""
    agent = find(world, "agents", agent_id)
    customer = world.customers.get(customer_id)
    if customer is None:
        raise Refused(f"CustomerId {customer_id} was not found")
    if agent["CustomerID"] != customer_id:
        _unlink_contacts(world, agent_id)
    agent.update(
        {
            "CustomerID": customer_id,
            "CustomerName": customer["CustomerName"],
            "FolderID": folder_id,
            "FolderName": None,
            "Modified": stamp(now),
        },
    )
    note(world, "agents", agent_id)


def delete_agent(world: World, agent_id: int) -> None:
    """Take an agent out for good, with its patches."""
    guid = find(world, "agents", agent_id)["DeviceGuid"]
    remove(world, "agents", agent_id)
    world.patches.pop(guid, None)


def _unlink_contacts(world: World, agent_id: int) -> None:
    for contact_id, person in world.contacts.items():
        if person.get("DefaultAgentId") == agent_id:
            person["DefaultAgentId"] = None
            note(world, "contacts", contact_id)
