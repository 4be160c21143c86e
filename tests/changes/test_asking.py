"""Forms: only for what is missing, one at a time where a person can be asked, all at once where a model asks."""

import pytest

from helpdesk_mcp.sdk.changes import Draft

pytestmark = pytest.mark.anyio

askable = pytest.mark.parametrize("how", ["auto", "legacy"])


@pytest.fixture(params=["auto", "legacy"])
async def asked(request, office):
    return await office.person(request.param)


async def test_form_after_form_then_the_last_question(asked, ticket, notes):
    asked.answers += [{"color": "Red"}, {"size": "big", "loud": True}, {"confirm": True}]
    assert (await asked("ask_much", ticket=ticket)).startswith("Done")
    assert notes()[-1] == "r/big/True"
    (first, look), (second, rest), (last, _) = asked.asked
    assert (first, second, last) == ("A painted note\nLook", "A painted note\nRest", "Paint it")
    assert look == {
        "type": "object",
        "properties": {"color": {"type": "string", "title": "Which color?", "enum": ["Red", "Green", "Mud"]}},
        "required": ["color"],
    }
    assert rest == {
        "type": "object",
        "properties": {
            "size": {"type": "string", "title": "Which size?"},
            "loud": {"type": "boolean", "title": "Loud?"},
        },
        "required": ["size"],
    }


async def test_what_is_known_is_not_asked(asked, ticket, notes):
    asked.answers += [{"size": "  small "}, {"confirm": True}]
    await asked("ask_much", ticket=ticket, color="g")
    assert len(asked.asked) == 2
    assert notes()[-1] == "g/  small /None"


async def test_an_answer_that_does_not_fit_is_asked_for_again_with_the_reason(asked, ticket, notes):
    asked.answers += [
        {"color": "Mud"},
        {"color": "Red"},
        {"size": "much too long"},
        {"size": "big"},
        {"confirm": True},
    ]
    await asked("ask_much", ticket=ticket)
    messages = [message for message, _ in asked.asked]
    assert messages[1] == "Mud is no color.\nA painted note\nLook"
    assert messages[3].startswith(
        "'size' cannot be 'much too long': string should have at most 8 characters."
    )
    assert notes()[-1] == "r/big/None"


async def test_a_form_that_is_closed_changes_nothing(asked, ticket, notes):
    before = notes()
    asked.answers += [{"color": "Red"}, None]
    assert await asked("ask_much", ticket=ticket) == "The form was closed: nothing was changed."
    assert notes() == before


async def test_endless_nonsense_ends(asked, ticket, notes):
    asked.answers += [{"color": "Mud"}] * 20
    assert await asked.refusal("ask_much", ticket=ticket) == (
        "Too many answers did not fit: nothing was changed. Start again with what is known."
    )
    assert len(asked.asked) == 8


async def test_a_client_that_cannot_be_asked_gets_all_questions_at_once(me, ticket):
    assert await me("ask_much", ticket=ticket) == (
        "A painted note: not enough is known yet, and nothing was changed. Ask the user for what follows, invent nothing, "
        "then call ask_much again with everything:\n"
        "- color: Which color? One of: Red; Green; Mud.\n"
        "- size: Which size?\n"
        "- loud (optional): Loud? true or false."
    )


async def test_a_form_belongs_to_its_call_and_its_person(office, ticket):
    desk = await office.desk()
    draft = Draft(answers={"color": "r"}, rounds=1)
    secret = await desk.changes.save_draft(desk.local, "ask_much", {"ticket": ticket}, draft)
    assert await desk.changes.draft(desk.local, "ask_much", {"ticket": ticket}, secret) == draft
    stranger = (await office.desk(person="Somebody else")).local
    for caller, tool, sent in (
        (desk.local, "ask_much", {"ticket": ticket + 1}),
        (desk.local, "jot", {"ticket": ticket}),
        (stranger, "ask_much", {"ticket": ticket}),
    ):
        with pytest.raises(Exception, match="belongs to another call. Nothing was changed: start again"):
            await desk.changes.draft(caller, tool, sent, secret)
    with pytest.raises(Exception, match="was not kept or is too old"):
        await desk.changes.draft(desk.local, "ask_much", {"ticket": ticket}, "made up")
