"""One yes for one change: by a question where somebody can be asked, by a code where nobody can."""

import asyncio

import pytest
from sqlalchemy import text

from atera_simulator import changes
from helpdesk_mcp.store.engines import write_engine

pytestmark = pytest.mark.anyio


async def test_a_change_is_previewed_confirmed_and_done_in_every_kind_of_client(anyone, ticket, notes):
    before = notes()
    done = await anyone.confirmed("jot", ticket=ticket, text="Waiting for the vendor.")
    assert done == "Done (change 1): Note it.\n- Add a note: done"
    assert notes() == [*before, "Waiting for the vendor."]


async def test_the_preview_comes_with_a_code_and_changes_nothing(me, ticket, notes, simulator):
    before = notes()
    told = await me("jot", ticket=ticket, text="Waiting.")
    assert told == (
        "NOT DONE YET. This would be done:\nNote it\nWaiting.\n"
        f'Show this to the user. Only when they say yes: confirm_change(code="{me.code(told)}") within 10 minutes.'
    )
    assert notes() == before
    assert not [call for call in simulator.requests if not call.startswith("GET")]


@pytest.mark.parametrize("how", ["auto", "legacy"])
async def test_the_question_is_the_preview_and_a_box_to_tick(office, ticket, how):
    asked = await office.person(how)
    await asked.confirmed("jot", ticket=ticket, text="Waiting.")
    assert asked.asked == [
        (
            "Note it\nWaiting.",
            {
                "type": "object",
                "properties": {
                    "confirm": {
                        "type": "boolean",
                        "title": "Yes, do this",
                        "description": "Nothing is changed unless this is ticked.",
                    }
                },
                "required": ["confirm"],
            },
        )
    ]


@pytest.mark.parametrize("how", ["auto", "legacy"])
@pytest.mark.parametrize("answer", [None, {}, {"confirm": False}, {"confirm": "yes"}])
async def test_whoever_does_not_tick_it_changes_nothing(office, ticket, notes, how, answer):
    before = notes()
    asked = await office.person(how)
    asked.answers.append(answer)
    assert await asked("jot", ticket=ticket, text="No.") == "Declined: nothing was changed (Note it)."
    assert notes() == before
    assert "declined · Note it" in await asked("recent_changes")


async def test_a_client_that_only_claims_to_be_askable_gets_a_code(office, ticket):
    liar = await office.person("legacy")

    def fail(_):
        raise RuntimeError("no form here")

    liar.answers = type("Broken", (), {"pop": staticmethod(fail)})
    assert "confirm_change(code=" in await liar("jot", ticket=ticket, text="Waiting.")


async def test_a_code_is_good_for_one_time(me, ticket, notes):
    before = notes()
    code = me.code(await me("jot", ticket=ticket, text="Once."))
    await me("confirm_change", code=code)
    assert await me.refusal("confirm_change", code=code) == (
        "This was decided before: nothing was done now. recent_changes tells what became of change 1."
    )
    assert notes() == [*before, "Once."]


async def test_a_code_may_be_typed_as_people_type(me, ticket, notes):
    code = me.code(await me("jot", ticket=ticket, text="Typed."))
    await me("confirm_change", code=f" {code.lower().replace('-', ' ')} ")
    assert "Typed." in notes()


async def test_of_two_that_confirm_at_once_one_wins(office, ticket, notes):
    first, second = await office.person(), await office.person()
    code = first.code(await first("jot", ticket=ticket, text="Twice."))
    results = await asyncio.gather(
        *(one.client.call_tool("confirm_change", {"code": code}) for one in (first, second))
    )
    assert sorted(result.is_error for result in results) == [False, True]
    assert notes().count("Twice.") == 1


@pytest.mark.parametrize("code", ["ABCD-EFGH", "x", "999", "9" * 30, "'; DROP TABLE helpdesk.change; --"])
async def test_a_code_that_nobody_gave_is_refused(me, code):
    assert await me.refusal("confirm_change", code=code) == (
        "No change has this code or number. Codes stand in the preview that a tool gives; recent_changes lists numbers."
    )


