"""Parent and child links between two tickets."""

from datetime import datetime

from atera_simulator.changes.journal import Refused, find, note
from atera_simulator.world import World

_OTHER_END = {"Parent": "Child", "Child": "Parent"}


def relate_tickets(world: World, ticket_id: int, related_id: int, relation: str, *, now: datetime) -> None:
    """Link two tickets; `relation` says what the related ticket is to this one (direction assumed)."""
    find(world, "tickets", ticket_id)
    if relation not in _OTHER_END:
        raise Refused("RelationType must be Parent or Child")
    if related_id not in world.tickets or related_id == ticket_id:
        raise Refused(f"RelatedTicketId {related_id} is not another ticket")
    for one, other, role in (
        (ticket_id, related_id, _OTHER_END[relation]),
        (related_id, ticket_id, relation),
    ):
        world.tickets[one].update({"RelationType": role, "RelatedTicketId": other})
        world.ticket_modified[one] = now
        note(world, "tickets", one)


def unrelate_ticket(world: World, ticket_id: int, relation: str, *, now: datetime) -> None:
    """Take away the link to this ticket's parent or child, at both ends."""
    ticket = find(world, "tickets", ticket_id)
    if ticket["RelationType"] != _OTHER_END.get(relation):
        raise Refused(f"Ticket {ticket_id} has no relation of type {relation}")
    for one in (ticket_id, ticket["RelatedTicketId"]):
        world.tickets[one].update({"RelationType": "None", "RelatedTicketId": None})
        world.ticket_modified[one] = now
        note(world, "tickets", one)
