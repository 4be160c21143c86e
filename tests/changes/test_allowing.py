"""Who may change what: the deployment's switches, the caller's scopes, the customers that are named."""

import pytest
from tests.changes.steps import commented

from helpdesk_mcp.sdk import Change, Refused

pytestmark = pytest.mark.anyio

WRITERS = {"jot", "finish", "rank", "free", "open_for", "ask_much"}


async def tools(person):
    return {tool.name for tool in (await person.client.list_tools()).tools}


async def test_a_server_that_only_reads_hides_the_tools_and_refuses_them(office, ticket):
    reader = await office.person(effects=frozenset({"read"}))
    assert await tools(reader) == set()
    assert await reader.refusal("jot", ticket=ticket, text="No.") == "There is no tool 'jot'. Tools: ."


async def test_without_the_switch_nothing_that_leaves_the_house_is_offered(office, ticket):
    person = await office.person(effects=frozenset({"read", "write"}), reach=False)
    assert await tools(person) == WRITERS | {"confirm_change", "recent_changes", "undo_change"}
    assert "There is no tool 'mail'" in await person.refusal("mail", ticket=ticket, text="No.")


async def test_a_step_that_leaves_the_house_is_refused_whichever_tool_it_comes_from(office, ticket, world):
    person = await office.person(reach=False)
    before = len(world.comments.get(ticket, []))
    assert await person.refusal("mail", ticket=ticket, text="Hello.") == (
        "This would be sent to a.customer@example.org, and this server sends nothing outside: its operator has not set "
        "HELPDESK_REACH=on. An internal note is possible."
    )
    assert len(world.comments.get(ticket, [])) == before


async def test_scopes_of_the_caller_hide_tools_and_refuse_them(office, ticket):
    reads = await office.person(scopes=frozenset({"read"}))
    assert await tools(reads) == {"recent_changes"}
    assert "it needs the scope write" in await reads.refusal("jot", ticket=ticket, text="No.")
    writes = await office.person(scopes=frozenset({"read", "write"}))
    assert "mail" not in await tools(writes)
    assert "it needs the scope reach" in await writes.refusal("mail", ticket=ticket, text="No.")
    assert "NOT DONE YET" in await writes("jot", ticket=ticket, text="Yes.")


@pytest.mark.parametrize(
    ("scopes", "internal", "told"),
    [
        (
            {"read"},
            True,
            "Your access only reads. Whoever runs this server can give you one with the scope write.",
        ),
        (
            {"read", "write"},
            False,
            (
                "This would be sent to a.customer@example.org, and your access does not include the scope reach. An internal "
                "note is possible."
            ),
        ),
    ],
)
async def test_a_change_is_held_against_the_scopes_whichever_tool_made_it(
    office, ticket, jens, scopes, internal, told
):
    desk = await office.desk(scopes=frozenset(scopes))
    step = commented(ticket, jens["TechnicianContactID"], "Hello.", internal=internal)
    change = Change(title="Sneak", steps=(step,), customer_ids=())
    with pytest.raises(Refused) as refused:
        await desk.changes.propose(desk.local, "sneak", change)
    assert str(refused.value) == told


async def test_what_leaves_the_house_says_so_and_is_sent_after_a_yes(anyone, ticket, world):
    done = await anyone.confirmed("mail", ticket=ticket, text="We are on it.")
    assert done == "Done (change 1): Mail it.\n- Send a reply: done"
    assert world.comments[ticket][-1]["Comment"] == "We are on it."
    assert world.comments[ticket][-1]["IsInternal"] is False


async def test_the_preview_of_a_mail_names_who_gets_it(me, ticket):
    assert "LEAVES THE HOUSE, to a.customer@example.org: Send a reply" in await me(
        "mail", ticket=ticket, text="Hi."
    )


async def test_only_the_named_customers_may_be_changed(office, ticket, world, notes):
    mine = world.tickets[ticket]["CustomerName"]
    other = next(one for one in world.customers.values() if one["CustomerName"] != mine)
    allowed = await office.person(customers=(mine.upper(), "Nobody Ltd"))
    assert "NOT DONE YET" in await allowed("jot", ticket=ticket, text="Yes.")
    by_id = await office.person(customers=(str(world.tickets[ticket]["CustomerID"]),))
    assert "NOT DONE YET" in await by_id("jot", ticket=ticket, text="Yes, too.")
    for customers in ((other["CustomerName"],), ()):
        person = await office.person(customers=customers)
        assert await person.refusal("jot", ticket=ticket, text="No.") == (
            "This server changes records of some customers only, and this customer is not among them "
            "(HELPDESK_WRITE_CUSTOMERS)."
        )


async def test_a_switch_that_was_turned_after_the_preview_counts(office, ticket, notes):
    before = notes()
    person = await office.person()
    code = person.code(await person("jot", ticket=ticket, text="Too late."))
    stricter = await office.person(customers=())
    assert "some customers only" in await stricter.refusal("confirm_change", code=code)
    assert notes() == before


async def test_the_same_twice_within_minutes_is_caught(office, ticket, world):
    first, second = await office.person(), await office.person(person="A colleague")
    contact = world.tickets[ticket]["EndUserID"]
    codes = [one.code(await one("open_for", contact=contact, title="Twin")) for one in (first, second)]
    await first("confirm_change", code=codes[0])
    refused = (
        "Exactly the same was confirmed within the last 10 minutes, as change 1: nothing was done again. "
        "recent_changes tells what became of it. If it is really meant twice, change its text."
    )
    assert await second.refusal("confirm_change", code=codes[1]) == refused
    assert await first.refusal("open_for", contact=contact, title="Twin") == refused
    assert sum(one["TicketTitle"] == "Twin" for one in world.tickets.values()) == 1
    assert "NOT DONE YET" in await first("open_for", contact=contact, title="Twin 2")


async def test_setting_fields_twice_is_no_twin(me, ticket, world):
    for priority in ("Low", "Critical", "Low"):
        await me.confirmed("rank", tickets=[ticket], priority=priority)
        assert world.tickets[ticket]["TicketPriority"] == priority


async def test_me_without_a_name_cannot_write(office, ticket):
    person = await office.person(engineer="Nobody Known")
    assert await person.refusal("jot", ticket=ticket, text="No.") == (
        "No engineer is called 'Nobody Known'. Check the spelling, or search with a part of the name."
    )
