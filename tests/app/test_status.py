"""What `helpdesk-mcp status` says of rights."""

import asyncio

import pytest
from tests.logins import owner_without_roles

from helpdesk_mcp.app import reports
from helpdesk_mcp.settings import load
from helpdesk_mcp.store import migrate


def status(url, capsys):
    code = asyncio.run(reports.print_status(load({"HELPDESK_DATABASE_URL": url})))
    return code, capsys.readouterr().out


NOTHING_YET = "Nothing was synced yet: start `helpdesk-mcp worker`.\n"


@pytest.fixture
def modest_url(postgres, bare_database_url):
    with owner_without_roles(postgres, bare_database_url, "sparing") as url:
        migrate.upgrade(url)
        yield url


def test_an_owner_who_cannot_take_the_roles_is_told(modest_url, capsys):
    assert status(modest_url, capsys) == (
        0,
        (
            "Rights are not separated: the user in HELPDESK_DATABASE_URL cannot take helpdesk_reader, helpdesk_writer, "
            f"helpdesk_server, so all of its own are used (docs/database-roles.md).\n{NOTHING_YET}"
        ),
    )


def test_an_owner_who_takes_them_is_not(database_url, capsys):
    assert status(database_url, capsys) == (0, NOTHING_YET)
