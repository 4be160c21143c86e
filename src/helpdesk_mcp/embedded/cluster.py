"""A cluster that any number of processes share, and that stops when the last of them is gone.

Each user holds a kernel lock (see `locks`), and a watcher process waits until none is held, so the server also stops
after a kill -9 of its last user. Whoever leaves last in good order stops it itself and need not wait for the watcher.
"""

import dataclasses
import platform
import secrets
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Self

from filelock import FileLock

from helpdesk_mcp.embedded import account, locks, transport
from helpdesk_mcp.embedded.binaries import Binaries
from helpdesk_mcp.embedded.errors import EmbeddedError, IncompatibleClusterError
from helpdesk_mcp.embedded.programs import HIDDEN, Programs
from helpdesk_mcp.embedded.record import Record, forget_record, read_record, write_record
from helpdesk_mcp.embedded.server import STOP_TIMEOUT_S, Server

NO_SETTINGS: Mapping[str, str] = MappingProxyType({})
WATCHER_GOODBYE_S = 2.0
POLL_S = 0.01

# Our children, with their homes, kept to be reaped; a dropped Popen of a running child warns. There can be two for
# one home for a moment: the one that is going, and its successor.
_watchers: list[tuple[Path, subprocess.Popen[bytes]]] = []


class Cluster:
    """One embedded PostgreSQL in `home`, shared by all processes that name the same folder.

    `settings` are PostgreSQL's own (postgresql.conf) and hold for the server this object starts, not for one that
    is running already. `durable=False` is for tests: no fsync, and all data are deleted when the last user leaves.
    `start_timeout_s` bounds the whole start, recovery included. `tcp` chooses the transport of a new cluster.
    """

    def __init__(
        self,
        home: Path,
        binaries: Binaries,
        settings: Mapping[str, str] = NO_SETTINGS,
        durable: bool = True,  # noqa: FBT001, FBT002 - the agreed signature; callers name it
        *,
        start_timeout_s: float = 120.0,
        tcp: bool = sys.platform == "win32",
    ) -> None:
        self._home = home.resolve()
        self._binaries = binaries
        self._settings = settings
        self._durable = durable
        self._start_timeout_s = start_timeout_s
        self._tcp = tcp
        self._locks = locks.Locks(self._home)
        self._user: FileLock | None = None

    def start(self) -> Self:
        """Join the cluster, making and starting its server if need be, and return this object.

        Raises StartError with the tail of the server's log, AccountError, IncompatibleClusterError,
        ClusterBusyError or ProgramError; then this caller has not joined.
        """
        if self._user is not None:
            raise EmbeddedError(
                f"This object has started the PostgreSQL in {self._home} already; stop it first."
            )
        server_account = account.server_account()
        account.make_home(self._home, server_account)
        with self._admin():
            user = self._locks.join()
            try:
                self._start_server(server_account)
            except BaseException:
                self._locks.leave(user)
                stop_if_unused(self._home, self._locks)
                raise
            self._user = user
        return self

    def stop(self) -> bool:
        """Leave the cluster; return True if this was the last user, and the server was stopped."""
        if self._user is None:
            return False
        with self._admin():
            self._locks.leave(self._user)
            self._user = None
            stopped = stop_if_unused(self._home, self._locks)
        if stopped:
            self._see_watcher_off()
        return stopped

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def url(self, database: str) -> str:
        """Return the SQLAlchemy URL of `database` (which need not exist); on TCP it holds the password."""
        return transport.sqlalchemy_url(self._record(), database)

    def create_database(self, name: str) -> None:
        """Create the database `name`. Raises ProgramError if it exists."""
        self._psql('create database :"name"', name)

    def ensure_database(self, name: str) -> None:
        """Create the database `name` unless it exists; safe when several processes do so at once."""
        with self._admin():
            missing = "where not exists (select from pg_database where datname = :'name')"
            self._psql(f"select format('create database %I', :'name') {missing} \\gexec", name)

    def _psql(self, statement: str, name: str) -> None:
        record = self._record()
        options = [
            "-X",
            "-q",
            "-v",
            "ON_ERROR_STOP=1",
            "-v",
            f"name={name}",
            *transport.psql_arguments(record),
        ]
        _server(record).programs.run("psql", *options, stdin=f"{statement}\n", password=record.password)

    def _record(self) -> Record:
        record = read_record(self._home) if self._user is not None else None
        if record is None:
            raise EmbeddedError(
                f"The PostgreSQL in {self._home} is not started by this object; call start() first."
            )
        return record

    def _admin(self) -> FileLock:
        patience = self._start_timeout_s + STOP_TIMEOUT_S
        return locks.enter(self._locks.admin(patience), self._home)

    def _start_server(self, server_account: account.Account | None) -> None:
        record = self._renewed_record(server_account)
        server = _server(record)
        watched = locks.is_held(self._locks.watch())
        running = server.is_running()
        if not running:
            self._refuse_sharing_across_machines(record, watched=watched)
            record = _with_new_way_in(record, server)
            write_record(self._home, record)
        # The watcher comes first: should we be killed in the middle of the start, it ends what we began.
        if not watched:
            _start_watcher(self._home)
        if not running:
            server.make(record)
        server.start(record, self._settings, self._start_timeout_s)

    def _refuse_sharing_across_machines(self, record: Record, *, watched: bool) -> None:
        # Locks reach across containers on one machine, process ids do not: a server there looks dead from here.
        if watched and record.origin not in {"", _origin()}:
            raise IncompatibleClusterError(
                f"The PostgreSQL in {self._home} is in use from another machine or container ({record.origin}). "
                "Two cannot share its files: give this one its own folder, or set HELPDESK_DATABASE_URL."
            )

    def _renewed_record(self, server_account: account.Account | None) -> Record:
        binaries = self._binaries
        folder = account.reachable(binaries, server_account) if server_account else binaries.bin
        record = read_record(self._home)
        if record is None:
            place = account.place_for(self._home, server_account)
            password = secrets.token_urlsafe(32) if self._tcp else None
            record = Record(str(place), self._durable, password, str(folder))
        elif record.durable != self._durable:
            kind = "to be kept" if record.durable else "as a throw-away for tests"
            raise IncompatibleClusterError(
                f"The PostgreSQL in {self._home} was made {kind}; open it with durable={record.durable}, "
                "or choose another folder."
            )
        if not _server(record).is_running():
            record = dataclasses.replace(record, bin=str(folder))
        write_record(self._home, record)
        return record

    def _see_watcher_off(self) -> None:
        """Wait until the watcher is gone, so that the caller may delete the folder; it takes some 50 ms."""
        for home, watcher in _watchers:
            if home == self._home:
                with suppress(subprocess.TimeoutExpired):
                    watcher.wait(WATCHER_GOODBYE_S)
        deadline = time.monotonic() + WATCHER_GOODBYE_S
        while locks.is_held(self._locks.watch()) and time.monotonic() < deadline:
            time.sleep(POLL_S)


