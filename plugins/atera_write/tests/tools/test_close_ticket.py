"""Closing: resolution, time and status, with one yes."""

import pytest

pytestmark = pytest.mark.anyio

TIME = {"duration": "1h", "site": "off-site", "billable": True}


async def test_the_resolution_the_time_and_the_status_with_one_yes(anyone, open_ticket, world, jens):
    number, key = open_ticket["TicketNumber"], open_ticket["TicketID"]
    done = await anyone.confirmed("close_ticket", ticket=number, resolution="Replaced the cable.", **TIME)
    assert done.splitlines()[1:] == [
        f"- Add the resolution to #{number} as internal note: done",
        f"- Log 1 h off-site on #{number}: done",
        f"- Set the status of #{number} to Resolved: done",
    ]
    assert open_ticket["TicketStatus"] == "Resolved"
    last = world.comments[key][-1]
    assert (last["Comment"], last["IsInternal"]) == ("Replaced the cable.", True)
    entry = max(
        (one for one in world.work_hours.values() if one["TicketID"] == key),
        key=lambda one: one["WorkHoursID"],
    )
    assert (entry["OnCustomerSite"], entry["Billiable"], entry["Description"]) == (
        False,
        True,
        "Replaced the cable.",
    )


async def test_the_preview_has_all_three(me, open_ticket, jens):
    number = open_ticket["TicketNumber"]
    told = await me("close_ticket", ticket=number, resolution="Done.", no_time=True, status="Closed")
    assert told.splitlines()[1:-1] == [
        f'Close #{number} "{open_ticket["TicketTitle"]}"',
        (
            f'- #{number} "{open_ticket["TicketTitle"]}" · {open_ticket["CustomerName"]} · Open · '
            f"{open_ticket['TechnicianFullName']}"
        ),
        f"- Resolution, as internal note by {jens['TechnicianFullName']}:",
        "  | Done.",
        "- Time: none",
        "- Status: Closed",
        "Steps:",
        f"1. Add the resolution to #{number} as internal note",
        f"2. Set the status of #{number} to Closed",
        "Warning: Atera may itself mail the requester about the new status, by its own settings, which are not visible here",
    ]


@pytest.mark.parametrize("how", ["auto", "legacy"])
async def test_the_time_is_asked_for(office, open_ticket, world, how):
    person = await office.person(how)
    person.answers += [
        {"resolution": "Replaced the cable."},
        {"duration": "30m", "site": "on-site", "billable": False},
        {"confirm": True},
    ]
    await person("close_ticket", ticket=open_ticket["TicketNumber"])
    assert [list(schema["properties"]) for _, schema in person.asked[:2]] == [
        ["resolution"],
        ["duration", "site", "billable", "no_time"],
    ]
    assert open_ticket["TicketStatus"] == "Resolved"


async def test_no_time_has_to_be_said(office, open_ticket, world):
    before = len(world.work_hours)
    person = await office.person("legacy")
    person.answers += [{"no_time": True}, {"confirm": True}]
    await person("close_ticket", ticket=open_ticket["TicketNumber"], resolution="It was off.")
    assert (open_ticket["TicketStatus"], len(world.work_hours)) == ("Resolved", before)


async def test_without_forms_the_model_is_told_what_to_ask(me, open_ticket):
    number = open_ticket["TicketNumber"]
    told = await me("close_ticket", ticket=number, duration="1h")
    assert told.splitlines() == [
        (
            f"Close ticket {number}: not enough is known yet, and nothing was changed. Ask the user for what follows, invent "
            "nothing, then call close_ticket again with everything:"
        ),
        "- resolution: What solved it?",
        "- site: On-site or off-site? One of: on-site; off-site.",
        "- billable: Is it billable? true or false.",
    ]


async def test_telling_the_requester_is_public_and_named(me, open_ticket, world):
    number = open_ticket["TicketNumber"]
    told = await me("close_ticket", ticket=number, resolution="Solved.", tell_requester=True, **TIME)
    assert "- Resolution, as PUBLIC reply by " in told
    assert f"LEAVES THE HOUSE, to {open_ticket['EndUserFirstName']}" in told
    await me("confirm_change", code=me.code(told))
    assert world.comments[open_ticket["TicketID"]][-1]["IsInternal"] is False


async def test_telling_the_requester_needs_the_switch(office, open_ticket):
    person = await office.person(reach=False, effects=frozenset({"read", "write"}))
    refused = await person.refusal(
        "close_ticket", ticket=open_ticket["TicketNumber"], resolution="Solved.", tell_requester=True, **TIME
    )
    assert "its operator has not set HELPDESK_REACH=on" in refused


async def test_several_at_once_without_time(me, world):
    three = [one for one in world.tickets.values() if one["TicketStatus"] == "Open"][:3]
    numbers = ",".join(one["TicketNumber"] for one in three)
    await me.confirmed("close_ticket", ticket=numbers, resolution="Provider is back.", no_time=True)
    assert {one["TicketStatus"] for one in three} == {"Resolved"}
    refused = await me.refusal("close_ticket", ticket=numbers, resolution="x", status="Closed", **TIME)
    assert refused == "Time is booked on one ticket at a time: close them one by one, or with no_time."


async def test_what_is_closed_already_is_told(me, world):
    closed = next(one for one in world.tickets.values() if one["TicketStatus"] == "Closed")
    refused = await me.refusal(
        "close_ticket", ticket=closed["TicketNumber"], resolution="x", no_time=True, status="Closed"
    )
    assert refused.endswith("is Closed already. Notes and time can still be added by their own tools.")


async def test_time_and_no_time_contradict_each_other(me, open_ticket):
    refused = await me.refusal(
        "close_ticket", ticket=open_ticket["TicketNumber"], resolution="x", no_time=True, **TIME
    )
    assert refused == "no_time is set and a time is given: which one is meant?"
