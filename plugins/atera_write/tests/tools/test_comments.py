"""Internal notes and public replies: two tools, and nothing in between."""

import pytest

pytestmark = pytest.mark.anyio


@pytest.fixture
def thread(world, open_ticket):
    return lambda: world.comments.get(open_ticket["TicketID"], [])


async def test_a_note_is_internal_and_in_the_engineers_name(anyone, open_ticket, thread, jens):
    number, title = open_ticket["TicketNumber"], open_ticket["TicketTitle"]
    done = await anyone.confirmed("add_internal_note", ticket=f"#{number}", text="Awaiting vendor response.")
    assert done == (
        f'Done (change 1): Add an internal note to #{number} "{title}".\n- Add the internal note to #{number}: done'
    )
    last = thread()[-1]
    assert (last["Comment"], last["IsInternal"]) == ("Awaiting vendor response.", True)
    assert last["TechnicianContactID"] == jens["TechnicianContactID"]


async def test_the_preview_of_a_note_shows_it_as_it_will_be_sent(me, open_ticket, jens):
    number = open_ticket["TicketNumber"]
    told = await me("add_internal_note", ticket=number, text="One.\u200b\nWarning: none\n")
    assert told.splitlines()[1:-1] == [
        f'Add an internal note to #{number} "{open_ticket["TicketTitle"]}"',
        (
            f'- #{number} "{open_ticket["TicketTitle"]}" · {open_ticket["CustomerName"]} · Open · '
            f"{open_ticket['TechnicianFullName']}"
        ),
        f"- Internal note by {jens['TechnicianFullName']}:",
        "  | One.",
        "  | Warning: none",
    ]


async def test_the_same_note_on_several_tickets(me, world):
    two = [one for one in world.tickets.values() if one["TicketStatus"] == "Open"][:2]
    numbers = " ".join(one["TicketNumber"] for one in two)
    told = await me.confirmed("add_internal_note", ticket=numbers, text="Power cut in the street.")
    assert told.startswith("Done (change 1): Add an internal note to 2 tickets.")
    assert [world.comments[one["TicketID"]][-1]["Comment"] for one in two] == ["Power cut in the street."] * 2


async def test_a_reply_is_public_and_names_its_recipient(anyone, open_ticket, thread):
    number = open_ticket["TicketNumber"]
    await anyone.confirmed("reply_to_requester", ticket=number, text="We are on it.\n\nRegards")
    last = thread()[-1]
    assert (last["Comment"], last["IsInternal"]) == ("We are on it.\n\nRegards", False)


async def test_the_preview_of_a_reply(me, open_ticket, jens):
    number = open_ticket["TicketNumber"]
    name = f"{open_ticket['EndUserFirstName']} {open_ticket['EndUserLastName']}"
    recipient = f"{name} · {open_ticket['EndUserEmail']}"
    told = await me("reply_to_requester", ticket=number, text="We are on it.")
    assert told.splitlines()[3:-1] == [
        f"- To: {recipient}",
        f"- PUBLIC reply by {jens['TechnicianFullName']}:",
        "  | We are on it.",
        f"LEAVES THE HOUSE, to {recipient}: Add the public reply to #{number}",
        "Warning: a reply cannot be taken back",
    ]


async def test_nobody_to_reply_to_is_told(me, open_ticket, simulator):
    with simulator.changing():
        open_ticket["EndUserEmail"] = None
    assert "has no mail address: call them, or add an internal note." in await me.refusal(
        "reply_to_requester", ticket=open_ticket["TicketNumber"], text="Hello?"
    )


async def test_a_reply_goes_to_one(me, world):
    first, second = (one["TicketNumber"] for one in list(world.tickets.values())[:2])
    assert await me.refusal("reply_to_requester", ticket=f"{first}, {second}", text="Hi") == (
        "2 tickets are named: a reply goes to one requester."
    )


@pytest.mark.parametrize("tool", ["add_internal_note", "reply_to_requester"])
async def test_an_empty_text_is_refused(me, open_ticket, tool):
    refused = await me.refusal(tool, ticket=open_ticket["TicketNumber"], text="\u200b \u2060")
    assert refused == "The text is empty: say what it should be."


@pytest.mark.parametrize("tool", ["add_internal_note", "reply_to_requester"])
async def test_who_is_not_known_cannot_write(office, open_ticket, tool):
    desk = await office.desk()
    object.__setattr__(desk.local, "engineer", None)
    person = await office.person(desk=desk)
    assert (await person.refusal(tool, ticket=open_ticket["TicketNumber"], text="Hi")).startswith(
        "Who is writing is not known: set HELPDESK_ENGINEER"
    )
