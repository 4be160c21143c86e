"""A new ticket: for the right company for ever, with all that it needs, and asked for what is missing."""

import pytest
from sqlalchemy import text

from helpdesk_mcp.store.engines import write_engine

pytestmark = pytest.mark.anyio

WHAT = {
    "title": "Printer on fire",
    "description": "It burns.\nSince nine.",
    "priority": "High",
    "impact": "Minor",
    "type": "Incident",
}


@pytest.fixture
def contact(world):
    return next(one for one in world.contacts.values() if one["Email"] and not one["Archived"])


@pytest.fixture
def company(world, contact):
    return world.customers[contact["CustomerID"]]


@pytest.fixture
def stranger(world, contact):
    """A contact of another company."""
    return next(
        one
        for one in world.contacts.values()
        if one["CustomerID"] != contact["CustomerID"] and one["Email"] and not one["Archived"]
    )


async def test_directly_with_all_that_it_needs(anyone, world, company, contact, jens):
    done = await anyone.confirmed(
        "create_ticket", customer=company["CustomerName"], contact=contact["Email"], engineer="me", **WHAT
    )
    new = max(world.tickets.values(), key=lambda one: one["TicketID"])
    assert done.splitlines() == [
        f'Done (change 1): Create the ticket "Printer on fire" for {company["CustomerName"]}.',
        '- Create the ticket "Printer on fire": done',
        f"The new ticket is #{new['TicketNumber']}.",
    ]
    told = ("TicketTitle", "TicketPriority", "TicketImpact", "TicketType", "CustomerID", "EndUserID")
    assert [new[name] for name in told] == [
        "Printer on fire",
        "High",
        "Minor",
        "Incident",
        company["CustomerID"],
        contact["EndUserID"],
    ]
    assert (new["TechnicianContactID"], new["FirstComment"]) == (
        jens["TechnicianContactID"],
        WHAT["description"],
    )


async def test_the_preview_says_what_can_never_be_changed(me, company, contact, jens):
    told = await me("create_ticket", customer=company["CustomerName"], contact=contact["Email"], **WHAT)
    assert told.splitlines()[1:9] == [
        f'Create the ticket "Printer on fire" for {company["CustomerName"]}',
        f"- Company: {company['CustomerName']} (follows from the contact; CAN NEVER BE CHANGED LATER)",
        f"- Contact: {contact['Firstname']} {contact['Lastname']} · {contact['Email']}",
        "- Title: Printer on fire",
        "- Priority: High · Impact: Minor · Type: Incident",
        "- Engineer: nobody yet",
        "- Description:",
        "  | It burns.",
    ]


@pytest.mark.parametrize("how", ["auto", "legacy"])
async def test_the_wizard_asks_for_what_is_missing_in_three_forms(office, world, company, contact, how):
    person = await office.person(how)
    person.answers += [
        {"customer": company["CustomerName"], "contact": contact["Email"]},
        {"title": WHAT["title"], "description": WHAT["description"]},
        {"priority": "High", "impact": "Minor", "type": "Incident", "engineer": ""},
        {"confirm": True},
    ]
    assert "The new ticket is #" in await person("create_ticket")
    assert [message.splitlines()[-1] for message, _ in person.asked[:3]] == [
        "For whom",
        "What is it about",
        "How bad is it",
    ]
    assert list(person.asked[2][1]["properties"]) == ["priority", "impact", "type", "engineer"]
    assert person.asked[2][1]["properties"]["impact"]["enum"] == [
        "NoImpact",
        "Minor",
        "Major",
        "SiteDown",
        "ServerIssue",
        "Crisis",
    ]
    new = max(world.tickets.values(), key=lambda one: one["TicketID"])
    assert (new["EndUserID"], new["TechnicianContactID"]) == (contact["EndUserID"], None)


async def test_the_wizard_asks_only_for_what_is_missing(office, company, contact):
    person = await office.person("legacy")
    person.answers += [{"type": "Request"}, {"confirm": True}]
    given = {name: value for name, value in WHAT.items() if name != "type"}
    await person(
        "create_ticket", customer=company["CustomerName"], contact=contact["Email"], **given, engineer="me"
    )
    assert [list(schema["properties"]) for _, schema in person.asked] == [["type"], ["confirm"]]


async def test_without_forms_the_model_is_told_all_that_is_needed(me, company):
    told = await me("create_ticket", customer=company["CustomerName"], title="Printer")
    assert told.splitlines() == [
        (
            'New ticket "Printer": not enough is known yet, and nothing was changed. Ask the user for what follows, invent '
            "nothing, then call create_ticket again with everything:"
        ),
        f"- contact: Who at {company['CustomerName']} has the problem: name or mail address?",
        "- description: What happened, since when, what was tried?",
        "- priority: Priority? One of: Low; Medium; High; Critical.",
        "- impact: Impact? One of: NoImpact; Minor; Major; SiteDown; ServerIssue; Crisis.",
        "- type: Type? One of: Incident; Problem; Request; Change.",
        "- engineer (optional): Engineer: a name or me; empty for nobody yet",
    ]


async def test_a_contact_without_a_company_brings_it_along(me, company, contact):
    told = await me("create_ticket", contact=contact["Email"], **WHAT)
    assert f"- Company: {company['CustomerName']} (follows" in told


async def test_a_contact_of_another_company_is_refused(me, company, stranger, world):
    theirs = world.customers[stranger["CustomerID"]]["CustomerName"]
    assert await me.refusal(
        "create_ticket", customer=company["CustomerName"], contact=stranger["Email"], **WHAT
    ) == (
        f"{stranger['Firstname']} {stranger['Lastname']} is a contact of {theirs}, not of {company['CustomerName']}. A "
        "ticket's company is its contact's and can never be changed: name the right company, or another contact."
    )


