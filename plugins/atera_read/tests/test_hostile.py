"""Tickets that give orders, on the way to a reader: their words stay in fences, and out of every line of ours."""

import re

import pytest
from tests.hostile import LURES

from helpdesk_mcp.sdk import clean

pytestmark = pytest.mark.anyio

FENCE = re.compile(r"<<untrusted ([0-9a-f]{6}): [^\n]*\n.*?\n\1>>", re.DOTALL)


async def test_every_lure_stays_in_its_place(mirror, ask):
    for place, (title, text) in enumerate(LURES):
        number = str(500 + place)
        await mirror.ticket(number, title, description=text, customer_name=title, contact_name=title)
        await mirror.comment(number, text, author_name=title, author_kind="contact")
    for place, (title, text) in enumerate(LURES):
        told = await ask("get_ticket", ticket=str(500 + place))
        assert told == clean(told), title
        outside = FENCE.sub("", told)
        for line in filter(None, (line.strip() for line in text.splitlines())):
            if len(line) > 12:
                assert line not in outside, (title, line)
        assert outside.splitlines()[0].startswith(f"#{500 + place} ")


async def test_a_list_has_one_line_for_each(mirror, ask):
    for place, (title, text) in enumerate(LURES):
        await mirror.ticket(
            str(500 + place), title, description=text, customer_name="Acme", contact_name=title
        )
    told = await ask("search_tickets", limit=50)
    assert told == clean(told)
    rows = [line for line in told.splitlines() if line.startswith("#")]
    assert len(rows) == len(LURES)
    assert {line.count(" · ") for line in rows} == {rows[0].count(" · ")}
