"""Run the simulator under uvicorn: in a thread of this process (tests, demo) or in the foreground (command line).

The world lives on the server's event loop; `Simulator.changing` lets another thread look at it or change it safely.
"""

import asyncio
import contextlib
import logging
import signal
import socket
import sys
import threading
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any, Literal, Self

import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.h11_impl import H11Protocol

from atera_simulator.api import DEFAULT_RATE, DEFAULT_TOKEN, create_app, utc_now
from atera_simulator.api.gate import PREFIX
from atera_simulator.api.service import Clock, Service
from atera_simulator.faults import Faults
from atera_simulator.life import Life
from atera_simulator.snapshot import load, pack, save, write
from atera_simulator.world import World

_log = logging.getLogger(__name__)
SAVE_EVERY_S = 30.0
Size = Literal["tiny", "demo", "msp"]


class _Protocol(H11Protocol):
    """Hands its transport to the app, which cannot reset a connection otherwise."""

    def connection_made(self, transport: asyncio.Transport) -> None:
        super().connection_made(transport)
        self.app_state = {**self.app_state, "transport": transport}


class _Server(uvicorn.Server):
    """A uvicorn server with background jobs on its loop, and signals that end it without ending the process."""

    def __init__(self, config: uvicorn.Config, *jobs: Callable[[], Any]) -> None:
        super().__init__(config)
        self.ready = threading.Event()
        self.loop: asyncio.AbstractEventLoop | None = None
        self._jobs = jobs
        self._tasks: list[asyncio.Task[None]] = []

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.loop = asyncio.get_running_loop()
        self._tasks = [asyncio.create_task(job()) for job in self._jobs]
        for task in self._tasks:
            task.add_done_callback(_report)
        self.ready.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await super().shutdown(sockets)

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        # uvicorn raises the signal again once it has stopped, which would end the command with an error.
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self._leave) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _leave(self, _number: int, _frame: FrameType | None) -> None:
        self.should_exit = True


def _report(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        _log.error("A background job of the simulator ended: %s", error, exc_info=error)


class Simulator:
    """A running simulator, to be used as a context manager.

    `pace` is changes per minute (0: the world stands still), `port` 0 takes a free one, `rate_per_minute` None lifts the limit.
    """

    def __init__(
        self,
        world: World,
        *,
        faults: Faults | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        pace: float = 0.0,
        token: str = DEFAULT_TOKEN,
        rate_per_minute: int | None = DEFAULT_RATE,
        clock: Clock = utc_now,
    ) -> None:
        self.world = world
        self.faults = faults if faults is not None else Faults()
        self.token = token
        self._app = create_app(world, self.faults, token=token, rate_per_minute=rate_per_minute, clock=clock)
        self._host = host
        self._port = port
        self._server = _Server(_config(self._app), *_life_jobs(world, pace, clock))
        self._thread = threading.Thread(target=self._serve, name="atera-simulator", daemon=True)

    @property
    def url(self) -> str:
        """The API's base URL, without a slash at the end."""
        return self.root_url + PREFIX

    @property
    def root_url(self) -> str:
        """The server's base URL; `/_simulator` stands below it."""
        return f"http://{self._host}:{self._port}"

    @property
    def requests(self) -> dict[str, int]:
        """Calls so far per method and route template, for example {"GET /tickets/{ticketId}": 2}."""
        service: Service = self._app.state.service
        return dict(service.requests)

    def __enter__(self) -> Self:
        self._socket = _listen(self._host, self._port)
        self._port = self._socket.getsockname()[1]
        self._thread.start()
        self._server.ready.wait()
        if not self._server.started:
            self._socket.close()
            raise RuntimeError("The simulator's server did not start; its thread printed the reason")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()

    @contextlib.contextmanager
    def changing(self) -> Generator[World]:
        """Hold the server's loop still and give the world; change it through `changes`, and make no call to it meanwhile."""
        assert self._server.loop is not None, "Enter the simulator first"  # noqa: S101 - a caller's mistake
        entered, left = threading.Event(), threading.Event()

        def park() -> None:
            entered.set()
            left.wait()

        self._server.loop.call_soon_threadsafe(park)
        entered.wait()
        try:
            yield self.world
        finally:
            left.set()

    def _serve(self) -> None:
        try:
            self._server.run(sockets=[self._socket])
        finally:
            # Also when starting failed, so that nobody waits for ever.
            self._server.ready.set()


def run(
    *,
    host: str = "127.0.0.1",
    port: int = 8765,
    size: Size = "demo",
    seed: int = 7,
    pace: float = 0.0,
    token: str = DEFAULT_TOKEN,
    state: Path | None = None,
    rate_per_minute: int | None = DEFAULT_RATE,
    faults: Faults | None = None,
    announce: Callable[[str], None] | None = None,
) -> None:
    """Serve until SIGINT or SIGTERM, then return.

    With `state` the world is read from that snapshot when it exists (else made from size and seed), saved to it every 30 seconds
    and at the end. `announce` is told the base URL once the server answers. Raises OSError when the port is taken.
    """
    world = load(state) if state is not None and state.exists() else _build(size, seed)
    listening = _listen(host, port)
    jobs = list(_life_jobs(world, pace, utc_now))
    if state is not None:
        jobs.append(lambda: _keep_saving(world, state))
    if announce is not None:
        url = f"http://{host}:{listening.getsockname()[1]}{PREFIX}"
        jobs.append(lambda: _announce(announce, url))
    app = create_app(world, faults, token=token, rate_per_minute=rate_per_minute)
    try:
        _Server(_config(app), *jobs).run(sockets=[listening])
    finally:
        listening.close()
        if state is not None:
            save(world, state)


def _build(size: Size, seed: int) -> World:
    # Only here, because a world's texts are a good part of the start-up time and tests bring their own world.
    from atera_simulator.seed import build_world  # noqa: PLC0415 - see above

    return build_world(size, seed)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio turns off Nagle's delay (44 ms per small answer) only for sockets made with the protocol named.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if sys.platform != "win32":
        # On Windows this option would let two servers share one port.
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError:
        listening.close()
        raise
    return listening


def _config(app: Starlette) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=_Protocol,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        log_level="critical",  # cut connections and cancelled calls are this server's business
        date_header=False,  # the gate writes it, from the simulator's own clock
        server_header=False,
        timeout_graceful_shutdown=1,
    )


def _life_jobs(world: World, pace: float, clock: Clock) -> Iterator[Callable[[], Any]]:
    if pace > 0:
        yield lambda: _live(Life(world, world.seed), pace, clock)


async def _live(life: Life, pace: float, clock: Clock) -> None:
    while True:
        await asyncio.sleep(60 / pace)
        life.step(clock())


async def _keep_saving(world: World, path: Path) -> None:
    saved = -1
    while True:
        await asyncio.sleep(SAVE_EVERY_S)
        if len(world.journal) == saved:
            continue
        saved = len(world.journal)
        # The copy is made on the loop, so that no change falls in between; packing and writing can wait elsewhere.
        await asyncio.to_thread(write, pack(world), path)


async def _announce(announce: Callable[[str], None], url: str) -> None:
    announce(url)
