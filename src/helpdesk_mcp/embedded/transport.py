"""The way between a client and the server: a unix socket in a private folder, or TCP with a password.

The socket's folder has mode 0700 and belongs to the server's account, so only that account and root reach it, and the
connection needs no password. Where there are no unix sockets (Windows), the server listens on 127.0.0.1 with a random
password, kept in the cluster's private record.
"""

import os
import shutil
import socket
import tempfile
from pathlib import Path
from urllib.parse import quote

from helpdesk_mcp.embedded.account import Account, make_folder
from helpdesk_mcp.embedded.record import Record
from helpdesk_mcp.embedded.server import SUPERUSER

LOOPBACK = "127.0.0.1"
SOCKET_PORT = 5432
# sockaddr_un holds 104 bytes on macOS and BSD, 108 on Linux, the closing zero included.
LONGEST_SOCKET_PATH = 103
TEMPORARY = "helpdesk-mcp-"


def socket_folder(run: Path, account: Account | None) -> Path:
    """Return `run`, or a new private temporary folder if a socket in `run` would have too long a path."""
    if _fits(run):
        return run
    # TMPDIR itself may be too long, or closed to the server's account.
    suits = account is None and _fits(Path(tempfile.gettempdir(), f"{TEMPORARY}........"))
    folder = Path(tempfile.mkdtemp(prefix=TEMPORARY, dir=None if suits else "/tmp"))  # noqa: S108 - mkdtemp's is private
    make_folder(folder, account)
    return folder


def drop_socket_folder(record: Record) -> None:
    """Remove the temporary folder of a stopped server's socket, if it had one."""
    if record.socket_folder is not None and Path(record.place) not in Path(record.socket_folder).parents:
        shutil.rmtree(record.socket_folder, ignore_errors=True)


def free_port() -> int:
    """Return a TCP port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def sqlalchemy_url(record: Record, database: str) -> str:
    """Return the URL of `database` for SQLAlchemy's asyncpg dialect."""
    if record.tcp:
        login = f"{SUPERUSER}:{quote(record.password or '', safe='')}"
        return f"postgresql+asyncpg://{login}@{LOOPBACK}:{record.port}/{quote(database, safe='')}"
    folder = quote(record.socket_folder or "", safe="/")
    return f"postgresql+asyncpg://{SUPERUSER}@/{quote(database, safe='')}?host={folder}&port={record.port}"


def psql_arguments(record: Record) -> list[str]:
    """Return psql's options for reaching the server's own database."""
    host = LOOPBACK if record.tcp else record.socket_folder or ""
    return ["-h", host, "-p", str(record.port), "-U", SUPERUSER, "-d", "postgres"]


def _fits(folder: Path) -> bool:
    return len(os.fsencode(folder / f".s.PGSQL.{SOCKET_PORT}")) <= LONGEST_SOCKET_PATH
