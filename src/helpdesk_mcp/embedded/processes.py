"""Which operating-system processes belong to a cluster, without believing any file about it.

A process id in `postmaster.pid` may be stale, reused by a stranger, or a zombie that pid 1 never reaps. So a process
counts as ours only if it lives, is a PostgreSQL program, and works in (or was told to work in) our data folder.
"""

import time
from collections.abc import Iterable
from pathlib import Path

import psutil

PROGRAMS = frozenset({"postgres", "initdb", "pg_ctl"})
GRACE_S = 1.0
POLL_S = 0.01


def postmaster(data: Path) -> psutil.Process | None:
    """Return the live postmaster of `data`, or None: no file, a torn file, a stranger, a zombie."""
    try:
        process = psutil.Process(int(pid_file_lines(data)[0]))
    except (IndexError, ValueError, OverflowError, psutil.Error):
        return None
    return process if _names_folder(process, data) else None


def pid_file_lines(data: Path) -> list[str]:
    """Return the lines of postmaster.pid; none if there is no such file."""
    try:
        return (data / "postmaster.pid").read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return []


def members(folders: Iterable[Path]) -> list[psutil.Process]:
    """Return the live PostgreSQL processes that work in one of `folders` or were started for it."""
    wanted = list(folders)
    return [
        process
        for process in psutil.process_iter()
        if any(_works_in(process, folder) or _names_folder(process, folder) for folder in wanted)
    ]


def end(folders: Iterable[Path]) -> None:
    """End what `members` finds: politely, then after a second by force. Returns when none is left."""
    wanted = list(folders)
    deadline = time.monotonic() + GRACE_S
    asked: set[int] = set()
    while left := members(wanted):
        for process in left:
            if time.monotonic() > deadline:
                _signal(process, force=True)
            elif process.pid not in asked:
                asked.add(process.pid)
                _signal(process, force=False)
        time.sleep(POLL_S)


def _signal(process: psutil.Process, *, force: bool) -> None:
    try:
        process.kill() if force else process.terminate()
    except psutil.NoSuchProcess:
        return


def _is_program(process: psutil.Process) -> bool:
    return process.name().removesuffix(".exe") in PROGRAMS and process.status() != psutil.STATUS_ZOMBIE


def _works_in(process: psutil.Process, folder: Path) -> bool:
    try:
        return _is_program(process) and Path(process.cwd()) == folder
    except psutil.Error:
        return False


def _names_folder(process: psutil.Process, folder: Path) -> bool:
    # Backends overwrite their arguments with a title, so among servers this finds the postmaster alone.
    try:
        return _is_program(process) and any(Path(argument) == folder for argument in process.cmdline())
    except psutil.Error:
        return False
