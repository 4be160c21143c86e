"""Time: what people say becomes a start, an end and their classification."""

from datetime import UTC, datetime, timedelta

import pytest

pytestmark = pytest.mark.anyio


@pytest.fixture
def entries(world, open_ticket):
    return lambda: [one for one in world.work_hours.values() if one["TicketID"] == open_ticket["TicketID"]]


def moment(text):
    return datetime.fromisoformat(text)


async def test_a_duration_ends_now(anyone, open_ticket, entries, jens):
    number = open_ticket["TicketNumber"]
    done = await anyone.confirmed("log_time", ticket=number, duration="45 min", site="on-site", billable=True)
    assert f"- Log 45 min on-site on #{number}: done" in done
    last = entries()[-1]
    start, end = moment(last["StartWorkHour"]), moment(last["EndWorkHour"])
    assert end - start == timedelta(minutes=45)
    assert timedelta() <= datetime.now(UTC) - end < timedelta(minutes=5)
    assert (last["OnCustomerSite"], last["Billiable"]) == (True, True)
    assert last["TechnicianContactID"] == jens["TechnicianContactID"]


async def test_start_and_end_are_understood_and_shown_in_the_zone(me, open_ticket, entries):
    said = {"start": "2026-11-02 09:00", "end": "2026-11-02 10:30", "site": "off-site", "billable": False}
    told = await me("log_time", ticket=open_ticket["TicketNumber"], description="Driver update", **said)
    assert (
        "- Time: 1 h 30 min · off-site · not billable · Mon 02 Nov 09:00 to Mon 02 Nov 10:30 (Europe/Copenhagen) · "
        in told
    )
    assert "- Description:\n  | Driver update" in told
    await me("confirm_change", code=me.code(told))
    last = entries()[-1]
    assert (last["StartWorkHour"], last["EndWorkHour"]) == ("2026-11-02T08:00:00Z", "2026-11-02T09:30:00Z")
    assert (last["OnCustomerSite"], last["Billiable"], last["Description"]) == (False, False, "Driver update")


async def test_yesterday_with_a_duration(me, open_ticket):
    told = await me(
        "log_time",
        ticket=open_ticket["TicketNumber"],
        start="yesterday 14:00",
        duration="1h30m",
        site="on-site",
        billable=True,
    )
    assert "14:00 to" in told
    assert "15:30 (Europe/Copenhagen)" in told


async def test_a_rate_by_name(me, open_ticket, entries, world):
    rate = next(iter(world.products.values()))
    said = {"duration": "1h", "site": "on-site", "billable": True, "rate": rate["Description"].upper()}
    told = await me("log_time", ticket=open_ticket["TicketNumber"], **said)
    assert f"- Rate: {rate['Description']} ({rate['Amount']:g} per hour)" in told
    await me("confirm_change", code=me.code(told))
    assert entries()[-1]["RateID"] == rate["RateID"]


async def test_an_unknown_rate_is_told_with_those_there_are(me, open_ticket):
    said = {"duration": "1h", "site": "on-site", "billable": True, "rate": "Moonlight"}
    refused = await me.refusal("log_time", ticket=open_ticket["TicketNumber"], **said)
    assert refused.startswith("No rate is called 'Moonlight'. Rates: ")


async def test_for_a_colleague(me, open_ticket, entries, world, jens):
    colleague = next(one for one in world.technicians.values() if one is not jens)
    said = {
        "duration": "15m",
        "site": "off-site",
        "billable": True,
        "engineer": colleague["TechnicianFullName"],
    }
    await me.confirmed("log_time", ticket=open_ticket["TicketNumber"], **said)
    assert entries()[-1]["TechnicianContactID"] == colleague["TechnicianContactID"]


async def test_an_overlap_is_warned_about(me, open_ticket):
    number = open_ticket["TicketNumber"]
    said = {"site": "on-site", "billable": True}
    await me.confirmed("log_time", ticket=number, start="2026-11-02 09:00", end="2026-11-02 10:00", **said)
    told = await me("log_time", ticket=number, start="2026-11-02 09:59", duration="5m", **said)
    assert f"booked on #{number}: Mon 02 Nov 09:00 to Mon 02 Nov 10:00" in told
    beside = await me("log_time", ticket=number, start="2026-11-02 10:00", duration="5m", **said)
    assert "overlaps" not in beside


async def test_what_is_missing_is_asked_for(office, open_ticket, entries):
    person = await office.person("legacy")
    person.answers += [{"duration": "1h", "site": "off-site", "billable": False}, {"confirm": True}]
    await person("log_time", ticket=open_ticket["TicketNumber"])
    assert list(person.asked[0][1]["properties"]) == ["duration", "site", "billable"]
    assert (entries()[-1]["OnCustomerSite"], entries()[-1]["Billiable"]) == (False, False)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"duration": "soon"}, "'soon' is no length of time. Use 45m, 1h, 1h30m or 1:30."),
        ({"duration": "0"}, "'0' is no length of time: it must be at least a minute."),
        ({"duration": "25h"}, "More than 24 hours in one entry: make several."),
        ({"start": "tomorrow", "duration": "1h"}, "The time ends in the future ("),
        ({"start": "10:00", "end": "09:00"}, "The time ends before it starts."),
        (
            {"start": "2026-11-02 09:00", "end": "2026-11-02 10:00", "duration": "2h"},
            "Start, end and duration do not fit",
        ),
        ({"start": "25:00", "duration": "1h"}, "'25:00' is no time of day."),
        ({"start": "whenever", "duration": "1h"}, "'whenever' is no date."),
        ({"duration": "1h", "site": "home"}, "'site' cannot be 'home'"),
    ],
)
async def test_what_does_not_fit_is_told(me, open_ticket, said, told):
    arguments = {"site": "on-site", "billable": True, **said}
    assert (await me.refusal("log_time", ticket=open_ticket["TicketNumber"], **arguments)).startswith(told)


@pytest.mark.parametrize(
    ("said", "minutes"),
    [
        ("45m", 45),
        ("1h", 60),
        ("1h 30m", 90),
        ("1.5h", 90),
        ("1,25 h", 75),
        ("2:15", 135),
        ("90", 90),
        ("1 hour", 60),
        ("10 min", 10),
    ],
)
def test_lengths_of_time_are_understood(said, minutes):
    from helpdesk_mcp_atera_write.work import duration  # noqa: PLC0415 - the one test of a part

    assert duration(said) == timedelta(minutes=minutes)
