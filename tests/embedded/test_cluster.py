"""What one running cluster offers; these tests share one."""

import asyncio
import stat

import pytest
import sqlalchemy
from sqlalchemy.ext.asyncio import create_async_engine

from helpdesk_mcp.embedded import Cluster, EmbeddedError, ProgramError

ODD_SETTING = "a 'quoted' \\ name; $HOME"
ODD_NAME = 'Help Desk\'s "new" one %s'


@pytest.fixture(scope="module", params=["unix socket", "tcp"])
def cluster(request, make_lab, binaries):
    settings = {"shared_buffers": "16MB", "cluster_name": ODD_SETTING}
    with (
        make_lab() as lab,
        Cluster(lab.home, binaries, settings, durable=False, tcp=request.param == "tcp") as one,
    ):
        one.lab = lab
        yield one


def test_the_url_is_what_sqlalchemy_connects_by(cluster):
    async def answer():
        engine = create_async_engine(cluster.url("postgres"))
        try:
            async with engine.connect() as connection:
                return await connection.scalar(sqlalchemy.text("select current_user"))
        finally:
            await engine.dispose()

    assert asyncio.run(answer()) == "helpdesk"


def test_settings_of_the_caller_hold_and_may_contain_anything(cluster):
    assert cluster.lab.ask(cluster.url("postgres"), "show shared_buffers") == "16MB"
    assert cluster.lab.ask(cluster.url("postgres"), "show cluster_name") == ODD_SETTING


def test_a_throwaway_cluster_does_not_wait_for_the_disk(cluster):
    assert cluster.lab.ask(cluster.url("postgres"), "show fsync") == "off"


def test_text_is_sorted_by_code_point_and_letters_of_all_languages_are_letters(cluster):
    url = cluster.url("postgres")
    assert (
        cluster.lab.ask(url, "select string_agg(w, ' ' order by w) from unnest('{é,z,Z}'::text[]) w")
        == "Z z é"
    )
    assert cluster.lab.ask(url, "select upper('łódź')") == "ŁÓDŹ"
    cluster.lab.ask(url, "create extension if not exists pg_trgm")
    assert cluster.lab.ask(url, "select cardinality(show_trgm('łódź'))") == 5


def test_a_database_is_ensured_twice_but_created_once(cluster):
    cluster.ensure_database(ODD_NAME)
    cluster.ensure_database(ODD_NAME)
    assert cluster.lab.ask(cluster.url(ODD_NAME), "select current_database()") == ODD_NAME
    with pytest.raises(ProgramError, match="already exists"):
        cluster.create_database(ODD_NAME)


def test_an_object_is_started_once_at_a_time(cluster):
    with pytest.raises(EmbeddedError, match="stop it first"):
        cluster.start()


def test_an_object_that_was_not_started_has_no_url_and_stops_nothing(cluster, binaries):
    other = Cluster(cluster.lab.home, binaries, durable=False)
    with pytest.raises(EmbeddedError, match="call start"):
        other.url("helpdesk")
    assert other.stop() is False
    assert cluster.lab.ask(cluster.url("postgres"), "select 1") == 1


def test_a_wrong_password_does_not_get_in_over_tcp(cluster):
    url = sqlalchemy.make_url(cluster.url("postgres"))
    if url.password is None:
        pytest.skip("a unix socket in a private folder has no password")
    wrong = url.set(password="wrong").render_as_string(hide_password=False)
    with pytest.raises(Exception, match="password authentication failed"):
        cluster.lab.ask(wrong, "select 1")


def test_only_the_owner_reads_the_record_with_the_password_and_enters_the_data(cluster):
    record = cluster.lab.home / "cluster.json"
    assert stat.S_IMODE(record.stat().st_mode) == 0o600
    for private in ("data", "run", "log"):
        assert stat.S_IMODE((cluster.lab.place / private).stat().st_mode) == 0o700
