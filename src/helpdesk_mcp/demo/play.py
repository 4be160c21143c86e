"""The demo from beginning to end."""

import asyncio
import contextlib
import shutil
import time
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout
from rich.console import Console
from sqlalchemy.ext.asyncio import AsyncEngine

from atera_simulator.seed import HOSTILE_TITLES
from helpdesk_mcp.app import connect
from helpdesk_mcp.app.database import Database
from helpdesk_mcp.app.reports import first_load
from helpdesk_mcp.settings import Settings

from . import cast, changing, tour
from .stack import DemoFailed, Stack, free_port

_TOKEN = "simulated-token"  # noqa: S105 - the simulator's own, good for nothing else
_PACE = 4
"""Changes a minute in the simulated account: something new every quarter of a minute."""


async def play(settings: Settings, *, size: str, port: int, exit_after: bool, fresh: bool) -> int:
    """Start everything, take the tour, and serve on until interrupted; return the exit code."""
    home = settings.data_dir / ("demo" if size == "demo" else f"demo-{size}")
    console = Console(highlight=False, soft_wrap=True)
    home.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(home / "demo.lock", timeout=0):
            if fresh:
                _forget(home)
            await _play(
                console, settings.model_copy(update={"data_dir": home}), size, port, exit_after=exit_after
            )
    except Timeout as error:
        raise DemoFailed(
            f"A demo is already running on {home}. Stop it first, or give --data-dir another folder."
        ) from error
    return 0


async def _play(console: Console, settings: Settings, size: str, port: int, *, exit_after: bool) -> None:
    started = time.perf_counter()
    async with _running(console, settings, size, port) as running:
        players = running.cast
        console.print(f"Ready for the first question after {time.perf_counter() - started:.0f} s.\n")
        await tour.over_http(console, running.url, tour.questions(players))
        console.print("\nMeanwhile the worker reads what was said in old tickets:")
        await first_load(running.engine, console, running.stack.check, history=True)
        await tour.over_http(console, running.url, tour.questions_about_the_past(players))
        console.print()
        await changing.with_forms(console, running.url, players)
        console.print()
        await tour.over_stdio(console, running.environment, tour.questions_of_mine())
        await changing.with_codes(console, running.environment, players)
        console.print(f"\nThe whole tour took {time.perf_counter() - started:.0f} s.")
        if not exit_after:
            await _serve_on(console, running.environment, running.url)


async def _serve_on(console: Console, environment: dict[str, str], url: str) -> None:
    console.rule()
    console.print(f"Serving on. Any MCP client over HTTP: [bold]{url}[/]")
    console.print("Claude Desktop: put this into claude_desktop_config.json and start it anew:")
    console.print(connect.claude_desktop(environment), markup=False)
    console.print(
        "The simulated account goes on changing. Stop with Ctrl-C; the data stay for the next time."
    )
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.Event().wait()


@dataclass(frozen=True, slots=True)
class _Running:
    stack: Stack
    engine: AsyncEngine
    environment: dict[str, str]
    """What a server is started with."""
    url: str
    cast: cast.Cast


@contextlib.asynccontextmanager
async def _running(console: Console, settings: Settings, size: str, port: int) -> AsyncGenerator[_Running]:
    stack = Stack(settings.data_dir / "logs")
    database = Database(settings)
    try:
        with console.status("Starting Postgres"):
            await database.upgrade()
        console.print(
            f"[green]✓[/] Postgres {'of our own in ' + str(settings.data_dir) if database.is_private else 'as configured'}"
        )
        environment = _environment(settings)
        atera = await _start_atera(stack, settings.data_dir, size)
        console.print(f"[green]✓[/] a simulated Atera at {atera}")
        environment |= _atera_environment(atera)
        stack.start("worker", ["worker"], {**environment, "HELPDESK_SYNC_EVERY_S": "30"})
        engine = await database.writer("demo")
        await first_load(engine, console, stack.check)
        players = await cast.choose(engine, HOSTILE_TITLES)
        environment["HELPDESK_ENGINEER"] = players.engineer
        port = free_port(port)
        stack.start("server", ["serve", "--http", f"127.0.0.1:{port}"], environment)
        await asyncio.to_thread(stack.wait_for_port, "server", port)
        url = f"http://127.0.0.1:{port}/mcp"
        console.print(f"[green]✓[/] the MCP server at {url}")
        yield _Running(stack, engine, environment, url, players)
    finally:
        await asyncio.to_thread(stack.stop)
        await database.close()


async def _start_atera(stack: Stack, home: Path, size: str) -> str:
    port = free_port()
    arguments = ["simulate-atera", "--size", size, "--port", str(port), "--rate", "0", "--pace", str(_PACE)]
    stack.start("simulated Atera", [*arguments, "--state", str(home / f"atera-{size}.json.gz")], {})
    await asyncio.to_thread(stack.wait_for_port, "simulated Atera", port)
    return f"http://127.0.0.1:{port}/api/v3"


def _environment(settings: Settings) -> dict[str, str]:
    if settings.database_url is not None:
        return {"HELPDESK_DATABASE_URL": settings.database_url.get_secret_value()}
    return {"HELPDESK_DATA_DIR": str(settings.data_dir)}


def _atera_environment(atera: str) -> dict[str, str]:
    return {
        "HELPDESK_ATERA_URL": atera,
        "HELPDESK_ATERA_TOKEN": _TOKEN,
        "HELPDESK_ATERA_REQUESTS_PER_MINUTE": "6000",
    }


def _forget(home: Path) -> None:
    for entry in home.iterdir():
        if entry.name == "demo.lock":
            continue
        if entry.is_dir():
            shutil.rmtree(entry)
        else:
            entry.unlink()
