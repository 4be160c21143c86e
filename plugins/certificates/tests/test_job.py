"""The job and the tool together: what is looked at is stored, and told."""

import socket
from datetime import UTC, datetime

import pytest
from plugins.certificates.tests.authority import ADDRESS
from sqlalchemy import select

from helpdesk_mcp.sdk import tables
from helpdesk_mcp.testing import Asker, ago, make_desk, run_job
from helpdesk_mcp_certificates.settings import CertificateSettings
from helpdesk_mcp_certificates.tables import host

pytestmark = pytest.mark.anyio


@pytest.fixture
async def ports(authority, listen):
    """Two hosts of a customer: one whose certificate ends in nine days, one whose has ended."""
    return [await listen(authority.context(days=days, address=ADDRESS)) for days in (9, -3)]


@pytest.fixture
def plugin_settings(authority, ports):
    patterns = ",".join(f"{{domain}}:{port}" for port in ports)
    return CertificateSettings.model_validate({"ca_file": authority.file, "customer_hosts": patterns})


@pytest.fixture
async def stored(mirror):
    async def rows():
        async with mirror.engine.connect() as connection:
            return (await connection.execute(select(host).order_by(host.c.error.nulls_first()))).all()

    return rows


@pytest.fixture
async def now(plugin, plugin_settings, mirror):
    """The plugin, asked at this moment: certificates end by the real clock."""
    return Asker(make_desk(plugin, mirror.engine, settings=plugin_settings, now=datetime.now(UTC)))


async def test_what_a_look_finds_is_told_failing_hosts_first(mirror, work, now, ports):
    await mirror.customer(1, "Acme", domain=ADDRESS)
    report = await work("look_at_hosts")
    assert (report.outcome, report.rows_read, report.inserted) == ("ok", 2, 2)
    lines = (await now("list_certificates")).splitlines()
    assert lines[0].startswith(f"- {ADDRESS}:{ports[1]} · FAILS: certificate has expired (since ")
    assert lines[0].endswith(" · Acme · issuer Honest Achmed")
    assert "· ended " in lines[0]
    assert lines[1].startswith(f"- {ADDRESS}:{ports[0]} · ends ")
    assert "(in 8 d) · Acme" in lines[1]
    assert lines[2].startswith("[2 of 2 shown · data of ")
    assert f"{ports[0]} · ends" not in await now("list_certificates", ends_within_days=3)


async def test_a_second_look_changes_the_rows_and_keeps_since_when_a_host_fails(mirror, work, stored):
    await mirror.customer(1, "Acme", domain=ADDRESS)
    await work("look_at_hosts")
    first = await stored()
    report = await work("look_at_hosts")
    second = await stored()
    assert (report.inserted, report.changed, report.deleted) == (0, 2, 0)
    assert second[1].failing_since == first[1].failing_since == first[1].looked_at < second[1].looked_at
    assert second[0].failing_since is None


async def test_a_host_that_does_not_answer_keeps_what_its_certificate_said(
    mirror, work, stored, ports, plugin
):
    await mirror.customer(1, "Acme", domain=ADDRESS)
    with socket.socket() as closed:
        closed.bind((ADDRESS, 0))
        gone = closed.getsockname()[1]
        silent = CertificateSettings(customer_hosts=(), hosts=(f"{ADDRESS}:{gone}",))
        seen = {"name": ADDRESS, "port": gone, "looked_at": ago(days=1), "not_after": ago(days=-9)}
        await mirror.add(host, **seen, issuer="Honest Achmed")
        await run_job(
            plugin, "look_at_hosts", mirror.engine.url.render_as_string(hide_password=False), silent
        )
    (row,) = await stored()
    assert (row.error, row.issuer, row.not_after) == ("connection refused", "Honest Achmed", ago(days=-9))


async def test_hosts_that_are_not_wanted_any_more_are_forgotten(mirror, work, stored):
    await mirror.customer(1, "Acme", domain=ADDRESS)
    await work("look_at_hosts")
    async with mirror.engine.begin() as connection:
        await connection.execute(tables.customer.update().values(deleted_at=ago(days=1)))
    assert (await work("look_at_hosts")).deleted == 2
    assert await stored() == []


async def test_one_customer_can_be_asked_about(mirror, work, now):
    await mirror.customer(1, "Acme", domain=ADDRESS)
    await mirror.customer(2, "Brandt")
    await work("look_at_hosts")
    assert (await now("list_certificates", customer="brandt")).startswith("No host is watched here.")
    assert "[1 of 2 shown; for more: a larger limit, or one customer" in await now(
        "list_certificates", customer="acme", limit=1
    )


async def test_when_all_is_well_it_says_how_many_are_watched(mirror, now):
    await mirror.add(host, name="www.acme.example", port=443, looked_at=ago(hours=1))
    assert (await now("list_certificates")).startswith(
        "No certificate to worry about: none of the 1 watched fails or ends within 30 days."
    )


async def test_the_check_tells_apart_a_bad_host_and_no_way_out(mirror, now):
    row = {"name": "a.example", "looked_at": ago(hours=1), "error": "no such host"}
    await mirror.add_all(host, [{**row, "port": port} for port in (1, 2)])
    assert await now.check("hosts_answer") == (True, "2 hosts are watched, 2 of them fail")
    await mirror.add(host, **row, port=3)
    assert await now.check("hosts_answer") == (
        False,
        "All 3 hosts failed at the newest look: may the worker's machine connect to hosts outside?",
    )
