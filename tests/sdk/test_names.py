from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from helpdesk_mcp.sdk import (
    Ambiguous,
    BadInput,
    Call,
    Caller,
    NotFound,
    PluginSettings,
    ReadSession,
    names,
    tables,
)
from helpdesk_mcp.store.engines import read_engine, write_engine

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
RECORD = {"raw": {}, "raw_hash": 0, "fetched_at": NOW}

CUSTOMERS = [
    {"id": 1, "name": "Acme", "domain": "acme.example", "city": "Kiel"},
    {"id": 2, "name": "Acme Logistics", "city": "Bern"},
    {"id": 3, "name": "Acme Logistics", "city": "Oslo"},
    {"id": 4, "name": "Seaview Hotels Group"},
    {"id": 5, "name": "100% Organic_Foods"},
    {"id": 6, "name": "Gone Ltd", "deleted_at": NOW},
    {"id": 7, "name": "Brandt"},
    {"id": 8, "name": "Old Brandt & Sons"},
    {"id": 9, "name": "12"},
]
CONTACTS = [
    {"id": 1, "first_name": "Maren", "last_name": "Voss", "customer_id": 1, "email": "m.voss@acme.example"},
    {"id": 2, "first_name": "Maren", "last_name": "Voss", "customer_id": 4, "email": "maren@seaview.example"},
]
ENGINEERS = [
    {"id": 11, "name": "Jens Holm", "email": "jens@nordlicht.example", "last_seen_at": NOW},
    {"id": 12, "name": "Siân Brännström", "email": "sian@nordlicht.example", "last_seen_at": NOW},
]
MACHINES = [{"id": 21, "name": "BRL-PC-01", "serial": "5CD1234XYZ", "customer_id": 1, "disks": []}]


@pytest.fixture
async def call(database_url):
    engine = write_engine(database_url)
    async with engine.begin() as connection:
        for row in CUSTOMERS:
            await connection.execute(tables.customer.insert().values({**RECORD, **row}))
        for row in CONTACTS:
            await connection.execute(tables.contact.insert().values({**RECORD, **row}))
        for row in MACHINES:
            await connection.execute(tables.machine.insert().values({**RECORD, **row}))
        await connection.execute(tables.technician.insert(), ENGINEERS)
    await engine.dispose()
    reader = read_engine(database_url)

    async def opened():
        return reader

    session = ReadSession(opened)
    yield Call(
        db=session,
        settings=PluginSettings(),
        now=NOW,
        zone=ZoneInfo("Europe/Copenhagen"),
        caller=Caller(person="test", engineer="Jens Holm"),
    )
    await session.close()
    await reader.dispose()


@pytest.mark.parametrize(
    ("said", "id_"),
    [
        ("Acme", 1),
        ("acme", 1),
        ("  ACME ", 1),
        ("acme.example", 1),
        ("1", 1),
        ("seaview", 4),
        ("Hotels", 4),
        ("Seeview Hotel Group", 4),
        ("100%", 5),
        ("Organic_F", 5),
        ("Brandt", 7),
        ("Old Bra", 8),
    ],
)
async def test_a_customer_is_meant_by(call, said, id_):
    assert (await names.customer(call, said)).id == id_


async def test_accents_may_be_left_out(call):
    engine = await call.db._engine()
    writer = write_engine(engine.url)
    async with writer.begin() as connection:
        await connection.execute(
            tables.technician.insert(), [{"id": 91, "name": "Siân Brännström-Løkke", "last_seen_at": NOW}]
        )
    await writer.dispose()
    assert (await names.engineer(call, "Sian Brannstrom-Lokke")).id == 91
    assert (await names.engineer(call, "lokke")).id == 91


async def test_of_very_many_equal_names_some_are_shown_and_the_rest_is_told(call):
    engine = await call.db._engine()
    writer = write_engine(engine.url)
    async with writer.begin() as connection:
        for number in range(12):
            row = {**RECORD, "id": 700 + number, "name": f"Twin {number:02} Ltd"}
            await connection.execute(tables.customer.insert().values(row))
    await writer.dispose()
    with pytest.raises(Ambiguous, match="Twin 07 Ltd .id 707.; and more: give more of the name.$"):
        await names.customer(call, "twin")


async def test_an_exact_name_is_told_from_a_guess(call):
    assert (await names.customer(call, "acme")).is_exact
    assert not (await names.customer(call, "seaview")).is_exact


async def test_equal_names_are_a_question_with_all_of_them(call):
    with pytest.raises(Ambiguous) as caught:
        await names.customer(call, "acme logistics")
    assert str(caught.value) == (
        "'acme logistics' may be any of these customers; ask which one, then call again with its full name or id: "
        "Acme Logistics (Bern, id 2); Acme Logistics (Oslo, id 3)"
    )


async def test_a_name_of_digits_and_an_equal_id_are_a_question(call):
    assert (await names.customer(call, "12")).id == 9


@pytest.mark.parametrize("said", ["Zebulon", "Gone Ltd", "6", "101", "%%", "__", "\\", "9" * 30])
async def test_nothing_is_meant_by(call, said):
    with pytest.raises(NotFound, match="No customer is called"):
        await names.customer(call, said)


async def test_an_empty_name_is_refused(call):
    with pytest.raises(BadInput, match="The customer's name is empty"):
        await names.customer(call, "  ")


async def test_a_contact_is_looked_for_at_one_customer(call):
    assert (await names.contact(call, "Maren Voss", 4)).id == 2
    with pytest.raises(Ambiguous, match="m.voss@acme.example, id 1"):
        await names.contact(call, "Maren Voss")
    assert (await names.contact(call, "M.VOSS@acme.example")).id == 1
    with pytest.raises(NotFound):
        await names.contact(call, "Maren Voss", 5)


async def test_an_engineer_is_meant_by_name_mail_and_me(call):
    assert (await names.engineer(call, "jens@nordlicht.example")).name == "Jens Holm"
    assert (await names.engineer(call, "me")).id == 11
    assert (await names.engineer(call, "brännström")).id == 12


async def test_me_is_refused_where_nobody_is_known(call):
    call.caller = Caller(person="test", engineer=None)
    with pytest.raises(BadInput, match="Who is asking is not known"):
        await names.engineer(call, "me")


async def test_a_machine_is_meant_by_name_and_serial(call):
    assert (await names.machine(call, "brl-pc-01")).id == 21
    assert (await names.machine(call, "5cd1234xyz")).id == 21


async def test_what_a_text_may_mean_is_listed_best_first(call):
    assert [named.id for named in await names.find(call, "customer", "brandt")] == [7, 8]
    assert len(await names.find(call, "customer", "acme", limit=2)) == 2
