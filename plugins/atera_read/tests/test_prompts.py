import re
from datetime import UTC, datetime, timedelta

import pytest

from helpdesk_mcp_atera_read import prompts

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
JENS = {"technician_id": 1, "technician_name": "Jens Holm"}


def ago(**span):
    return NOW - timedelta(**span)


@pytest.fixture
async def jens(mirror):
    await mirror.engineer(1, "Jens Holm")
    return mirror


async def test_my_queue_puts_each_ticket_into_the_first_heap_that_fits(jens, ask):
    calm = {"created_at": ago(hours=1), **JENS}
    await jens.ticket(1, "Calm", **calm)
    await jens.ticket(2, "Quiet", created_at=ago(days=6), **JENS)
    await jens.ticket(3, "Urgent", priority="Critical", **calm)
    await jens.ticket(4, "Soon", due_at=NOW + timedelta(hours=3), priority="High", **calm)
    await jens.ticket(
        5,
        "Asked again",
        last_contact_comment_at=ago(minutes=5),
        last_technician_comment_at=ago(hours=1),
        **calm,
    )
    await jens.ticket(6, "Late", due_at=ago(hours=1), last_contact_comment_at=ago(minutes=5), **calm)
    await jens.ticket(
        7, "Answered", last_contact_comment_at=ago(hours=1), last_technician_comment_at=ago(minutes=5), **calm
    )
    await jens.ticket(8, "Not mine", created_at=ago(hours=1))
    await jens.ticket(9, "Done", status="Closed", **calm)
    assert await ask.prompt("my_queue") == (
        "Plan the next hours for Jens Holm: say which tickets to take first, in which order and why, and which of them only "
        "need a short answer. Name every ticket by its number.\n"
        "\n"
        "Open tickets of Jens Holm, as of 10:00:\n"
        "\n"
        "Overdue:\n"
        "#6 Late · Open · Medium · 60 min old, active 5 min ago · OVERDUE 60 min\n"
        "\n"
        "The requester wrote last and waits for us:\n"
        "#5 Asked again · Open · Medium · 60 min old, active 5 min ago\n"
        "\n"
        "Due within 24 hours:\n"
        "#4 Soon · Open · High · 60 min old\n"
        "\n"
        "High or critical priority:\n"
        "#3 Urgent · Open · Critical · 60 min old\n"
        "\n"
        "No activity for 5 days:\n"
        "#2 Quiet · Open · Medium · 6 d old\n"
        "\n"
        "The rest:\n"
        "#1 Calm · Open · Medium · 60 min old\n"
        "#7 Answered · Open · Medium · 60 min old, active 5 min ago"
    ).replace("60 min", "1 h")


async def test_an_empty_queue_says_so(jens, ask):
    assert (await ask.prompt("my_queue")).startswith("Open tickets of Jens Holm: none.")
    assert (await ask.prompt("handover")).startswith("Open tickets of Jens Holm: none.")


async def test_triage_carries_the_ticket_similar_ones_and_the_customers_others(jens, ask):
    await jens.ticket(1, "Scanner sends nothing", description="Error 1102.", customer_id=5)
    await jens.ticket(2, "VPN drops", customer_id=5)
    await jens.ticket(3, "Elsewhere", customer_id=6)
    await jens.ticket(4, "Scanner sends nothing again", status="Closed")
    text = await ask.prompt("triage_ticket", ticket="1")
    assert text.startswith("Triage this ticket. Propose type, priority and impact")
    assert "\n#1 Scanner sends nothing\nStatus: Open" in text
    assert 'Closed tickets like #1 "Scanner sends nothing", most alike first:\n#4 ' in text
    assert "Other open tickets of the same customer:\n#2 VPN drops · unassigned · Open" in text
    assert "Elsewhere" not in text


async def test_handover_carries_the_last_message_of_each_ticket(jens, ask, monkeypatch):
    monkeypatch.setattr(prompts, "_MOST_HANDED_OVER", 2)
    await jens.ticket(1, "Late", due_at=ago(days=1), **JENS)
    await jens.comment(1, "Old")
    await jens.comment(1, "I come on Friday.", is_internal=True)
    await jens.comment(1, "Ticket merged", author_kind="system")
    await jens.ticket(2, "Urgent", priority="High", **JENS)
    await jens.ticket(3, "Calm", **JENS)
    text = await ask.prompt("handover", engineer="jens")
    mark = re.search(r"<<untrusted (\w+):", text)[1]
    assert text.replace(mark, "MARK").endswith(
        "Open tickets of Jens Holm, most urgent first:\n"
        "\n"
        "#1 Late · Open · Medium · 3 d old · OVERDUE 24 h\n"
        "<<untrusted MARK: last message · 22 Nov 10:01 · Jens Holm · internal note\n"
        "I come on Friday.\n"
        "MARK>>\n"
        "\n"
        "#2 Urgent · Open · High · 3 d old\n"
        "(no message yet)\n"
        "\n"
        "Without their last message:\n"
        "#3 Calm · Open · Medium · 3 d old"
    )


async def test_a_queue_that_is_too_long_says_that_there_may_be_more(jens, ask, monkeypatch):
    monkeypatch.setattr(prompts, "_MOST", 2)
    for number in range(1, 4):
        await jens.ticket(number, **JENS)
    assert (
        "Open tickets of Jens Holm, as of 10:00 (the 2 of the highest priority; there may be more: search_tickets):"
        in (await ask.prompt("my_queue"))
    )
