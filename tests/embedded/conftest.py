"""Fixtures for the embedded server: a home of its own for each test, and user processes that can be killed."""

import asyncio
import dataclasses
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
import psutil
import pytest

from helpdesk_mcp.embedded import Binaries, Cluster, find_binaries, processes
from helpdesk_mcp.embedded.record import read_record, write_record

DEADLINE_S = 20

USER = """
import sys
from pathlib import Path
from helpdesk_mcp.embedded import Cluster, find_binaries
cluster = Cluster(Path(sys.argv[1]), find_binaries(None), durable=sys.argv[2] == "durable")
cluster.start()
cluster.ensure_database("helpdesk")
print(cluster.url("helpdesk"), flush=True)
sys.stdin.readline()
print(cluster.stop(), flush=True)
"""


class User:
    """A process that uses the cluster until it is told to leave, or is killed."""

    def __init__(self, home, *, durable=False, python=sys.executable, **popen):
        command = [python, "-c", USER, str(home), "durable" if durable else "throwaway"]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self.process = subprocess.Popen(command, **pipes, **popen)

    def url(self):
        return self.process.stdout.readline().strip()

    def leave(self):
        said, _ = self.process.communicate("\n", timeout=DEADLINE_S)
        return said.strip() == "True"

    def kill(self):
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.communicate(timeout=DEADLINE_S)


class Lab:
    """One home, and the eyes on what lives in it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.users: list[User] = []
        self.durable = False

    def user(self, **options) -> User:
        self.users.append(User(self.home, durable=self.durable, **options))
        return self.users[-1]

    @property
    def place(self) -> Path:
        return Path(read_record(self.home).place)

    def postmaster_pid(self) -> int:
        return int((self.place / "data" / "postmaster.pid").read_text().splitlines()[0])

    def kill_postmaster(self) -> None:
        pid = self.postmaster_pid()
        os.kill(pid, signal.SIGKILL)
        self.until(lambda: self.is_gone(pid))

    def watchers(self) -> list[psutil.Process]:
        arguments = {"helpdesk_mcp.embedded.watch", str(self.home)}
        return [
            one for one in psutil.process_iter(["cmdline"]) if arguments <= set(one.info["cmdline"] or [])
        ]

    def programs(self) -> list[psutil.Process]:
        """Every live process that has a file of this home in its command line or works in there."""
        return processes.members([self.place / "data", self.place / "data.new"])

    @staticmethod
    def is_gone(pid) -> bool:
        try:
            return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return True

    @staticmethod
    def until(happened: Callable[[], object]) -> None:
        deadline = time.monotonic() + DEADLINE_S
        while not happened():
            assert time.monotonic() < deadline, "it did not happen in time"
            time.sleep(0.01)

    @staticmethod
    def ask(url: str, sql: str) -> object:
        """The first value that `sql` gives (None for a command)."""

        async def answer() -> object:
            connection = await asyncpg.connect(url.replace("+asyncpg", ""))
            try:
                return await connection.fetchval(sql)
            finally:
                await connection.close()

        return asyncio.run(answer())


@pytest.fixture(scope="session")
def binaries() -> Binaries:
    return find_binaries(None)


def memory() -> Path | None:
    """A roomy folder in memory (an initdb on a busy disk takes seconds), or None."""
    folder = Path("/dev/shm")  # noqa: S108 - mkdtemp makes a private folder in it
    roomy = folder.is_dir() and shutil.disk_usage(folder).free > 2 * 1024**3
    return folder if roomy and os.access(folder, os.W_OK) else None


@contextmanager
def new_lab(*, on_disk: bool = False) -> Iterator[Lab]:
    # Not tmp_path: for root that is below a closed folder, which is a case of its own (test_accounts).
    folder = Path(tempfile.mkdtemp(prefix="embedded-test-", dir=None if on_disk else memory())).resolve()
    folder.chmod(0o755)
    one = Lab(folder / "home")
    yield one
    for user in one.users:
        if user.process.poll() is None:
            user.kill()
    one.until(lambda: not one.watchers())
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def make_lab():
    return new_lab


@pytest.fixture
def lab() -> Iterator[Lab]:
    """A home in which nothing is made yet."""
    with new_lab() as one:
        yield one


@pytest.fixture(scope="session")
def made_once(binaries) -> Iterator[Lab]:
    with new_lab() as one:
        with Cluster(one.home, binaries):
            pass
        yield one


@pytest.fixture
def kept(made_once) -> Iterator[Lab]:
    """A home whose cluster is made, and to be kept: a copy, which saves an initdb."""
    with new_lab() as one:
        subprocess.run(["cp", "-a", made_once.home, one.home], check=True)
        record = read_record(made_once.home)
        write_record(one.home, dataclasses.replace(record, place=str(one.home / "server")))
        one.durable = True
        yield one
