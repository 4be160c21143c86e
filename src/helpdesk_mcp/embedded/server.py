"""One PostgreSQL server: makes its data folder, starts it, stops it.

Every method is called under the cluster's admin lock. Layout of the place: `data/` (PostgreSQL's own), `run/` (its
unix socket), `log/` (of this run and of the one before), all three for the server's account alone, and `postgresql.conf`, which is ours and
written anew at each start, so that settings need no quoting for a shell.
"""

import math
import shutil
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from helpdesk_mcp.embedded import processes
from helpdesk_mcp.embedded.account import make_folder
from helpdesk_mcp.embedded.errors import IncompatibleClusterError, ProgramError, StartError
from helpdesk_mcp.embedded.programs import Programs
from helpdesk_mcp.embedded.record import Record

SUPERUSER = "helpdesk"
BUILTIN_LOCALE_SINCE = 17
STOP_TIMEOUT_S = 60
POLL_S = 0.02
LOG_TAIL_LINES = 15
STATUS_LINE = 7
SETTINGS = {
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "log_checkpoints": "off",
}
THROWAWAY_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
# libc's part in reading letters (pg_trgm splits words by it): with plain C, "Łódź" has no trigrams beyond its d.
CTYPE = {"linux": "C.UTF-8", "darwin": "en_US.UTF-8", "win32": "en-US"}


