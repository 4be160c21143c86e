"""The client against the simulated Atera: the odd answers here are the simulator's reading of Atera's documentation."""

import asyncio
from datetime import timedelta

import pytest

from atera_simulator.faults import Fault, Faults
from atera_simulator.seed import build_world
from atera_simulator.serve import Simulator
from helpdesk_mcp.atera import AteraClient, RetryPolicy, errors, wire

pytestmark = pytest.mark.anyio

QUICK = RetryPolicy(first_delay_s=0.001)
LISTS = {
    "agents": wire.Agent,
    "alerts": wire.Alert,
    "contacts": wire.Contact,
    "contracts": wire.Contract,
    "customers": wire.Customer,
    "knowledgebases": wire.KnowledgeBaseArticle,
    "rates/products": wire.Rate,
    "tickets": wire.Ticket,
    "workhours": wire.WorkHour,
}


@pytest.fixture
def simulator():
    with Simulator(build_world("tiny"), rate_per_minute=None, faults=Faults()) as running:
        yield running


def client_of(simulator, **kwargs):
    options = {"requests_per_minute": 60_000, "burst": 100, "policy": QUICK, **kwargs}
    return AteraClient(simulator.url, options.pop("token", simulator.token), **options)


async def read_all(atera, path):
    return [row async for page in atera.pages(path) for row in wire.parse(LISTS[path], page.items).rows]


@pytest.mark.parametrize("path", LISTS)
async def test_every_list_is_read_whole_and_as_declared(simulator, path):
    async with client_of(simulator) as atera:
        count = (await atera.page(path, size=1)).total_count
        parsed = [wire.parse(LISTS[path], page.items) async for page in atera.pages(path)]
    assert sum(len(page.rows) for page in parsed) == count > 0
    assert not any(page.bad or page.unknown_fields or page.missing_fields for page in parsed)


async def test_the_key_is_accepted_in_either_header(simulator):
    for auth in ("bearer", "x-api-key"):
        async with client_of(simulator, auth=auth) as atera:
            account = wire.parse_one(wire.Account, await atera.get("account"))
            assert str(wire.account_zone(account.TimeZoneName)) == "Europe/Berlin"


async def test_a_wrong_key_is_refused(simulator):
    async with client_of(simulator, token="wrong") as atera:
        with pytest.raises(errors.BadCredentials, match="does not say why"):
            await atera.get("account")


@pytest.mark.parametrize("missing_is_null", [False, True])
async def test_a_missing_record_is_none(simulator, missing_is_null):
    simulator.faults.missing_is_null = missing_is_null
    async with client_of(simulator) as atera:
        assert await atera.get("contacts/999999999") is None
        assert await atera.get("tickets/999999999") is None


@pytest.mark.parametrize("kind", ["status", "reset", "truncated", "html", "malformed", "bad-utf8"])
async def test_a_pass_survives_every_second_answer_being_broken(simulator, kind):
    async with client_of(simulator) as atera:
        whole = await read_all(atera, "tickets")
        simulator.faults.rules = [Fault(kind, every=2)]
        await atera.get("account")
        assert await read_all(atera, "tickets") == whole
        assert atera.stats.retries > 0


async def test_a_new_field_and_a_broken_row_cost_nothing_else(simulator):
    simulator.faults.rules = [Fault("extra-field", value="Mood"), Fault("wrong-type", value="TicketTitle")]
    async with client_of(simulator) as atera:
        page = await atera.page("tickets")
    parsed = wire.parse(wire.Ticket, page.items)
    assert (len(parsed.rows), [row.reason for row in parsed.bad]) == (
        49,
        ["TicketTitle: Input should be a valid string"],
    )
    assert parsed.unknown_fields == {"Mood": 49}


async def test_dates_without_a_zone_mean_the_same_and_are_flagged(simulator):
    async with client_of(simulator) as atera:
        aware = wire.parse(wire.Ticket, (await atera.page("tickets")).items)
        simulator.faults.naive_dates = ("/tickets",)
        naive = wire.parse(wire.Ticket, (await atera.page("tickets")).items)
    assert [ticket.TicketCreatedDate for ticket, _ in naive.rows] == [
        ticket.TicketCreatedDate for ticket, _ in aware.rows
    ]
    assert (aware.naive_times, naive.naive_times["TicketCreatedDate"]) == ({}, 50)


async def test_a_watermark_follows_ateras_clock_however_wrong_ours_is(simulator):
    async with client_of(simulator) as atera:
        right = await atera.page("tickets")
        simulator.faults.date_skew_s = -7200
        early = await atera.page("tickets")
    assert right.requested_at <= right.server_date
    assert (
        timedelta(hours=-2, minutes=-1)
        < early.requested_at - right.requested_at
        < timedelta(hours=-2, minutes=1)
    )


@pytest.mark.parametrize("kind", ["hang-after-commit", "reset-after-commit"])
async def test_a_write_whose_answer_is_lost_happened_once_and_can_be_read_back(simulator, kind):
    ticket_id = next(iter(simulator.world.tickets))
    technician_id = next(iter(simulator.world.technicians))
    details = {"TechnicianId": technician_id, "IsInternal": True}
    simulator.faults.rules = [Fault(kind)]
    async with client_of(simulator, timeout_s=0.5) as atera:
        path = f"tickets/{ticket_id}/comments"
        before = (await atera.page(path)).total_count
        with pytest.raises(errors.WriteUnknown):
            await atera.post(path, {"CommentText": "Spare head in B3", "TechnicianCommentDetails": details})
        after = (await atera.page(path)).total_count
    assert after - before == 1


async def test_concurrent_reads_stay_under_a_limit_they_were_told(simulator):
    async with client_of(simulator, burst=5, requests_per_minute=3000) as atera:
        await asyncio.gather(*(atera.get(f"tickets/{ticket_id}") for ticket_id in simulator.world.tickets))
    assert atera.stats.requests == len(simulator.world.tickets)
    assert atera.stats.seconds_waiting > 1