async def test_the_mail_address_of_another_companys_contact_makes_no_new_one(me, company, stranger):
    refused = await me.refusal(
        "create_ticket",
        customer=company["CustomerName"],
        contact="Some Body",
        contact_email=stranger["Email"],
        **WHAT,
    )
    assert "is a contact of" in refused


async def test_a_new_contact_is_created_first_under_the_right_company(anyone, world, company):
    done = await anyone.confirmed(
        "create_ticket",
        customer=company["CustomerName"],
        contact="Ada von Lovelace",
        contact_email="ada@new.example",
        **WHAT,
    )
    assert done.splitlines()[1:3] == [
        f"- Create the contact Ada von Lovelace <ada@new.example> at {company['CustomerName']}: done",
        '- Create the ticket "Printer on fire": done',
    ]
    person = next(one for one in world.contacts.values() if one["Email"] == "ada@new.example")
    new = max(world.tickets.values(), key=lambda one: one["TicketID"])
    assert (person["Firstname"], person["Lastname"]) == ("Ada von", "Lovelace")
    assert new["EndUserID"] == person["EndUserID"]
    assert new["CustomerID"] == person["CustomerID"] == company["CustomerID"]


async def test_an_unknown_contact_is_asked_for_and_not_made_up(me, company):
    told = await me("create_ticket", customer=company["CustomerName"], contact="Ada Lovelace", **WHAT)
    assert (
        f"- contact: Ada Lovelace is no contact of {company['CustomerName']}. Another name, or the same one for a new contact\n"
        "- contact_email (optional): Mail address, only for a new contact"
    ) in told


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ({"contact": "ada@new.example"}, "What is the person's first and last name?"),
        ({"contact": "Ada", "contact_email": "ada@new.example"}, "First AND last name, please"),
    ],
)
async def test_half_a_new_contact_is_asked_for_the_rest(me, company, said, asked):
    assert asked in await me("create_ticket", customer=company["CustomerName"], **said, **WHAT)


async def test_a_mail_address_that_is_none_is_refused(me, company):
    said = {"contact": "Ada Lovelace", "contact_email": "ada at home"}
    assert await me.refusal("create_ticket", customer=company["CustomerName"], **said, **WHAT) == (
        "'ada at home' is no mail address."
    )


async def test_an_unknown_company_is_a_question_with_those_that_are_near(me, world):
    told = await me("create_ticket", customer="Zebulon Works", contact="x", **WHAT)
    assert (
        "- customer: No company is called Zebulon Works. Which one is it? It can never be changed later."
        in told
    )


async def test_a_name_that_was_taken_for_a_similar_one_is_told(me, world, company, contact):
    words = " ".join(one["CustomerName"] for one in world.customers.values()).split()
    part = next(word for word in company["CustomerName"].split() if words.count(word) == 1)
    told = await me("create_ticket", customer=part, contact=contact["Email"], **WHAT)
    assert f'Warning: "{part}" was taken for {company["CustomerName"]}' in told


async def test_several_companies_are_offered_and_one_is_taken_by_choice(office, world, url):
    engine = write_engine(url)
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE mirror.customer SET name = 'Twins Ltd', city = 'Nr ' || id"))
    await engine.dispose()
    person = await office.person("legacy")
    first = min(world.customers)
    contact = next(one for one in world.contacts.values() if one["CustomerID"] == first and one["Email"])
    person.answers += [{"customer": f"Twins Ltd (Nr {first})"}, {"confirm": True}]
    await person("create_ticket", customer="Twins Ltd", contact=contact["Email"], engineer="me", **WHAT)
    assert f"Twins Ltd (Nr {first})" in person.asked[0][1]["properties"]["customer"]["enum"]
    assert max(world.tickets.values(), key=lambda one: one["TicketID"])["CustomerID"] == first


async def test_likely_doubles_are_shown(me, world, company, contact):
    said = {"customer": company["CustomerName"], "contact": contact["Email"]}
    await me.confirmed("create_ticket", **said, **WHAT)
    number = max(world.tickets.values(), key=lambda one: one["TicketID"])["TicketNumber"]
    told = await me("create_ticket", **said, **{**WHAT, "title": "Printer is on fire"})
    assert f'Warning: possibly a double of #{number} "Printer on fire" (Open, ' in told


async def test_titles_and_texts_are_sent_without_what_nobody_sees(me, world, company, contact):
    await me.confirmed(
        "create_ticket",
        customer=company["CustomerName"],
        contact=contact["Email"],
        **{**WHAT, "title": "Pri\u200bnter\n on  fire", "description": "Bu\u202ern\u2069s\U000e0041."},
    )
    new = max(world.tickets.values(), key=lambda one: one["TicketID"])
    assert (new["TicketTitle"], new["FirstComment"]) == ("Printer on fire", "Burns.")


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"priority": "Urgent"}, "'priority' cannot be 'Urgent'"),
        ({"title": "x" * 300}, "The title has 300 characters, and 200 is the most"),
        ({"title": "\u200b"}, "The title is empty"),
        ({"description": "x" * 30_000}, "The text has 30000 characters"),
        ({"engineer": "Zebulon"}, "No engineer is called 'Zebulon'"),
        ({"company": "x"}, "create_ticket has no argument 'company'"),
    ],
)
async def test_what_does_not_fit_is_told(me, company, contact, wrong, told):
    said = {"customer": company["CustomerName"], "contact": contact["Email"], **WHAT, **wrong}
    assert told in await me.refusal("create_ticket", **said)
