"""Lines of standard input to tasks, answers to lines of standard output."""

import asyncio
import logging
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO

from helpdesk_mcp import __version__
from helpdesk_mcp.bridge import messages
from helpdesk_mcp.bridge.link import Link
from helpdesk_mcp.bridge.messages import Id, Message
from helpdesk_mcp.bridge.remote import Remote
from helpdesk_mcp.bridge.trouble import Trouble, Unreachable

PATIENCE_S = 20.0
"""How long the first request waits for a server that cannot be reached: a computer that wakes up has no network yet, and a host
that is refused at its first word may not ask again."""

_FIRST = ("initialize", "server/discover")
_RETRY_S = 0.5
_LAST_ANSWERS_S = 2.0
"""How long requests that run may still be answered after the client closed our input."""

_log = logging.getLogger(__name__)


async def run(url: str, token: str | None, *, patience_s: float = PATIENCE_S) -> None:
    """Carry messages between stdin, stdout and the server at `url` until stdin closes. Unusable for what cannot work."""
    link = Link(url, token, agent=f"helpdesk-mcp-bridge/{__version__}")
    out, sys.stdout = sys.stdout.buffer, sys.stderr  # a stray print must not end up between the messages
    lines = _lines(sys.stdin.buffer)
    async with Remote(link, lambda text: _write(out, text)) as remote:
        pump = _Pump(remote, out, patience_s)
        while (line := await lines.get()) is not None:
            if line.strip():
                pump.take(line.strip())
        await pump.finish()


def _lines(source: BinaryIO) -> asyncio.Queue[bytes | None]:
    """Return a queue of the lines, None at the end.

    A thread reads them, as Windows has no other way, and reads on while the client does not take our answers: two programs
    that each wait for the other to read would wait for ever.
    """
    queue: asyncio.Queue[bytes | None] = asyncio.Queue()
    loop = asyncio.get_running_loop()

    def read() -> None:
        for line in iter(source.readline, b""):
            loop.call_soon_threadsafe(queue.put_nowait, line)
        loop.call_soon_threadsafe(queue.put_nowait, None)

    threading.Thread(target=read, daemon=True).start()
    return queue


def _write(out: BinaryIO, text: bytes) -> None:
    with suppress(OSError):  # a client that is gone closes our input too, and that ends us
        out.write(text + b"\n")
        out.flush()


@dataclass(frozen=True, slots=True)
class _Asked:
    message: Message
    task: asyncio.Task[None]


class _Pump:
    def __init__(self, remote: Remote, out: BinaryIO, patience_s: float) -> None:
        self._remote = remote
        self._out = out
        self._patience_s = patience_s
        self._asked: dict[Id, _Asked] = {}
        self._telling: asyncio.Task[None] | None = None

    def take(self, line: bytes) -> None:
        """Start what a line asks for."""
        try:
            message = messages.read(line)
        except messages.Unreadable as wrong:
            _write(self._out, messages.error(None, wrong.code, str(wrong)))
            return
        if message.method is not None and message.id is not None:
            self._start(message, message.id)
        elif not (message.cancels and self._is_cancelled(message)):
            self._telling = asyncio.create_task(self._tell(message, self._telling))

    async def finish(self) -> None:
        """Wait for the last answers, not for long."""
        running = [asked.task for asked in self._asked.values()]
        running += [self._telling] if self._telling else []
        if running:
            _, late = await asyncio.wait(running, timeout=_LAST_ANSWERS_S)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _start(self, message: Message, request: Id) -> None:
        task = asyncio.create_task(self._ask(message, self._telling))
        asked = self._asked[request] = _Asked(message, task)

        def forget(_: asyncio.Task[None]) -> None:
            if self._asked.get(request) is asked:
                del self._asked[request]

        task.add_done_callback(forget)

    def _is_cancelled(self, message: Message) -> bool:
        """Take back a request, and return whether that is done: the server must be told only before 2026-07-28.

        Since then, closing the request's stream says it.
        """
        asked = self._asked.get(message.params.get("requestId", ""))
        if asked is None:
            return True  # it was answered in the meantime
        if asked.message.version is None:
            return False
        asked.task.cancel()
        return True

    async def _ask(self, message: Message, before: asyncio.Task[None] | None) -> None:
        await _done(before)
        try:
            await self._patiently(message)
        except Trouble as trouble:
            _log.warning("not_answered method=%s reason=%s", message.method, trouble)
            data = None if trouble.status is None else {"httpStatus": trouble.status}
            _write(self._out, messages.error(message.id, messages.SERVER_ERROR, str(trouble), data))
        except Exception as bug:  # noqa: BLE001 - whatever it is, the client waits for an answer
            _log.exception("bridge_failed method=%s", message.method)
            text = f"The bridge failed ({type(bug).__name__}); its log says where. Please report it."
            _write(self._out, messages.error(message.id, messages.INTERNAL_ERROR, text))

    async def _patiently(self, message: Message) -> None:
        ends = time.monotonic() + (self._patience_s if message.method in _FIRST else 0)
        while True:
            try:
                return await self._remote.ask(message)
            except Unreachable:
                if time.monotonic() + _RETRY_S > ends:
                    raise
            await asyncio.sleep(_RETRY_S)

    async def _tell(self, message: Message, before: asyncio.Task[None] | None) -> None:
        await _done(before)
        try:
            await self._remote.tell(message)
        except Trouble as trouble:
            # Nobody waits for an answer to it, so the client cannot be told.
            _log.warning("not_told method=%s reason=%s", message.method, trouble)


async def _done(before: asyncio.Task[None] | None) -> None:
    """Wait until what the client said before has arrived: the server must hear `initialized` before the first question."""
    if before is not None:
        await asyncio.wait([before])
