"""Whose account the PostgreSQL processes run under, and the root-owned place for what that account must reach.

PostgreSQL refuses to run as root. When we are root, its processes become an unprivileged account that already exists.
That account may be unable to enter the caller's folders (a home of mode 0700). Foreign folders are never opened for
it; instead data and, if need be, copies of the programs go to a folder of our own below /var/lib, which only root
can write, so nobody can plant a link there.
"""

import hashlib
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from helpdesk_mcp.embedded.binaries import Binaries
from helpdesk_mcp.embedded.errors import AccountError

REACHABLE_BY_ALL = Path("/var/lib/helpdesk-mcp")
CANDIDATES = ("postgres", "nobody")
OWNER_ONLY = 0o700
# Others may pass through to what is theirs below, but cannot list.
PASSAGE = 0o711
WRITABLE_BY_OTHERS = 0o022


@dataclass(frozen=True)
class Account:
    """The unprivileged account that PostgreSQL runs under when we are root."""

    name: str
    uid: int
    gid: int

    def can_enter(self, folder: Path) -> bool:
        """Return whether the account can reach `folder`; asked of the kernel, which knows access lists too."""
        probe = subprocess.run(  # noqa: S603 - a fixed program
            ["/usr/bin/env", "test", "-x", folder],
            check=False,
            cwd="/",
            user=self.uid,
            group=self.gid,
            extra_groups=[],
        )
        return probe.returncode == 0


def server_account() -> Account | None:
    """Return the account to demote to, or None where PostgreSQL can run as who we are.

    Raises AccountError if we are root and the machine has none of the known accounts.
    """
    if sys.platform == "win32" or os.geteuid() != 0:
        return None
    import pwd  # noqa: PLC0415 - exists on POSIX only

    for name in CANDIDATES:
        with suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(name, entry.pw_uid, entry.pw_gid)
    raise AccountError(
        f"PostgreSQL does not run as root, and there is no account {' or '.join(CANDIDATES)} to run it under. "
        "Run this as an ordinary user, or create the account `postgres`."
    )


def make_home(home: Path, account: Account | None) -> None:
    """Make the cluster's home unless it exists: ours alone, or with a passage for the server's account."""
    if account is None:
        home.mkdir(mode=OWNER_ONLY, parents=True, exist_ok=True)
    else:
        make_passage(home)


def make_passage(path: Path) -> None:
    """Make `path` and its missing parents; `path` can be passed through by the server's account, whatever the umask."""
    try:
        path.mkdir(parents=True)
    except FileExistsError:
        return
    path.chmod(PASSAGE)


def make_folder(path: Path, account: Account | None) -> None:
    """Make `path` (its parent exists) as a folder that only the server's account and root can enter."""
    path.mkdir(mode=OWNER_ONLY, exist_ok=True)
    if account is not None and sys.platform != "win32":
        os.chown(path, account.uid, account.gid)


def place_for(home: Path, account: Account | None) -> Path:
    """Return a folder for the server's files: below `home`, or a new one below /var/lib if home is out of reach."""
    inside = home / "server"
    if account is None or account.can_enter(home):
        make_passage(inside)
        return inside
    # The random part keeps a home that was deleted and made anew from meeting the old one's data.
    name = f"{hashlib.sha256(os.fsencode(home)).hexdigest()[:12]}-{secrets.token_hex(4)}"
    place = _root_folder() / name
    make_passage(place)
    return place


def reachable(binaries: Binaries, account: Account) -> Path:
    """Return a bin folder that `account` can run: the given one, or a copy of it (41 MB, made once per version)."""
    if account.can_enter(binaries.bin / "postgres") and all(map(account.can_enter, binaries.bundle)):
        return binaries.bin
    if not binaries.bundle:
        raise AccountError(
            f"PostgreSQL has to run as the account {account.name}, which cannot reach {binaries.bin}. "
            "Set HELPDESK_PG_BIN to a folder that every user can read, or run this as an ordinary user."
        )
    package = binaries.bundle[0]
    stamp = f"{package}:{(binaries.bin / 'postgres').stat().st_mtime_ns}"
    target = _root_folder() / f"programs-{hashlib.sha256(stamp.encode()).hexdigest()[:12]}"
    if not target.exists():
        _copy_whole(binaries.bundle, target)
    return target / binaries.bin.relative_to(package.parent)


def _copy_whole(folders: tuple[Path, ...], target: Path) -> None:
    """Copy `folders` into a new folder `target`, which appears complete or not at all."""
    growing = Path(tempfile.mkdtemp(dir=target.parent, prefix="growing-"))
    try:
        for folder in folders:
            shutil.copytree(folder, growing / folder.name, symlinks=True)
        growing.chmod(PASSAGE)
        growing.rename(target)
    except OSError:
        # Another process may have been quicker; then its copy is as good as ours.
        shutil.rmtree(growing, ignore_errors=True)
        if not target.exists():
            raise


def _root_folder() -> Path:
    base = REACHABLE_BY_ALL
    try:
        make_passage(base)
        facts = base.lstat()
    except OSError as error:
        raise AccountError(
            f"PostgreSQL's account cannot enter your folder, and {base} could not be made instead ({error.strerror}). "
            "Choose a folder outside of /root, or run this as an ordinary user."
        ) from error
    if facts.st_uid != 0 or facts.st_mode & WRITABLE_BY_OTHERS or base.is_symlink():
        raise AccountError(
            f"{base} must belong to root and be writable by root alone; somebody changed that."
        )
    return base
