"""The plugin in the hands of an operator: switched on, migrated, run once, looked at."""

import pytest
from plugins.certificates.tests.authority import ADDRESS
from tests import processes

pytestmark = pytest.mark.anyio

SWITCHED_ON = {"plugins": "+certificates"}


async def test_the_commands_know_its_table_its_job_and_its_check(database_url, authority, listen):
    port = await listen(authority.context())
    options = {
        **SWITCHED_ON,
        "database_url": database_url,
        "certificates_hosts": f"{ADDRESS}:{port}",
        "certificates_ca_file": authority.file,
    }
    before = await processes.run_aside("status", **options)
    assert before.returncode == 1
    assert (
        "certificates: Its tables are not up to date: run `helpdesk-mcp migrate` (0001: Make the table of hosts)."
        in before.stdout
    )
    migrated = await processes.run_aside("migrate", **options)
    assert migrated.stdout == "Ran certificates 0001: Make the table of hosts.\n"
    looked = await processes.run_aside("sync", "--once", "--only", "certificates.look_at_hosts", **options)
    assert looked.stdout.splitlines()[1].split()[:5] == ["certificates.look_at_hosts", "ok", "0", "1", "1"]
    after = await processes.run_aside("status", **options)
    assert (after.returncode, after.stdout.splitlines()[-1]) == (
        0,
        "certificates.hosts_answer  ok  1 hosts are watched, 0 of them fail",
    )
    without = await processes.run_aside("status", database_url=database_url)
    assert "Schema certificates has the tables of a plugin that is not loaded" in without.stdout


def test_it_is_shown_as_off_until_it_is_named():
    off = processes.run("plugins").stdout
    assert "Off: HELPDESK_PLUGINS=+certificates adds it." in off
    assert "list_certificates" not in off
    on = processes.run("plugins", **SWITCHED_ON).stdout.splitlines()
    assert "  list_certificates  read  List certificates" in on
    assert (
        "  look_at_hosts  job every 12 h  Look at the certificate of every host, and forget hosts that are not watched any more."
        in on
    )
