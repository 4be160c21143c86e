"""Where the programs come from, and what is said when they are nowhere."""

import importlib.util
from pathlib import Path

import pytest

from helpdesk_mcp.embedded import BinariesNotFoundError, Cluster, IncompatibleClusterError, find_binaries

DEBIAN = Path("/usr/lib/postgresql/15/bin")


def test_without_a_folder_and_without_the_wheel_the_ways_out_are_named(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(BinariesNotFoundError, match="HELPDESK_PG_BIN.*HELPDESK_DATABASE_URL"):
        find_binaries(None)


def test_a_folder_that_lacks_a_program_is_refused_by_the_programs_name(tmp_path):
    with pytest.raises(
        BinariesNotFoundError, match="postgres, initdb, pg_ctl, psql cannot be run from there"
    ):
        find_binaries(tmp_path)


@pytest.mark.skipif(not DEBIAN.is_dir(), reason="no PostgreSQL 15 of Debian's here")
def test_an_older_postgres_of_the_system_serves_and_its_data_are_kept_from_the_newer(lab, binaries):
    with Cluster(lab.home, find_binaries(DEBIAN)) as cluster:
        url = cluster.url("postgres")
        assert lab.ask(url, "show server_version").startswith("15.")
        assert (
            lab.ask(url, "select string_agg(w, ' ' order by w) from unnest('{é,z,Z}'::text[]) w") == "Z z é"
        )
    with pytest.raises(IncompatibleClusterError, match="made by PostgreSQL 15; .* is version 18"):
        Cluster(lab.home, binaries).start()