def stop_if_unused(home: Path, held: locks.Locks) -> bool:
    """Stop the server of `home` if it has no user left, and return whether so; call it under the admin lock."""
    record = read_record(home)
    if record is None or held.in_use():
        return False
    server = _server(record)
    server.stop()
    transport.drop_socket_folder(record)
    if not record.durable:
        server.wipe()
        forget_record(home)
    return True


def _server(record: Record) -> Server:
    return Server(Path(record.place), Programs(Path(record.bin), account.server_account()))


def _with_new_way_in(record: Record, server: Server) -> Record:
    """Return `record` with a socket folder or a port for the server that is about to start."""
    transport.drop_socket_folder(record)
    if record.tcp:
        return dataclasses.replace(record, port=transport.free_port(), origin=_origin())
    folder = transport.socket_folder(server.run, server.programs.account)
    return dataclasses.replace(record, socket_folder=str(folder), origin=_origin())


def _origin() -> str:
    """Return a name for the set of processes that we can see: the machine, on Linux with its pid namespace."""
    namespace = Path("/proc/self/ns/pid").readlink() if sys.platform == "linux" else ""
    return f"{platform.node()} {namespace}".strip()


def _start_watcher(home: Path) -> None:
    _watchers[:] = [(of, watcher) for of, watcher in _watchers if watcher.poll() is None]
    detached = subprocess.CREATE_NEW_PROCESS_GROUP if sys.platform == "win32" else 0
    with (home / "watch.log").open("wb") as log:
        watcher = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "helpdesk_mcp.embedded.watch", str(home)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=home.anchor,
            start_new_session=True,
            creationflags=HIDDEN | detached,
        )
    _watchers.append((home, watcher))
