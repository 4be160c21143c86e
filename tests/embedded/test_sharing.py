"""Who starts the server, who shares it, and who stops it."""

import pytest

from helpdesk_mcp.embedded import Cluster, IncompatibleClusterError


def test_data_survive_a_stop_and_a_start(kept, binaries):
    with Cluster(kept.home, binaries) as cluster:
        cluster.create_database("helpdesk")
        kept.ask(cluster.url("helpdesk"), "create table ticket as select 4711 as id")
    with Cluster(kept.home, binaries) as cluster:
        assert kept.ask(cluster.url("helpdesk"), "select id from ticket") == 4711


def test_two_processes_that_cold_start_at_once_share_one_server(lab):
    first, second = lab.user(), lab.user()
    lab.ask(first.url(), "create table ticket as select 4711 as id")
    assert lab.ask(second.url(), "select id from ticket") == 4711
    assert len(lab.watchers()) == 1


def test_the_server_stays_while_one_of_two_users_leaves(kept):
    first, second = kept.user(), kept.user()
    assert first.url() == (url := second.url())
    pid = kept.postmaster_pid()
    assert first.leave() is False
    assert kept.ask(url, "select 1") == 1
    assert second.leave() is True
    assert kept.is_gone(pid)


def test_a_killed_user_does_not_keep_the_server_up_when_the_last_one_leaves(kept):
    first, second = kept.user(), kept.user()
    first.url()
    url = second.url()
    pid = kept.postmaster_pid()
    first.kill()
    assert kept.ask(url, "select 1") == 1
    second.leave()
    kept.until(lambda: kept.is_gone(pid))


def test_the_server_goes_when_its_only_user_is_killed(kept):
    user = kept.user()
    user.url()
    pid = kept.postmaster_pid()
    user.kill()
    kept.until(lambda: kept.is_gone(pid))


def test_a_user_killed_in_the_middle_of_the_start_leaves_nothing_running(lab):
    user = lab.user()
    lab.until(lambda: lab.watchers() and lab.programs())
    user.kill()
    lab.until(lambda: not lab.watchers())
    assert not list(lab.home.glob("server/**/postmaster.pid"))


def test_whoever_joins_after_the_watcher_was_killed_brings_a_new_one(kept, binaries):
    first = kept.user()
    first.url()
    (watcher,) = kept.watchers()
    watcher.kill()
    kept.until(lambda: kept.is_gone(watcher.pid))
    pid = kept.postmaster_pid()
    second = kept.user()
    second.url()
    assert kept.postmaster_pid() == pid
    first.kill()
    second.kill()
    kept.until(lambda: kept.is_gone(pid))


def test_when_the_last_user_has_stopped_nothing_is_left_running(kept, binaries):
    with Cluster(kept.home, binaries):
        assert kept.watchers()
    assert not kept.watchers()


def test_a_throwaway_cluster_deletes_its_data_when_it_stops(lab, binaries):
    with Cluster(lab.home, binaries, durable=False) as cluster:
        place = lab.place
        assert lab.ask(cluster.url("postgres"), "show fsync") == "off"
    assert not place.exists()


def test_a_cluster_made_to_be_kept_is_not_opened_as_a_throwaway(kept, binaries):
    with pytest.raises(IncompatibleClusterError, match="made to be kept; open it with durable=True"):
        Cluster(kept.home, binaries, durable=False).start()
