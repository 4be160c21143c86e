"""Who uses the cluster, told by locks that the kernel drops when their holder dies.

Three kinds: `admin.lock` serialises making, starting and stopping; each user holds a file of its own in `users/`
for as long as it needs the server; the watcher holds `watch.lock`. A count in a file would outlive a kill -9; a lock
cannot. File systems without locks are refused (no fall-back to lock files that only exist).
"""

import os
import secrets
import sys
from pathlib import Path

from filelock import FileLock, Timeout

from helpdesk_mcp.embedded.errors import ClusterBusyError

# The watcher may hold the file for the moment in which it learns that nobody else does.
JOIN_TIMEOUT_S = 5.0
POLL_S = 0.02
SLOW_POLL_S = 1.0


class Locks:
    """The locks in one cluster's home folder."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._users = home / "users"

    def admin(self, timeout_s: float) -> FileLock:
        """Return the lock that serialises making, starting and stopping; entering it waits up to `timeout_s`."""
        return _lock(self._home / "admin.lock", timeout_s)

    def watch(self) -> FileLock:
        """Return the lock that the one watcher holds."""
        return _lock(self._home / "watch.lock", 0)

    def join(self) -> FileLock:
        """Count this caller as a user until `leave` or its death; call it under the admin lock."""
        self._users.mkdir(mode=0o700, exist_ok=True)
        lock = _lock(self._users / f"{os.getpid()}-{secrets.token_hex(6)}.lock", JOIN_TIMEOUT_S)
        lock.acquire()
        return lock

    def leave(self, user: FileLock) -> None:
        """Stop counting `user`; call it under the admin lock."""
        user.release()
        Path(user.lock_file).unlink(missing_ok=True)

    def in_use(self) -> bool:
        """Return whether any user lives, forgetting the dead; call it under the admin lock."""
        alive = [path for path in self._user_files() if is_held(_lock(path, 0))]
        for path in self._user_files():
            if path not in alive:
                path.unlink(missing_ok=True)
        return bool(alive)

    def wait_until_unused(self) -> None:
        """Block until every user seen now has left or died; others may have joined meanwhile."""
        for path in self._user_files():
            _wait_for_release(path)

    def _user_files(self) -> list[Path]:
        return sorted(self._users.glob("*.lock"))


def is_held(lock: FileLock) -> bool:
    """Return whether another holder has this lock."""
    try:
        lock.acquire(blocking=False)
    except Timeout:
        return True
    lock.release()
    return False


def enter(lock: FileLock, home: Path) -> FileLock:
    """Acquire `lock` and return it for a `with`; ClusterBusyError if another process keeps it for too long."""
    try:
        lock.acquire()
    except Timeout as error:
        raise ClusterBusyError(
            f"Another process has been starting or stopping the PostgreSQL in {home} for {lock.timeout:g} s. "
            "Try again when it is done, or end it."
        ) from error
    return lock


def _lock(path: Path, timeout_s: float) -> FileLock:
    return FileLock(path, timeout=timeout_s, poll_interval=POLL_S, thread_local=False, fallback_to_soft=False)


def _wait_for_release(path: Path) -> None:
    try:
        if sys.platform == "win32":
            with _lock(path, -1).acquire(poll_interval=SLOW_POLL_S):
                return
        import fcntl  # noqa: PLC0415 - exists on POSIX only

        # filelock asks again and again; the kernel can wake us instead, for the same flock.
        descriptor = os.open(path, os.O_RDWR)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        finally:
            os.close(descriptor)
    except FileNotFoundError:
        return
