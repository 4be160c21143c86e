"""The way back: fields are set to what they were, by a change of its own; the rest stays and is told."""

import pytest

from atera_simulator import changes

pytestmark = pytest.mark.anyio


async def test_fields_are_set_back_after_a_yes(anyone, ticket, world):
    before = world.tickets[ticket]["TicketPriority"]
    number = world.tickets[ticket]["TicketNumber"]
    other = "Low" if before != "Low" else "High"
    await anyone.confirmed("rank", tickets=[ticket], priority=other)
    told = await anyone.confirmed("undo_change", change=1)
    assert told == f"Done (change 2): Undo change 1: Rank them.\n- Set #{number} back: priority: done"
    assert world.tickets[ticket]["TicketPriority"] == before
    assert await anyone.refusal("undo_change", change=1) == "Change 1 was undone already, by change 2."


async def test_the_preview_names_the_old_values_and_what_stays(me, ticket, world):
    number = world.tickets[ticket]["TicketNumber"]
    await me.confirmed("finish", ticket=ticket)
    told = await me("undo_change", change=1)
    assert told.splitlines()[1:-1] == [
        "Undo change 1: Finish it",
        f'- #{number} status: back to "Open"',
        "Warning: This stays as it is, Atera cannot take it back: Add a note.",
        "Warning: This stays as it is, Atera cannot take it back: Log 1 h.",
    ]


async def test_what_cannot_be_taken_back_is_said(me, ticket):
    await me.confirmed("jot", ticket=ticket, text="Stays.")
    assert await me.refusal("undo_change", change=1) == (
        "Nothing of change 1 can be taken back: Atera keeps comments, time and new tickets as they are. "
        "Correct it in Atera, or add a note that corrects it."
    )


async def test_what_somebody_has_set_again_is_left_alone(me, ticket, world, simulator, moment):
    await me.confirmed("rank", tickets=[ticket], priority="Critical")
    with simulator.changing() as changing:
        changes.update_ticket(changing, ticket, {"TicketPriority": "Medium"}, now=moment)
    number = world.tickets[ticket]["TicketNumber"]
    assert await me.refusal("undo_change", change=1) == (
        f"The priority of ticket #{number} was changed again since change 1: set it by update_ticket."
    )


async def test_changes_of_others_and_of_nobody_are_refused(me, office, ticket):
    await me.confirmed("rank", tickets=[ticket], priority="Critical")
    other = await office.person(person="Somebody else")
    assert await other.refusal("undo_change", change=1) == (
        "Change 1 was made by Jens at his desk: only they can undo it here."
    )
    assert await me.refusal("undo_change", change=99) == "There is no change 99. recent_changes lists them."


async def test_what_was_never_done_cannot_be_undone(me, ticket):
    await me("rank", tickets=[ticket], priority="Critical")
    assert "Nothing of change 1 can be taken back" in await me.refusal("undo_change", change=1)
