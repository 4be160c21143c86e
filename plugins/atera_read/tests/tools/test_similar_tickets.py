import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from helpdesk_mcp.sdk import tables
from helpdesk_mcp_atera_read.queries import similar

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def ago(**span):
    return NOW - timedelta(**span)


def numbers(answer):
    return re.findall(r"^#(\d+) ", answer, re.MULTILINE)


async def article(mirror, id_, title, body, **values):
    await mirror.add(tables.article, id=id_, title=title, body=body, **values)


async def test_the_whole_answer(mirror, ask):
    await mirror.synced("tickets", "conversations", "articles")
    await mirror.ticket(
        9, "Zebra prints blank labels", description="Labels come out white at packing station 2."
    )
    await mirror.ticket(
        1,
        "Labels from the Zebra are blank",
        status="Closed",
        customer_name="Brandt Logistik",
        technician_id=1,
        technician_name="Jens Holm",
        created_at=ago(days=30),
        resolved_at=ago(days=29),
    )
    await mirror.ticket(2, "VPN drops", status="Closed")
    await mirror.comment(1, "Is it plugged in?", at=ago(days=30))
    await mirror.comment(1, "The print head was worn.\nI fitted a new one.", at=ago(days=29, hours=1))
    await mirror.comment(1, "Closing.", at=ago(days=29), is_internal=True)
    await mirror.comment(
        1, "Thanks, this was quick and it works very well now!", author_kind="contact", at=ago(days=28)
    )
    await article(
        mirror,
        301,
        "Blank labels",
        "Clean the Zebra's head first.",
        section="Printing",
        url="https://kb.example/301",
    )
    await article(mirror, 302, "VPN", "Restart it.")
    answer = await ask("similar_tickets", ticket="9")
    mark = re.search(r"<<untrusted (\w+):", answer)[1]
    assert answer.replace(mark, "MARK") == (
        'Closed tickets like #9 "Zebra prints blank labels", most alike first:\n'
        "#1 Labels from the Zebra are blank · Brandt Logistik · Jens Holm · created 25 Oct 10:00, resolved 26 Oct 10:00"
        " · same words: blank, labels, zebra\n"
        "<<untrusted MARK: solved by · 26 Oct 09:00 · Jens Holm · PUBLIC\n"
        "The print head was worn.\n"
        "I fitted a new one.\n"
        "MARK>>\n"
        "\n"
        "Knowledge base:\n"
        "- Blank labels · Printing · https://kb.example/301\n"
        "<<untrusted MARK: article\n"
        "Clean the Zebra's head first.\n"
        "MARK>>\n"
        "[data of 09:57, 3 min old]"
    )


async def test_only_closed_tickets_that_atera_still_has_are_compared(mirror, ask):
    await mirror.ticket(1, "Scanner sends nothing", status="Resolved")
    await mirror.ticket(2, "Scanner sends nothing", status="Open")
    await mirror.ticket(3, "Scanner sends nothing", status="Deleted")
    await mirror.ticket(4, "Scanner sends nothing", status="Closed", deleted_at=NOW)
    assert numbers(await ask("similar_tickets", text="scanner sends nothing")) == ["1"]


async def test_a_closed_ticket_is_not_like_itself(mirror, ask):
    await mirror.ticket(1, "Scanner sends nothing", status="Closed")
    answer = await ask("similar_tickets", ticket="1")
    assert 'Closed tickets like #1 "Scanner sends nothing": none shares enough words.' in answer


async def test_one_shared_word_is_not_enough_where_the_text_has_several(mirror, ask):
    await mirror.ticket(1, "Scanner gone", status="Closed")
    await mirror.ticket(2, "Scanner sends faxes", status="Closed")
    assert numbers(await ask("similar_tickets", text="scanner sends nothing")) == ["2"]
    assert numbers(await ask("similar_tickets", text="scanner")) == ["2", "1"]


async def test_rare_words_weigh_more(mirror, ask):
    for number in range(1, 5):
        await mirror.ticket(number, "please help monday", status="Closed")
    await mirror.ticket(5, "please kyocera jam", status="Closed")
    await mirror.ticket(6, "please help kyocera jam", status="Closed")
    assert numbers(await ask("similar_tickets", text="please help kyocera jam")) == ["6", "5"]


async def test_words_that_are_everywhere_say_nothing_alone_but_do_in_pairs(mirror, ask, monkeypatch):
    monkeypatch.setattr(similar, "_RARE", 2)
    for number in range(1, 6):
        await mirror.ticket(number, "printer slow", status="Closed")
        await mirror.ticket(number + 10, "network offline", status="Closed")
    await mirror.ticket(21, "printer offline", status="Closed")
    answer = await ask("similar_tickets", text="printer offline")
    assert numbers(answer) == ["21"]
    assert "same words: printer offline" in answer


async def test_names_of_people_and_companies_make_no_ticket_alike(mirror, ask):
    await mirror.ticket(
        9,
        "VPN drops",
        description="Regards, Maren Voss, Brandt",
        contact_name="Maren Voss",
        customer_name="Brandt Logistik",
    )
    await mirror.ticket(1, "Maren Voss of Brandt called", status="Closed")
    assert numbers(await ask("similar_tickets", ticket="9")) == []


async def test_of_one_customer_only(mirror, ask):
    await mirror.customer(5, "Brandt Logistik")
    await mirror.ticket(1, "Scanner sends nothing", status="Closed", customer_id=5)
    await mirror.ticket(2, "Scanner sends nothing", status="Closed", customer_id=6)
    answer = await ask("similar_tickets", text="scanner sends nothing", customer="brandt")
    assert answer.startswith(
        'Closed tickets like "scanner sends nothing", for Brandt Logistik, most alike first:\n#1 '
    )
    assert numbers(answer) == ["1"]


async def test_a_word_that_is_everywhere_still_tells_the_tickets_of_one_customer_apart(
    mirror, ask, monkeypatch
):
    monkeypatch.setattr(similar, "MOST_COMMON", 3)
    await mirror.customer(5, "Brandt Logistik")
    for number in range(1, 20):
        await mirror.ticket(number, "Scanner jam", status="Closed", customer_id=6)
    await mirror.ticket(20, "Scanner jam", status="Closed", customer_id=5)
    async with mirror.engine.begin() as connection:
        await connection.execute(text("ANALYZE mirror.ticket"))
    assert numbers(await ask("similar_tickets", text="scanner jam", customer="brandt")) == ["20"]


async def test_a_ticket_that_no_technician_answered_says_so(mirror, ask):
    await mirror.ticket(1, "Scanner sends nothing", status="Closed")
    await mirror.comment(1, "It works again.", author_kind="contact")
    assert "(no message of a technician)" in await ask("similar_tickets", text="scanner sends nothing")


async def test_something_to_compare_with_is_needed(mirror, ask):
    assert (
        await ask.refusal("similar_tickets")
        == "Say what to compare with: ticket (its number) or text (the problem in words)."
    )
    assert (
        await ask.refusal("similar_tickets", text="? !")
        == "The text has no word to compare: use words of three letters or more."
    )
    assert (await ask.refusal("similar_tickets", ticket="77")).startswith(
        'There is no ticket with the number or id "77"'
    )
