"""What killed processes and torn files leave behind, and that a start gets over it."""

import os
import signal
import subprocess
import sys
from contextlib import suppress

import psutil
import pytest

from helpdesk_mcp.embedded import Cluster, StartError

INSERT = """
import asyncio, sys
import asyncpg
async def main():
    connection = await asyncpg.connect(sys.argv[1])
    batch = 0
    while True:
        await connection.execute("insert into ticket select $1 from generate_series(1, 1000)", batch)
        print(batch, flush=True)
        batch += 1
asyncio.run(main())
"""

IDLE = """
import asyncio, sys
import asyncpg
async def main():
    connection = await asyncpg.connect(sys.argv[1])
    print(await connection.fetchval("select pg_backend_pid()"), flush=True)
    sys.stdin.readline()
    connection.terminate()
asyncio.run(main())
"""


def test_a_postmaster_killed_in_mid_insert_comes_back_with_every_committed_row(kept, binaries):
    with Cluster(kept.home, binaries) as first:
        url = first.url("postgres")
        kept.ask(url, "create table ticket (batch int)")
        command = [sys.executable, "-c", INSERT, url.replace("+asyncpg", "")]
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ) as writer:
            lines = [writer.stdout.readline() for _ in range(5)]
            kept.kill_postmaster()
            lines += writer.stdout.read().splitlines()
        committed = int(lines[-1]) + 1
        with Cluster(kept.home, binaries) as second:
            url = second.url("postgres")
            # Whole batches, and at most the one more whose answer was cut off by the crash.
            assert kept.ask(url, "select count(*) from ticket") in (committed * 1000, committed * 1000 + 1000)
            assert kept.ask(url, "select count(distinct batch) from ticket where batch < 5") == 5


def test_a_stale_pid_file_that_names_a_stranger_is_replaced_and_the_stranger_lives_on(kept, binaries):
    with Cluster(kept.home, binaries):
        kept.kill_postmaster()
        pid_file = kept.place / "data" / "postmaster.pid"
        with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as stranger:
            old = pid_file.read_text().splitlines()
            pid_file.write_text("\n".join([str(stranger.pid), *old[1:]]) + "\n")
            with Cluster(kept.home, binaries) as second:
                assert kept.ask(second.url("postgres"), "select 1") == 1
                assert second.stop() is False
            assert stranger.poll() is None
            stranger.communicate(b"\n")
            assert stranger.returncode == 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no zombies")
def test_a_zombie_named_in_the_pid_file_is_not_taken_for_a_server(kept, binaries):
    with Cluster(kept.home, binaries) as first:
        kept.kill_postmaster()
        zombie = subprocess.Popen([sys.executable, "-c", ""])
        kept.until(lambda: psutil.Process(zombie.pid).status() == psutil.STATUS_ZOMBIE)
        (kept.place / "data" / "postmaster.pid").write_text(f"{zombie.pid}\n{kept.place / 'data'}\n")
        with Cluster(kept.home, binaries):
            assert kept.ask(first.url("postgres"), "select 1") == 1
        zombie.wait()


def test_a_torn_pid_file_is_replaced(kept, binaries):
    with Cluster(kept.home, binaries) as first:
        for content in ("", "not a number\n", "12", f"{10**30}\n"):
            kept.kill_postmaster()
            (kept.place / "data" / "postmaster.pid").write_text(content)
            with Cluster(kept.home, binaries):
                assert kept.ask(first.url("postgres"), "select 1") == 1


def test_a_data_folder_half_made_by_a_killed_initdb_is_made_anew(lab, binaries):
    user = lab.user()
    lab.until(lambda: list(lab.home.glob("server/data.new/base/*")))
    for watcher in lab.watchers():
        watcher.kill()
    for process in lab.programs():
        with suppress(psutil.NoSuchProcess):
            process.kill()
    user.kill()
    assert not (lab.place / "data").exists()
    with Cluster(lab.home, binaries, durable=False) as cluster:
        assert lab.ask(cluster.url("postgres"), "select 1") == 1


def test_an_initdb_that_outlived_its_killed_starter_is_ended_first(lab, binaries):
    user = lab.user()
    lab.until(lambda: list(lab.home.glob("server/data.new/PG_VERSION")))
    (initdb,) = [process for process in lab.programs() if process.name().startswith("initdb")]
    initdb.suspend()
    for watcher in lab.watchers():
        watcher.kill()
    user.kill()
    initdb.resume()
    with Cluster(lab.home, binaries, durable=False) as cluster:
        assert lab.ask(cluster.url("postgres"), "select 1") == 1
        assert lab.is_gone(initdb.pid)


def test_a_start_that_takes_too_long_says_so_with_the_tail_of_the_log(kept, binaries):
    with Cluster(kept.home, binaries):
        data = kept.place / "data"
    # A recovery that waits for an archive which takes its time.
    (data / "recovery.signal").touch()
    slow = {"restore_command": "exec sleep 3"}
    with pytest.raises(StartError, match="not ready after 1 s(?s:.*)starting PostgreSQL"):
        Cluster(kept.home, binaries, slow, start_timeout_s=1).start()
    kept.until(lambda: not kept.programs())


def test_a_server_that_refuses_to_start_is_quoted(kept, binaries):
    with pytest.raises(
        StartError, match='refused to start(?s:.*)unrecognized configuration parameter "no_such"'
    ):
        Cluster(kept.home, binaries, {"no_such": "1"}).start()
    with Cluster(kept.home, binaries) as cluster:
        assert kept.ask(cluster.url("postgres"), "select 1") == 1


@pytest.mark.skipif(sys.platform == "win32", reason="needs to stop a process")
def test_a_backend_that_outlives_a_killed_postmaster_does_not_bar_the_next(kept, binaries):
    with Cluster(kept.home, binaries) as cluster:
        command = [sys.executable, "-c", IDLE, cluster.url("postgres").replace("+asyncpg", "")]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as client:
            backend = int(client.stdout.readline())
            # Stopped, it cannot notice that its postmaster died.
            os.kill(backend, signal.SIGSTOP)
            kept.kill_postmaster()
            assert not kept.is_gone(backend)
            with Cluster(kept.home, binaries):
                assert kept.ask(cluster.url("postgres"), "select 1") == 1
                assert kept.is_gone(backend)
            client.communicate(b"\n")
