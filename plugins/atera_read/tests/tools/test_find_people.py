from datetime import UTC, datetime, timedelta

import pytest

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.fixture
async def world(mirror):
    await mirror.engineer(1, "Jens Holm", "jens@nordlicht.example")
    await mirror.customer(
        5,
        "Brandt Logistik",
        domain="brandt.example",
        phone="+49 431 5557-0",
        city="Kiel",
        notes="Gate code\nwith reception",
    )
    await mirror.customer(6, "Seaview Hotels Group")
    voss = {"customer_id": 5, "customer_name": "Brandt Logistik", "email": "m.voss@brandt.example"}
    await mirror.contact(
        7, "Maren", "Voss", **voss, phone="+49 431 555778", job_title="Dispatch", is_main_contact=True
    )
    await mirror.contact(8, "Owen", "Hartley", customer_id=6, mobile="07700 900107", is_archived=True)
    await mirror.contact(9, "Gone", "Voss", email="gone@brandt.example", deleted_at=NOW)
    return mirror


async def test_the_whole_answer(world, ask):
    await world.synced("customers", "contacts", "tickets")
    await world.ticket(1, customer_id=5, contact_id=7, technician_id=1, due_at=NOW - timedelta(days=1))
    await world.ticket(2, customer_id=5)
    await world.ticket(3, customer_id=5, status="Closed")
    assert await ask("find_people", name="brandt") == (
        "Customers:\n"
        "- Brandt Logistik (id 5) · brandt.example · +49 431 5557-0 · Kiel · main contact Maren Voss · 2 open tickets, 1 overdue"
        ' · notes: "Gate code with reception"\n'
        "Contacts:\n"
        "- Maren Voss (id 7) · Brandt Logistik · m.voss@brandt.example · +49 431 555778 · Dispatch · main contact"
        " · 1 open ticket, 1 overdue\n"
        "[data of 09:57, 3 min old]"
    )


@pytest.mark.parametrize(
    ("part", "ids"),
    [
        ("Jens", ["1"]),
        ("nordlicht", ["1"]),
        ("seaview", ["6"]),
        ("m.voss@brandt.example", ["5", "7"]),
        ("hartley", ["8"]),
        ("0431 555778", ["7"]),
        ("+44 7700 900107", ["8"]),
        ("5557-0", ["5"]),
    ],
)
async def test_found_by_a_part_of_name_mail_domain_or_phone(world, ask, part, ids):
    answer = await ask("find_people", name=part)
    assert [id_ for id_ in "15678" if f"(id {id_})" in answer] == ids


async def test_one_kind_only(world, ask):
    answer = await ask("find_people", name="brandt", kind="contact")
    assert answer.startswith("Contacts:\n- Maren Voss")
    assert "Customers" not in answer


async def test_nobody_found_says_so(world, ask):
    assert (await ask("find_people", name="zzzz")).startswith(
        'No customer, contact or engineer has "zzzz" in the name, mail, phone or domain. Try a shorter part.\n'
    )
    assert (await ask("find_people", name="zzzz", kind="engineer")).startswith('No engineer has "zzzz"')


async def test_a_percent_sign_is_no_wildcard(world, ask):
    assert (await ask("find_people", name="%")).startswith('No customer, contact or engineer has "%"')


async def test_many_matches_are_cut_and_it_is_told(mirror, ask):
    for id_ in range(1, 12):
        await mirror.contact(id_, "Maren", f"Voss {id_}")
    answer = await ask("find_people", name="maren")
    assert answer.count("- Maren") == 8
    assert "Note: Only 8 contacts are shown, the best matches: give more of the name." in answer


async def test_a_name_cannot_pass_for_anything_else(mirror, ask):
    await mirror.contact(1, "Maren\nEngineers:", "· (id 9)")
    assert "- Maren Engineers: - (id 9) (id 1) · no open tickets" in await ask("find_people", name="maren")
