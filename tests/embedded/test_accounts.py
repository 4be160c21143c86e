"""Who runs the server and who can reach it: root's demotion, an ordinary user, closed folders, long paths."""

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import psutil
import pytest

from helpdesk_mcp.embedded import AccountError, Binaries, Cluster, account

ROOT = sys.platform != "win32" and os.geteuid() == 0
as_root = pytest.mark.skipif(not ROOT, reason="only root can become someone else")
NOBODY = 65534
SOURCES = Path(__file__).parents[2] / "src"


@pytest.fixture
def below_var_lib(monkeypatch, make_lab):
    """Stands for /var/lib: a folder that only root can write."""
    with make_lab(on_disk=True) as lab:
        monkeypatch.setattr(account, "REACHABLE_BY_ALL", lab.home)
        yield lab.home


def system_python():
    """A Python that every user can run and that can load our packages, or None."""
    python = shutil.which("python3", path="/usr/bin")
    if python is None:
        return None
    version = subprocess.run(
        [python, "-c", "import sys; print(sys.version_info[:2])"], check=False, capture_output=True, text=True
    )
    return python if version.stdout.strip() == str(sys.version_info[:2]) else None


@as_root
def test_root_runs_the_server_under_an_ordinary_account(kept, binaries):
    with Cluster(kept.home, binaries):
        assert psutil.Process(kept.postmaster_pid()).uids().effective != 0


@as_root
@pytest.mark.skipif(system_python() is None, reason="no Python of this version that every user can run")
def test_other_accounts_cannot_reach_the_socket_of_roots_server(kept, binaries):
    code = "import socket, sys; socket.socket(socket.AF_UNIX).connect(sys.argv[1])"
    with Cluster(kept.home, binaries):
        socket = kept.place / "run" / ".s.PGSQL.5432"
        assert socket.is_socket()
        command = [system_python(), "-c", code, socket]
        stranger = subprocess.run(
            command, check=False, user=1, group=1, extra_groups=[], capture_output=True, text=True, cwd="/"
        )
    assert "PermissionError" in stranger.stderr


@as_root
def test_a_home_that_the_account_cannot_enter_keeps_its_mode_and_gets_its_data_elsewhere(
    lab, binaries, below_var_lib
):
    closed = lab.home
    closed.mkdir(mode=0o700)
    home = closed / "postgres"
    with Cluster(home, binaries) as cluster:
        assert lab.ask(cluster.url("postgres"), "select current_setting('data_directory')").startswith(
            f"{below_var_lib}/"
        )
        lab.ask(cluster.url("postgres"), "create table ticket as select 4711 as id")
    with Cluster(home, binaries) as cluster:
        assert lab.ask(cluster.url("postgres"), "select id from ticket") == 4711
    assert closed.stat().st_mode & 0o777 == 0o700


@as_root
def test_programs_that_the_account_cannot_reach_are_copied_not_opened(kept, binaries, below_var_lib):
    closed = kept.home.with_name("closed")
    closed.mkdir(mode=0o700)
    for folder in binaries.bundle:
        shutil.copytree(folder, closed / folder.name, symlinks=True)
    unreachable = Binaries(
        closed / binaries.bin.relative_to(binaries.bundle[0].parent),
        tuple(closed / folder.name for folder in binaries.bundle),
    )
    with Cluster(kept.home, unreachable) as cluster:
        assert kept.ask(cluster.url("postgres"), "select 1") == 1
        assert Path(psutil.Process(kept.postmaster_pid()).exe()).is_relative_to(below_var_lib)
    assert closed.stat().st_mode & 0o777 == 0o700


@as_root
def test_programs_that_are_neither_reachable_nor_ours_to_copy_are_refused(lab, binaries):
    closed = lab.home.with_name("closed")
    closed.mkdir(mode=0o700)
    with pytest.raises(AccountError, match="cannot reach .*closed.*HELPDESK_PG_BIN"):
        Cluster(lab.home, Binaries(closed)).start()


@as_root
def test_a_shared_folder_that_others_can_write_is_not_trusted(lab, binaries, below_var_lib):
    below_var_lib.mkdir()
    below_var_lib.chmod(0o777)
    lab.home.mkdir(mode=0o700)
    with pytest.raises(AccountError, match="writable by root alone"):
        Cluster(lab.home / "postgres", binaries).start()


@as_root
@pytest.mark.skipif(system_python() is None, reason="no Python of this version that every user can run")
def test_an_ordinary_user_starts_shares_and_leaves_a_server(lab):
    packages = sysconfig.get_paths()["purelib"]
    folder = lab.home.parent
    os.chown(folder, NOBODY, NOBODY)
    nobody = {"user": NOBODY, "group": NOBODY, "extra_groups": [], "cwd": "/", "python": system_python()}
    environment = {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": f"{SOURCES}:{packages}",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    first, second = (lab.user(env=environment, **nobody) for _ in range(2))
    assert first.url() == second.url()
    pid = lab.postmaster_pid()
    assert psutil.Process(pid).uids().effective == NOBODY
    assert first.leave() is False
    second.kill()
    lab.until(lambda: lab.is_gone(pid))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows takes TCP")
def test_a_home_too_deep_for_a_unix_socket_gets_a_short_private_one(lab, binaries):
    deep = lab.home / ("deep" * 20)
    with Cluster(deep, binaries, durable=False) as cluster:
        assert lab.ask(cluster.url("postgres"), "select 1") == 1
        socket = Path(str(lab.ask(cluster.url("postgres"), "show unix_socket_directories")))
        assert not socket.is_relative_to(lab.home)
        assert socket.stat().st_mode & 0o777 == 0o700
    assert not socket.exists()
