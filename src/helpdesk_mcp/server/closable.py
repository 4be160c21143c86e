"""A standard input that we can close ourselves: reading it blocks a thread, and nothing else ends that from inside."""

import asyncio
import os
import select
import signal
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from threading import Thread

from .leaving import Departure

_CHUNK = 65_536


@contextmanager
def closable_input(departure: Departure) -> Generator[None]:
    """Let a signal begin the departure and, when that is due, end our input as the client's own end would.

    On Windows nothing is sent to a process but its end, and clients close our input there.
    """
    if sys.platform == "win32":
        yield
        return
    loop = asyncio.get_running_loop()
    close = _put_pipe_before_input()
    waiting: set[asyncio.Task[None]] = set()

    async def leave() -> None:
        await departure.wait()
        close()

    def begin() -> None:
        departure.begin()
        waiting.add(loop.create_task(leave()))

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, begin)
    try:
        yield
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
        for task in waiting:
            task.cancel()


def _put_pipe_before_input() -> Callable[[], None]:
    """Make file descriptor 0 a pipe that carries what comes in, and return what closes it."""
    source = os.dup(0)
    out, into = os.pipe()
    os.dup2(out, 0)
    os.close(out)
    woken, wake = os.pipe()

    def carry() -> None:
        while True:
            ready, _, _ = select.select([source, woken], [], [])
            chunk = b"" if woken in ready else os.read(source, _CHUNK)
            if not chunk:
                break
            while chunk:
                chunk = chunk[os.write(into, chunk) :]
        os.close(into)

    # A daemon that reads descriptors and not sys.stdin, whose lock would be held when the interpreter ends.
    Thread(target=carry, name="standard input", daemon=True).start()
    return lambda: _wake(wake)


def _wake(pipe: int) -> None:
    os.write(pipe, b".")
