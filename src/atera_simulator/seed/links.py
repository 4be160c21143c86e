"""What ties tickets together: parents and children, and the one number that is also an id."""

from random import Random

from atera_simulator.seed.scale import Size
from atera_simulator.world import Record, World

_FAMILIES: dict[Size, int] = {"tiny": 1, "demo": 14, "msp": 200}


def link_tickets(world: World, rng: Random, size: Size) -> None:
    """Make some tickets of one customer parent and child; in demo give one ticket the id of another as its number."""
    by_customer: dict[int, list[Record]] = {}
    for ticket in world.tickets.values():
        by_customer.setdefault(ticket["CustomerID"], []).append(ticket)
    groups = [tickets for tickets in by_customer.values() if len(tickets) > 1]
    for _ in range(_FAMILIES[size]):
        parent, child = rng.sample(rng.choice(groups), 2)
        if parent["RelationType"] == child["RelationType"] == "None":
            parent |= {"RelationType": "Parent", "RelatedTicketId": child["TicketID"]}
            child |= {"RelationType": "Child", "RelatedTicketId": parent["TicketID"]}
    if size == "demo":
        _confuse(list(world.tickets.values()))


def _confuse(tickets: list[Record]) -> None:
    """Let the number of a recent ticket equal the id of another one, as happens in tenants that have grown."""
    mistaken, meant = tickets[-40], tickets[-25]
    mistaken["TicketNumber"] = str(meant["TicketID"])
