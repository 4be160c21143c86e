"""Assigning, and the fields of a ticket."""

import pytest

pytestmark = pytest.mark.anyio


@pytest.fixture
def number(open_ticket):
    return open_ticket["TicketNumber"]


@pytest.fixture
def other(world, open_ticket):
    """An engineer who does not have the ticket."""
    return next(
        one
        for one in world.technicians.values()
        if one["TechnicianContactID"] != open_ticket["TechnicianContactID"]
    )


async def test_assigned_by_name(anyone, number, open_ticket, other):
    title, name = open_ticket["TicketTitle"], other["TechnicianFullName"]
    done = await anyone.confirmed("update_ticket", ticket=number, engineer=name)
    assert done == (
        f'Done (change 1): Assign #{number} "{title}" to {name}.\n- Set #{number}: engineer to {name}: done'
    )
    assert open_ticket["TechnicianContactID"] == other["TechnicianContactID"]


@pytest.mark.parametrize("said", ["mail", "part", "id"])
async def test_an_engineer_may_be_said_in_other_ways(me, number, open_ticket, other, said):
    ways = {
        "mail": other["TechnicianEmail"],
        "part": other["TechnicianFullName"].split()[-1],
        "id": str(other["TechnicianContactID"]),
    }
    await me.confirmed("update_ticket", ticket=number, engineer=ways[said])
    assert open_ticket["TechnicianContactID"] == other["TechnicianContactID"]


async def test_me_is_the_person_who_asks(me, number, open_ticket, jens):
    await me.confirmed("update_ticket", ticket=f"#{number}", engineer="me")
    assert open_ticket["TechnicianContactID"] == jens["TechnicianContactID"]


async def test_the_preview_shows_old_and_new(me, number, open_ticket, other):
    told = await me("update_ticket", ticket=number, engineer=other["TechnicianFullName"], status="pending")
    assert (
        f'- #{number} "{open_ticket["TicketTitle"]}" ({open_ticket["CustomerName"]}): '
        f"engineer {open_ticket['TechnicianFullName']} → {other['TechnicianFullName']}, status Open → Pending"
    ) in told


async def test_taking_the_engineer_off_where_atera_allows_it(me, number, open_ticket, simulator):
    simulator.faults.can_unassign = True
    assert (await me.confirmed("update_ticket", ticket=number, engineer="nobody")).startswith("Done")
    assert open_ticket["TechnicianContactID"] is None


async def test_taking_the_engineer_off_where_atera_does_not(me, number, open_ticket):
    before = open_ticket["TechnicianContactID"]
    told = await me.confirmed("update_ticket", ticket=number, engineer="nobody")
    assert "FAILED. Atera accepted the call and left the ticket as it was." in told
    assert open_ticket["TechnicianContactID"] == before


async def test_all_fields_at_once_and_a_status_of_the_accounts_own(me, number, open_ticket, world):
    own = next(
        one["TicketStatus"]
        for one in world.tickets.values()
        if one["TicketStatus"] not in {"Open", "Pending", "Resolved", "Closed", "Deleted"}
    )
    fields = {
        "status": own.lower(),
        "priority": "Low",
        "impact": "Crisis",
        "type": "Change",
        "title": "Another",
    }
    await me.confirmed("update_ticket", ticket=number, **fields)
    told = ("TicketStatus", "TicketPriority", "TicketImpact", "TicketType", "TicketTitle")
    assert [open_ticket[name] for name in told] == [own, "Low", "Crisis", "Change", "Another"]


async def test_what_is_so_already_is_told_and_not_sent(me, number, open_ticket, simulator):
    name = open_ticket["TechnicianFullName"]
    assert await me("update_ticket", ticket=number, engineer=name) == (
        f"Nothing to change: #{number} has engineer {name} already."
    )


async def test_several_tickets_and_those_that_have_it_are_left_alone(me, world, other):
    open_ones = [one for one in world.tickets.values() if one["TicketStatus"] == "Open"][:4]
    open_ones[1]["TechnicianContactID"] = other["TechnicianContactID"]
    numbers = [one["TicketNumber"] for one in open_ones]
    told = await me(
        "update_ticket",
        ticket=", ".join(numbers[:3]) + f" and {numbers[3]}",
        engineer=other["TechnicianFullName"],
    )
    assert told.splitlines()[1] == f"Assign 4 tickets to {other['TechnicianFullName']}"
    await me("confirm_change", code=me.code(told))
    assert {one["TechnicianContactID"] for one in open_ones} == {other["TechnicianContactID"]}


async def test_a_closed_ticket_is_warned_about(me, world, other):
    closed = next(
        one
        for one in world.tickets.values()
        if one["TicketStatus"] == "Closed" and one["TechnicianContactID"] != other["TechnicianContactID"]
    )
    told = await me("update_ticket", ticket=closed["TicketNumber"], engineer=other["TechnicianFullName"])
    assert f"Warning: #{closed['TicketNumber']} is Closed; this does not open it again" in told


async def test_closing_by_the_status_alone_is_warned_about(me, number):
    told = await me("update_ticket", ticket=number, status="Resolved")
    assert "Warning: no time is logged and nobody is told how it was solved; close_ticket does both" in told


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({}, "Nothing is said to change: give engineer, status, priority, impact, type or title."),
        ({"status": "Deleted"}, "Tickets are not deleted here: do that in Atera."),
        (
            {"status": "Wontfix"},
            "No ticket has the status 'Wontfix'. Statuses: Open, Pending, Resolved, Closed",
        ),
        ({"engineer": "Zebulon"}, "No engineer is called 'Zebulon'."),
        ({"priority": "Urgent"}, "'priority' cannot be 'Urgent'"),
    ],
)
async def test_what_does_not_fit_is_told(me, number, said, told):
    assert (await me.refusal("update_ticket", ticket=number, **said)).startswith(told)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("0", "There is no ticket with the number or id '0' in the local copy."),
        ("#", "There is no ticket with the number or id '#' in the local copy."),
        (",", "No ticket is named: give its number."),
        (
            " ".join(map(str, range(51))),
            "51 tickets are named, and one change takes at most 50: make several.",
        ),
        ("'; DROP TABLE mirror.ticket", "There is no ticket with the number or id"),
    ],
)
async def test_tickets_that_are_not_there_are_told(me, said, told):
    assert (await me.refusal("update_ticket", ticket=said, priority="Low")).startswith(told)


async def test_one_title_is_not_for_two_tickets(me, world):
    first, second = (one["TicketNumber"] for one in list(world.tickets.values())[:2])
    assert await me.refusal("update_ticket", ticket=f"{first} {second}", title="Same") == (
        "A title belongs to one ticket: name one."
    )
