"""Who starts the server, who shares it, and who stops it."""

import pytest

from helpdesk_mcp.embedded import Cluster, EmbeddedError, IncompatibleClusterError, ProgramError


def test_data_survive_a_stop_and_a_start(lab, binaries):
    with Cluster(lab.home, binaries) as cluster:
        cluster.create_database("helpdesk")
        lab.ask(cluster.url("helpdesk"), "create table ticket as select 4711 as id")
    with Cluster(lab.home, binaries) as cluster:
        assert lab.ask(cluster.url("helpdesk"), "select id from ticket") == 4711


def test_two_processes_that_cold_start_at_once_share_one_server(lab):
    first, second = lab.user(), lab.user()
    lab.ask(first.url(), "create table ticket as select 4711 as id")
    assert lab.ask(second.url(), "select id from ticket") == 4711
    assert len(lab.watchers()) == 1


def test_the_server_stays_while_one_of_two_users_leaves(lab):
    first, second = lab.user(), lab.user()
    assert first.url() == (url := second.url())
    pid = lab.postmaster_pid()
    assert first.leave() is False
    assert lab.ask(url, "select 1") == 1
    assert second.leave() is True
    assert lab.is_gone(pid)


def test_a_killed_user_does_not_keep_the_server_up_when_the_last_one_leaves(lab):
    first, second = lab.user(), lab.user()
    first.url()
    url = second.url()
    pid = lab.postmaster_pid()
    first.kill()
    assert lab.ask(url, "select 1") == 1
    second.leave()
    lab.until(lambda: lab.is_gone(pid))


def test_the_server_goes_when_its_only_user_is_killed(lab):
    user = lab.user()
    user.url()
    pid = lab.postmaster_pid()
    user.kill()
    lab.until(lambda: lab.is_gone(pid))


def test_a_user_killed_in_the_middle_of_the_start_leaves_nothing_running(lab):
    user = lab.user()
    lab.until(lambda: lab.watchers() and lab.programs())
    user.kill()
    lab.until(lambda: not lab.watchers())
    assert not list(lab.home.glob("server/**/postmaster.pid"))


def test_whoever_joins_after_the_watcher_was_killed_brings_a_new_one(lab, binaries):
    first = lab.user()
    first.url()
    (watcher,) = lab.watchers()
    watcher.kill()
    lab.until(lambda: lab.is_gone(watcher.pid))
    pid = lab.postmaster_pid()
    second = lab.user()
    second.url()
    assert lab.postmaster_pid() == pid
    first.kill()
    second.kill()
    lab.until(lambda: lab.is_gone(pid))


def test_when_the_last_user_has_stopped_nothing_is_left_running(lab, binaries):
    with Cluster(lab.home, binaries, durable=False):
        assert lab.watchers()
    assert not lab.watchers()


def test_a_throwaway_cluster_deletes_its_data_when_it_stops(lab, binaries):
    with Cluster(lab.home, binaries, durable=False) as cluster:
        place = lab.place
        assert lab.ask(cluster.url("postgres"), "show fsync") == "off"
    assert not place.exists()


def test_a_cluster_made_to_be_kept_is_not_opened_as_a_throwaway(lab, binaries):
    with (
        Cluster(lab.home, binaries),
        pytest.raises(IncompatibleClusterError, match="made to be kept; open it with durable=True"),
    ):
        Cluster(lab.home, binaries, durable=False).start()


def test_settings_of_the_caller_hold_and_may_contain_anything(lab, binaries):
    odd = "a 'quoted' \\ name; $HOME"
    settings = {"shared_buffers": "16MB", "cluster_name": odd}
    with Cluster(lab.home, binaries, settings, durable=False) as cluster:
        assert lab.ask(cluster.url("postgres"), "show shared_buffers") == "16MB"
        assert lab.ask(cluster.url("postgres"), "show cluster_name") == odd


def test_text_is_sorted_by_code_point_and_letters_of_all_languages_are_letters(lab, binaries):
    with Cluster(lab.home, binaries, durable=False) as cluster:
        url = cluster.url("postgres")
        assert lab.ask(url, "select string_agg(w, ' ' order by w) from unnest('{é,z,Z}'::text[]) w") == "Z z é"
        assert lab.ask(url, "select upper('łódź')") == "ŁÓDŹ"
        lab.ask(url, "create extension pg_trgm")
        assert lab.ask(url, "select cardinality(show_trgm('łódź'))") == 5


def test_a_database_is_ensured_twice_but_created_once(lab, binaries):
    name = "Help Desk's \"new\" one"
    with Cluster(lab.home, binaries, durable=False) as cluster:
        cluster.ensure_database(name)
        cluster.ensure_database(name)
        assert lab.ask(cluster.url(name), "select current_database()") == name
        with pytest.raises(ProgramError, match="already exists"):
            cluster.create_database(name)


def test_an_object_that_was_not_started_has_no_url(lab, binaries):
    with pytest.raises(EmbeddedError, match="call start"):
        Cluster(lab.home, binaries).url("helpdesk")


def test_an_object_is_started_once_at_a_time(lab, binaries):
    with Cluster(lab.home, binaries, durable=False) as cluster, pytest.raises(EmbeddedError, match="stop it first"):
        cluster.start()


def test_stopping_what_was_not_started_stops_nothing(lab, binaries):
    with Cluster(lab.home, binaries, durable=False) as cluster:
        assert Cluster(lab.home, binaries, durable=False).stop() is False
        assert lab.ask(cluster.url("postgres"), "select 1") == 1
