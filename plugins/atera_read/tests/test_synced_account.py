"""The tools on what the sync makes of a simulated account: expected values are the account's own, read from the simulator."""

import re

import pytest

pytestmark = pytest.mark.anyio

_DONE = {"Resolved", "Closed", "Deleted"}


def numbers(answer):
    return re.findall(r"^#(\d+) ", answer, re.MULTILINE)


async def test_the_account_is_answered_as_atera_has_it(synced):
    world = synced.world
    tickets = list(world.tickets.values())

    still_open = [one for one in tickets if one["TicketStatus"] not in _DONE]
    listed = await synced("search_tickets", limit=50)
    assert set(numbers(listed)) == {one["TicketNumber"] for one in still_open}
    assert f"[{len(still_open)} of {len(still_open)} shown" in listed

    mine = {
        one["TicketNumber"] for one in still_open if one["TechnicianFullName"] == synced.desk.local.engineer
    }
    assert set(numbers(await synced("search_tickets", engineer="me"))) == mine

    alerts = [one for one in world.alerts.values() if not one["Archived"]]
    snoozed = await synced("list_alerts", status="snoozed")
    awake = await synced("list_alerts", limit=50)
    assert len(alerts) == awake.count("\n- ") + snoozed.count("\n- ")

    status = await synced("sync_status")
    assert f"\ntickets: {len(tickets)} rows, " in status
    assert "never" not in status
    assert "FAILED" not in status


async def test_every_ticket_can_be_read_within_2500_tokens_and_stays_in_its_fences(synced):
    for record in synced.world.tickets.values():
        answer = await synced("get_ticket", ticket=record["TicketNumber"])
        assert answer.startswith(f"#{record['TicketNumber']} ")
        assert len(answer) / 4 <= 2500
        opened = re.findall(r"^<<untrusted ([0-9a-f]{6}): ", answer, re.MULTILINE)
        assert len(set(opened)) <= 1
        assert answer.count("<<untrusted") == len(opened)
        assert all(answer.count(f"\n{mark}>>\n") == len(opened) for mark in opened)
        comments = synced.world.comments[record["TicketID"]]
        internal = sum(comment["IsInternal"] for comment in comments)
        assert f"Conversation: {len(comments)} message" in answer
        if len(comments) <= 10:
            assert answer.count("· internal note") == internal
