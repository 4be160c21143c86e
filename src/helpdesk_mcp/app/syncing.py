"""A process that fills the database: the worker, one cycle for people and tests, and the migration before them."""

import asyncio
import signal
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

from helpdesk_mcp import metrics
from helpdesk_mcp.atera import AteraClient
from helpdesk_mcp.settings import Settings, SettingsError
from helpdesk_mcp.sync.cycle import Progress, chosen, sync_once
from helpdesk_mcp.sync.run import RunReport
from helpdesk_mcp.sync.schedule import Worker

from .client import make_client
from .database import Database
from .pulse import Pulse


async def upgrade(settings: Settings) -> list[str]:
    """Bring the database up to this version; return the names of the migrations that ran."""
    database = Database(settings)
    try:
        return await database.upgrade()
    finally:
        await database.close()


def named_streams(said: str | None) -> set[str] | None:
    """Return the streams in a comma-separated list; None for all.

    Raises:
        SettingsError: one of them does not exist; the message names those that do.
    """
    if said is None:
        return None
    names = {name.strip() for name in said.split(",") if name.strip()}
    try:
        chosen(names)
    except ValueError as error:
        raise SettingsError(str(error)) from error
    return names


async def once(
    settings: Settings, only: set[str] | None, on_progress: Callable[[Progress], None] | None
) -> list[RunReport]:
    """Read everything that is due from Atera, the first load included, and return a report for each stream."""
    async with _prepared(settings) as (client, database):
        return await sync_once(client, await database.writer("sync"), only=only, on_progress=on_progress)


async def worker(settings: Settings) -> None:
    """Keep the database up to date until SIGINT or SIGTERM; the runs under way are finished first."""
    stop = asyncio.Event()
    _on_signals(stop)
    async with _prepared(settings) as (client, database):
        engine = await database.writer("worker")
        work = Worker(client, engine, every=timedelta(seconds=settings.sync_every_s))
        pulse = Pulse(lambda: work.trouble)
        if settings.metrics_port is not None:
            metrics.serve(settings.metrics_host, settings.metrics_port, pulse.alive)
        async with pulse.beating():
            await work.run(stop)


@asynccontextmanager
async def _prepared(settings: Settings) -> AsyncGenerator[tuple[AteraClient, Database]]:
    client = make_client(settings)
    database = Database(settings)
    try:
        await database.upgrade()
        async with client:
            yield client, database
    finally:
        await database.close()


def _on_signals(stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for name in ("SIGINT", "SIGTERM"):
        try:
            loop.add_signal_handler(getattr(signal, name), stop.set)
        except NotImplementedError:  # Windows: Ctrl-C arrives as KeyboardInterrupt in the main task
            return
