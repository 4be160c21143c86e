"""The orders in which the account's records are listed.

Where Atera documents an order it is kept (contacts by falling id, tickets/lastmodified by its clock, rising by assumption);
elsewhere rising id is assumed, and falling id for tickets, whose newest come first in practice.
"""

from collections.abc import Hashable, Iterable

from atera_simulator.api.listing import ALL, Listing, Place
from atera_simulator.world import World

SILENT = "silent"
"""Group of the tickets without comments."""
FINISHED = "finished"
"""Group of the resolved and closed tickets."""
ACTIVE = "active"
"""Group of the alerts that are not archived."""
ARCHIVED = "archived"


def status_group(name: str) -> Hashable:
    """Return the group of the tickets with this status, whatever its case."""
    return ("status", name.casefold())


def customer_group(customer_id: int) -> Hashable:
    """Return the group of what belongs to a customer."""
    return ("customer", customer_id)


class Listings:
    """Every sorted list the API answers from."""

    def __init__(self, world: World) -> None:
        self.tickets = Listing(world, "tickets", _ticket, reverse=True)
        self.tickets_by_change = Listing(world, "tickets", _ticket_change)
        self.work_hours = Listing(world, "work_hours", _work_hours)
        self.work_hours_of_ticket = Listing(world, "work_hours", _work_hours_of_ticket)
        self.agents = Listing(world, "agents", _by_id("agents"))
        self.alerts = Listing(world, "alerts", _alert)
        self.customers = Listing(world, "customers", _by_id("customers"))
        self.customers_by_change = Listing(world, "customers", _by_change("customers"), reverse=True)
        self.contacts = Listing(world, "contacts", _by_id("contacts"), reverse=True)
        self.contacts_by_change = Listing(world, "contacts", _by_change("contacts"), reverse=True)
        self.departments = Listing(world, "departments", _by_id("departments"))
        self.contracts = Listing(world, "contracts", _by_id("contracts"))
        self.products = Listing(world, "products", _by_id("products"))
        self.expenses = Listing(world, "expenses", _by_id("expenses"))
        self.knowledge_base = Listing(world, "knowledge_base", _by_id("knowledge_base"))
        self.invoices = Listing(world, "invoices", _by_id("invoices"))


def _ticket(world: World, ticket_id: int) -> tuple[int, Iterable[Hashable]]:
    ticket = world.tickets[ticket_id]
    groups = [ALL, status_group(ticket["TicketStatus"]), customer_group(ticket["CustomerID"])]
    if not world.comments.get(ticket_id):
        groups.append(SILENT)
    if ticket["TicketStatus"] in {"Resolved", "Closed"}:
        groups.append(FINISHED)
    return ticket_id, groups


def _ticket_change(world: World, ticket_id: int) -> tuple[float, Iterable[Hashable]]:
    return world.ticket_modified[ticket_id].timestamp(), (ALL,)


def _work_hours(world: World, entry_id: int) -> tuple[str, Iterable[Hashable]]:
    return world.work_hours[entry_id]["StartWorkHour"], (ALL,)


def _work_hours_of_ticket(world: World, entry_id: int) -> tuple[int, Iterable[Hashable]]:
    return entry_id, (world.work_hours[entry_id]["TicketID"],)


def _alert(world: World, alert_id: int) -> tuple[int, Iterable[Hashable]]:
    return alert_id, (ALL, ARCHIVED if world.alerts[alert_id]["Archived"] else ACTIVE)


def _by_id(table: str) -> Place:
    def place(world: World, record_id: int) -> tuple[int, Iterable[Hashable]]:
        record = getattr(world, table)[record_id]
        return record_id, (ALL, customer_group(record.get("CustomerID")))

    return place


def _by_change(table: str) -> Place:
    def place(world: World, record_id: int) -> tuple[str, Iterable[Hashable]]:
        return getattr(world, table)[record_id]["LastModified"] or "", (ALL,)

    return place