@dataclass(frozen=True)
class Server:
    """The server whose files lie in one place."""

    place: Path
    programs: Programs

    @property
    def data(self) -> Path:
        """Return PostgreSQL's data folder."""
        return self.place / "data"

    @property
    def run(self) -> Path:
        """Return the folder of the unix socket, unless its path is too long for one."""
        return self.place / "run"

    @property
    def log(self) -> Path:
        """Return the server's log file."""
        return self.place / "log" / "server.log"

    def is_running(self) -> bool:
        """Return whether a live process serves this data folder."""
        return processes.postmaster(self.data) is not None

    def make(self, record: Record) -> None:
        """Make the data folder if there is none; a half-made one is thrown away first."""
        major = self.programs.major()
        if self.data.exists():
            self._require_same_major(major)
            return
        processes.end([self._growing])
        self._remove(self._growing)
        make_folder(self._growing, self.programs.account)
        self._initdb(record, major)
        self._growing.rename(self.data)

    def start(self, record: Record, settings: Mapping[str, str], timeout_s: float) -> None:
        """Start the server, or wait for one that is on its way up. Raises StartError with the tail of its log."""
        deadline = time.monotonic() + timeout_s
        if not self.is_running():
            self._clear_remains()
            self._write_settings(record, settings)
            self._launch(timeout_s)
        while not self._is_ready():
            if not self.is_running():
                raise StartError(self._failure("ended while it was starting"))
            if time.monotonic() > deadline:
                raise StartError(self._failure(f"was not ready after {timeout_s:g} s"))
            time.sleep(POLL_S)

    def stop(self) -> None:
        """Stop the server and whatever is left of it; open transactions are rolled back."""
        if self.is_running():
            try:
                wait = ("-m", "fast", "-w", "-t", str(STOP_TIMEOUT_S), "stop")
                self.programs.run("pg_ctl", "-D", str(self.data), *wait, as_server=True)
            except ProgramError:
                # It did not go in time, or crashed on the way: what is left is ended below, and the log recovers it.
                processes.end([self.data])
        else:
            processes.end([self.data, self._growing])

    def wipe(self) -> None:
        """Delete all files of a stopped server."""
        self._remove(self.place)

    @property
    def _growing(self) -> Path:
        return self.place / "data.new"

    def _initdb(self, record: Record, major: int) -> None:
        arguments = ["-D", str(self._growing), "-U", SUPERUSER, "-E", "UTF8", *_locale(major)]
        if not record.durable:
            arguments.append("--no-sync")
        if record.password is None:
            # Whoever can enter the private folder of the socket could read the data files as well.
            arguments += ["--auth-local=trust", "--auth-host=reject"]
            self.programs.run("initdb", *arguments, as_server=True)
            return
        password = self.place / "password.new"
        password.unlink(missing_ok=True)
        password.touch(mode=0o600)
        password.write_text(record.password, encoding="ascii")
        if (account := self.programs.account) is not None:
            shutil.chown(password, account.uid, account.gid)
        try:
            arguments += ["--auth-local=reject", "--auth-host=scram-sha-256", f"--pwfile={password}"]
            self.programs.run("initdb", *arguments, as_server=True)
        finally:
            password.unlink()

    def _require_same_major(self, major: int) -> None:
        made_by = (self.data / "PG_VERSION").read_text(encoding="ascii").strip()
        if made_by != str(major):
            raise IncompatibleClusterError(
                f"The data in {self.data} were made by PostgreSQL {made_by}; {self.programs.bin} is version {major}. "
                f"Set HELPDESK_PG_BIN to a PostgreSQL {made_by}, or move the folder away to begin anew."
            )

    def _clear_remains(self) -> None:
        """Clear what a killed postmaster left: backends that hold its memory, its pid file, its socket's lock."""
        processes.end([self.data])
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        if self.run.exists():
            for remains in self.run.glob(".s.PGSQL.*"):
                remains.unlink()

    def _write_settings(self, record: Record, settings: Mapping[str, str]) -> None:
        account = self.programs.account
        make_folder(self.run, account)
        make_folder(self.log.parent, account)
        if self.log.exists():
            self.log.replace(self.log.with_suffix(".log.1"))
        chosen = SETTINGS | ({} if record.durable else THROWAWAY_SETTINGS) | dict(settings) | _listen(record)
        lines = [f"{name} = '{_quoted(value)}'" for name, value in chosen.items()]
        file = self.place / "postgresql.conf"
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        file.chmod(0o644)

    def _launch(self, timeout_s: float) -> None:
        # The settings file is named relative to the working directory: no path of the user's reaches pg_ctl's shell.
        options = ("-D", str(self.data), "-l", str(self.log), "-o", "-c config_file=postgresql.conf")
        wait = ("-w", "-t", str(math.ceil(timeout_s)), "start")
        try:
            self.programs.run("pg_ctl", *options, *wait, as_server=True, cwd=self.place)
        except ProgramError as error:
            late = f"was not ready after {timeout_s:g} s" if self.is_running() else "refused to start"
            raise StartError(self._failure(late)) from error

    def _is_ready(self) -> bool:
        lines = processes.pid_file_lines(self.data)
        return len(lines) > STATUS_LINE and lines[STATUS_LINE].strip() in {"ready", "standby"}

    def _failure(self, what: str) -> str:
        lines = (
            self.log.read_text(encoding="utf-8", errors="replace").splitlines() if self.log.exists() else []
        )
        tail = "\n".join(lines[-LOG_TAIL_LINES:]) or "(its log is empty)"
        return f"The embedded PostgreSQL {what}. The end of its log, {self.log}:\n{tail}"

    @staticmethod
    def _remove(folder: Path) -> None:
        if folder.exists():
            shutil.rmtree(folder)


def _locale(major: int) -> list[str]:
    """Return initdb's arguments for an order of text that is the same on every system."""
    if major >= BUILTIN_LOCALE_SINCE:
        ctype = CTYPE.get(sys.platform, "C")
        return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", f"--lc-ctype={ctype}"]
    return ["--locale=C.UTF-8" if sys.platform == "linux" else "--locale=C"]


def _listen(record: Record) -> dict[str, str]:
    where = (
        {"listen_addresses": "127.0.0.1", "unix_socket_directories": ""}
        if record.tcp
        else {
            "listen_addresses": "",
            "unix_socket_directories": record.socket_folder or "",
            "unix_socket_permissions": "0700",
        }
    )
    return where | {"port": str(record.port)}


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace("'", "''").replace("\n", " ")