async def test_a_code_is_refused_to_another_person(me, office, ticket, notes):
    before = notes()
    other = await office.person(person="Somebody else")
    code = me.code(await me("jot", ticket=ticket, text="Mine."))
    assert await other.refusal("confirm_change", code=code) == (
        "This change was asked for by somebody else, and only they can confirm it. Nothing was changed."
    )
    assert notes() == before


async def test_a_code_expires(me, ticket, notes, url):
    before = notes()
    code = me.code(await me("jot", ticket=ticket, text="Late."))
    await owner(url, "UPDATE helpdesk.change SET expires_at = now() - interval '1 second'")
    assert await me.refusal("confirm_change", code=code) == (
        "The code has expired: nothing was changed. Ask for the change again, for a new preview."
    )
    assert notes() == before
    assert "expired · Note it" in await me("recent_changes")


async def test_a_code_confirms_its_own_change_and_no_other(me, ticket, notes):
    before = notes()
    first = me.code(await me("jot", ticket=ticket, text="First."))
    await me("jot", ticket=ticket, text="Second.")
    await me("confirm_change", code=first)
    assert notes() == [*before, "First."]


async def test_a_ticket_that_changed_since_the_preview_is_refused_with_what_is_another(
    me, ticket, notes, simulator, moment
):
    before = notes()
    code = me.code(await me("jot", ticket=ticket, text="Stale."))
    with simulator.changing() as world:
        number = world.tickets[ticket]["TicketNumber"]
        changes.update_ticket(world, ticket, {"TicketStatus": "Pending"}, now=moment)
        contact = world.tickets[ticket]["EndUserID"]
        changes.add_comment(world, ticket, "It works again!", end_user_id=contact, now=moment)
    assert await me.refusal("confirm_change", code=code) == (
        f"Ticket #{number} has changed since the preview (status Open → Pending, a new message of the contact). "
        "Nothing was changed: look at it, and ask for the change again."
    )
    assert notes() == before


async def test_the_preview_speaks_of_the_ticket_as_it_is_in_atera_now(me, ticket, simulator, moment):
    with simulator.changing() as world:
        changes.update_ticket(world, ticket, {"TicketStatus": "Pending"}, now=moment)
    code = me.code(await me("jot", ticket=ticket, text="Fresh."))
    assert (await me("confirm_change", code=code)).startswith("Done")


async def test_a_ticket_that_is_gone_is_told(me, ticket, simulator):
    code = me.code(await me("jot", ticket=ticket, text="Gone."))
    with simulator.changing() as world:
        del world.tickets[ticket]
    assert await me.refusal("confirm_change", code=code) == (
        f"Atera does not have ticket {ticket} any more. Nothing was changed."
    )


async def test_where_only_a_person_may_confirm_a_client_without_prompts_is_refused(office, ticket, notes):
    before = notes()
    silent = await office.person(is_person_required=True)
    assert await silent.refusal("jot", ticket=ticket, text="No.") == (
        "This server changes things only through clients in which it can ask the person (HELPDESK_WRITES=person), "
        "and this client has no way to be asked. Nothing was changed."
    )
    askable = await office.person("legacy", is_person_required=True)
    await askable.confirmed("jot", ticket=ticket, text="Yes.")
    assert notes() == [*before, "Yes."]


async def owner(url, statement):
    engine = write_engine(url)
    async with engine.begin() as connection:
        await connection.execute(text(statement))
    await engine.dispose()


async def test_what_can_be_no_code_is_told_so(me):
    for code in ("9" * 19, 2**64, "#" + "9" * 40, "%", "'", "12 34"):
        assert await me.refusal("confirm_change", code=code) == (
            "No change has this code or number. Codes stand in the preview that a tool gives; recent_changes lists numbers."
        )
