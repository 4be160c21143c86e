"""The checks of plugins: each has its own fate."""

import asyncio
from dataclasses import replace

import pytest
from tests import ledger
from tests.server.test_build import make_desk

from helpdesk_mcp.sdk import Check
from helpdesk_mcp.server import checks
from helpdesk_mcp.server.checks import Finding, run_checks

pytestmark = pytest.mark.anyio


async def fine(_):
    """Look at nothing."""
    return "all is well"


async def hang(_):
    """Hang."""
    await asyncio.Event().wait()


async def test_a_check_that_breaks_or_cannot_reach_the_database_harms_no_other(caplog):
    found = ledger.discovered(checks=(*ledger.plugin.checks, Check(run=fine)))
    assert await run_checks(make_desk(plugins=found)) == [
        Finding(
            "ledger", "has_entries", ok=False, text="Postgres cannot be reached; check that it is running."
        ),
        Finding(
            "ledger",
            "crashes",
            ok=False,
            text="The check itself is broken; the log says where. Please report it to whoever made the plugin.",
        ),
        Finding("ledger", "fine", ok=True, text="all is well"),
    ]
    assert "check_broke plugin=ledger check=crashes" in caplog.text


async def test_a_check_that_hangs_is_given_up(monkeypatch):
    monkeypatch.setattr(checks, "LONGEST_S", 0.01)
    desk = make_desk(plugins=ledger.discovered(checks=(Check(run=hang),)))
    (finding,) = await run_checks(desk)
    assert replace(finding, plugin="") == Finding(
        "", "hang", ok=False, text="It took longer than 0.01 s and was given up."
    )
