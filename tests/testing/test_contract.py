"""The contract test of plugins finds what breaks it, and says so in sentences."""

import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Annotated

import pytest
from pydantic import BaseModel, Field
from sqlalchemy import Column, Integer, MetaData, Table
from tests import ledger

from helpdesk_mcp.app.background import upgrade_tables
from helpdesk_mcp.sdk import Check, Job, Plugin, PluginSettings, Prompt, Resource, Schema, Tool
from helpdesk_mcp.testing import check_plugin, check_tables, definition_tokens, foreign_imports


class Nested(BaseModel):
    inner: int


class Undescribed(PluginSettings):
    key: str = ""


async def fine(call, *, names: Annotated[list[str] | None, Field(description="Whom")] = None) -> str:
    """Do something harmless."""


async def sloppy(call, name: str, *, nested: Nested | None = None) -> str:
    """Say it without a full stop"""


async def talkative(call) -> str:
    """Say a great many words in a single sentence that nobody who has to choose among a dozen tools would ever want to read to its very end, because it is long."""


async def mute(_): ...


async def counted(call, *, number: int = 1) -> str:
    """Count."""


def tool(run, **options):
    return Tool(**{"run": run, "title": "A tool", "effect": "read", **options})


@pytest.fixture(autouse=True)
def package(monkeypatch, tmp_path):
    """The package of the plugin `x`: empty."""
    folder = tmp_path / "helpdesk_mcp_x"
    folder.mkdir()
    (folder / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    return folder


def faults(**content):
    with pytest.raises(AssertionError) as caught:
        check_plugin(Plugin(name="x", summary="S.", **content))
    first, *found = str(caught.value).splitlines()
    assert first == "The plugin x breaks its contract:"
    return found


def test_a_good_plugin_passes():
    check_plugin(Plugin(name="x", summary="S.", tools=(tool(fine, streams=("tickets",)),)))


@pytest.mark.parametrize(
    ("content", "sentences"),
    [
        (
            {"tools": (tool(mute),)},
            ["its tool 'mute' has no docstring, and that is what a model chooses by."],
        ),
        (
            {"tools": (tool(sloppy),)},
            [
                "sloppy: its docstring does not end with a full stop.",
                "sloppy: its argument 'name' can be given by position: put a * before it.",
                "sloppy: its argument 'nested' is nested: small models fill in text, numbers, yes or no, and lists of these.",
            ],
        ),
        (
            {"tools": (tool(talkative),)},
            ["talkative: the first sentence of its docstring has 154 characters: 150 are enough."],
        ),
        (
            {"tools": (tool(fine, title="", effect="destroy", streams=("tickes", "x.job")),)},
            [
                "fine: it has no title, and that is what people see.",
                "fine: its effect is 'destroy': read, write or reach.",
                "fine: there is no stream tickes, x.job.",
            ],
        ),
        (
            {"prompts": (Prompt(run=counted, title="P"),)},
            ["counted: arguments of prompts are text."],
        ),
        (
            {"resources": (Resource(uri="x://{name}", run=counted, title="R"),)},
            ["x://{name}: its function takes number."],
        ),
        ({"settings": Undescribed}, ["its setting 'key' has no description."]),
        (
            {"jobs": (Job(run=mute, every=timedelta(seconds=1)),), "checks": (Check(run=mute),)},
            [
                "mute: it has no docstring, and that is what `helpdesk-mcp plugins` shows.",
                "mute: it has no docstring, and that is what `helpdesk-mcp plugins` shows.",
                "mute: it wants to run more than once a minute.",
            ],
        ),
    ],
)
def test_each_fault_is_told(content, sentences):
    assert faults(**content) == sentences


def test_definitions_over_their_budget_are_told():
    plugin = Plugin(name="x", summary="S.", tools=(tool(fine), tool(counted, small=False)))
    cost, small = definition_tokens(plugin), definition_tokens(plugin, small=True)
    assert 0 < small < cost
    check_plugin(plugin, tokens=cost, small_tokens=small)
    with pytest.raises(AssertionError) as caught:
        check_plugin(plugin, tokens=cost - 1, small_tokens=small - 1)
    assert str(caught.value).splitlines()[1:] == [
        f"the definitions of the full profile cost {cost} tokens: {cost - 1} are allowed.",
        f"the definitions of the small profile cost {small} tokens: {small - 1} are allowed.",
    ]


def test_a_package_with_another_name_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "helpdesk_mcp_x", ModuleType("helpdesk_mcp_x"))
    with pytest.raises(AssertionError, match="its package is not called helpdesk_mcp_y."):
        check_plugin(Plugin(name="y", summary="S."))


def test_imports_of_what_is_not_for_plugins_are_told(package):
    (package / "tool.py").write_text(
        "import json\nimport mcp.types\nfrom helpdesk_mcp.sdk import Tool\nfrom helpdesk_mcp.sdk.times import span\n"
        "from helpdesk_mcp.store import tables\nfrom helpdesk_mcp_y import plugin\nfrom . import queries\n",
        encoding="utf-8",
    )
    (package / "migrations").mkdir()
    (package / "migrations" / "0001.py").write_text("from alembic import op\n", encoding="utf-8")
    expected = ["tool.py: mcp.types", "tool.py: helpdesk_mcp.store", "tool.py: helpdesk_mcp_y"]
    assert foreign_imports(package, "helpdesk_mcp_x") == expected
    assert faults() == [f"{one} is not for plugins." for one in expected]


@pytest.mark.anyio
async def test_tables_that_the_migrations_do_not_lead_to_are_told(database_url):
    await upgrade_tables(database_url, ledger.discovered())
    await check_tables(ledger.plugin, database_url)
    metadata = MetaData(schema="ledger")
    Table("entry", metadata, Column("id", Integer, primary_key=True))
    other = replace(ledger.plugin, schema=Schema(metadata=metadata, migrations=Path()))
    with pytest.raises(AssertionError, match="The migrations do not lead to the tables described:") as caught:
        await check_tables(other, database_url)
    assert "remove_column" in str(caught.value)


@pytest.mark.anyio
async def test_a_plugin_without_tables_has_none_to_check(database_url):
    with pytest.raises(AssertionError, match="The plugin x has no tables."):
        await check_tables(Plugin(name="x", summary="S."), database_url)
