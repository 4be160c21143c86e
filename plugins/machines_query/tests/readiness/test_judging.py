"""Judgements are kept from one question to the next, for as long as all that they follow from is the same."""

from datetime import date, datetime

import pytest

from helpdesk_mcp.store.engines import read_engine
from helpdesk_mcp.testing import Asker, make_desk
from helpdesk_mcp_machines_query import judging
from helpdesk_mcp_machines_query import plugin as machines_query
from helpdesk_mcp_machines_query.judging import Kept, kept
from helpdesk_mcp_machines_query.readiness import Judgement
from helpdesk_mcp_machines_query.settings import MachineSettings

pytestmark = pytest.mark.anyio
MEETS, UNKNOWN = Judgement("meets"), Judgement("unknown")
TODAY = date(2026, 11, 24)


@pytest.fixture
async def asked(plugin_database_url):
    """Ask for the summary of the fleet with these settings, of a server whose clock shows this moment."""
    engine = read_engine(plugin_database_url)

    async def ask(**of_the_desk):
        return await Asker(make_desk(machines_query, engine, **of_the_desk))("windows11_readiness")

    yield ask
    await engine.dispose()


async def test_a_release_that_ended_at_midnight_is_told_in_the_morning(mirror, make, asked):
    await mirror.machines(make("A", os="Microsoft Windows 11 Pro x64", os_build="26200.1"))
    last_day, day_after = (datetime.fromisoformat(f"2027-10-{day}T09:00:00+00:00") for day in (12, 13))
    assert "0 in a release without security updates" in await asked(now=last_day)
    assert "1 in a release without security updates (25H2 Pro 1)" in await asked(now=day_after)


async def test_the_same_values_mean_something_else_under_other_names_of_fields(mirror, make, asked):
    row = make("A")
    await mirror.machines(row)
    for name, value in {"TPM version": "2.0", "Firmware": "none", "Secure Boot": "on"}.items():
        await mirror.fact(row, name, value)
    assert "     1  meets the requirements" in await asked()
    exchanged = MachineSettings(tpm_field="Firmware", firmware_field="TPM version")
    assert "Fixable: TPM 1" in await asked(settings=exchanged)


def test_what_was_kept_for_other_fields_or_another_day_is_not_known():
    kept(("a",), TODAY).keep({1: MEETS})
    assert kept(("a",), TODAY).known([1, 2]) == {1: MEETS}
    assert kept(("b",), TODAY).known([1]) == kept(("a",), date(2026, 11, 25)).known([1]) == {}


def test_what_is_kept_stays_bounded(monkeypatch):
    monkeypatch.setattr(judging, "_MOST", 3)
    store = Kept()
    store.keep({1: MEETS, 2: MEETS})
    store.keep({3: UNKNOWN, 4: UNKNOWN})
    assert store.known(range(9)) == {3: UNKNOWN, 4: UNKNOWN}
    store.keep(dict.fromkeys(range(9), MEETS))
    assert len(store.known(range(9))) == 3
