"""A process that fills the database: the worker, one cycle for people and tests, and the migration before them."""

import asyncio
import signal
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

from helpdesk_mcp import metrics, traces
from helpdesk_mcp.discovery import Discovered
from helpdesk_mcp.settings import Settings, SettingsError, sends_traces
from helpdesk_mcp.sync.cycle import Progress, chosen, sync_once
from helpdesk_mcp.sync.jobs import Job, run_jobs
from helpdesk_mcp.sync.run import RunReport
from helpdesk_mcp.sync.schedule import Worker

from . import background
from .client import make_client
from .database import Database
from .patience import Patience
from .plugins import load
from .pulse import Pulse


async def upgrade(settings: Settings) -> background.Upgrade:
    """Bring the database up to this version, the tables of the plugins after the core's; return what was done."""
    database = Database(settings)
    try:
        return await _upgraded(database, load(settings))
    finally:
        await database.close()


async def once(
    settings: Settings, only: str | None, on_progress: Callable[[Progress], None] | None
) -> list[RunReport]:
    """Read everything that is due from Atera, the first load included, then run the jobs; return a report for each run.

    `only` names streams and jobs, separated by commas. A job that is named runs whether it is due or not, and jobs alone
    need no Atera.

    Raises:
        SettingsError: there is no such stream or job; the message names those that there are.
    """
    found = load(settings)
    streams, named = _chosen(only, {job.stream for job in background.jobs(found)})
    client = make_client(settings) if streams is None or streams else None
    async with _prepared(settings, found) as (database, jobs):
        engine = await database.writer("sync")
        reports: list[RunReport] = []
        if client is not None:
            async with client:
                reports += await sync_once(client, engine, only=streams, on_progress=on_progress)
        wanted = [job for job in jobs if only is None or job.stream in named]
        return reports + await run_jobs(engine, wanted, due_only=only is None)


def _chosen(only: str | None, jobs: set[str]) -> tuple[set[str] | None, set[str]]:
    """Return the streams that are named, None for all, and the jobs."""
    if only is None:
        return None, jobs
    names = {name.strip() for name in only.split(",") if name.strip()}
    try:
        chosen(names - jobs)
    except ValueError as error:
        known = f" Jobs of plugins: {', '.join(sorted(jobs))}." if jobs else ""
        raise SettingsError(f"{error}{known}") from error
    return names - jobs, names & jobs


async def worker(settings: Settings) -> None:
    """Keep the database up to date until SIGINT or SIGTERM; the runs under way are finished first."""
    stop = asyncio.Event()
    _on_signals(stop)
    patience = Patience(stop)
    work: Worker | None = None
    pulse = Pulse(lambda: patience.trouble if work is None else work.trouble)
    if settings.metrics_port is not None:
        metrics.serve(settings.metrics_host, settings.metrics_port, pulse.alive)
    with traces.sending("worker", wanted=sends_traces()):
        async with (
            pulse.beating(),
            make_client(settings) as client,
            _prepared(settings, load(settings), patience) as (database, jobs),
        ):
            if stop.is_set():
                return
            engine = await database.writer("worker")
            work = Worker(client, engine, every=timedelta(seconds=settings.sync_every_s), jobs=jobs)
            await work.run(stop)


@asynccontextmanager
async def _prepared(
    settings: Settings, found: Discovered, patience: Patience | None = None
) -> AsyncGenerator[tuple[Database, list[Job]]]:
    """Yield the database, brought up to date, and the jobs of the plugins whose tables are, too."""
    database = Database(settings)

    async def upgrade() -> background.Upgrade:
        return await _upgraded(database, found)

    try:
        # Our own Postgres starts at once or not at all, so that it is not waited for.
        waits = patience and not database.is_private
        done = await (patience.until_done(upgrade) if patience and waits else upgrade())
        failed = done.failed if done else {}
        yield database, [job for job in background.jobs(found) if job.stream.split(".")[0] not in failed]
    finally:
        await database.close()


async def _upgraded(database: Database, found: Discovered) -> background.Upgrade:
    core = await database.upgrade()
    done = await background.upgrade_tables(await database.url(), found)
    done.ran[:0] = core
    return done


def _on_signals(stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for name in ("SIGINT", "SIGTERM"):
        try:
            loop.add_signal_handler(getattr(signal, name), stop.set)
        except NotImplementedError:  # Windows: Ctrl-C arrives as KeyboardInterrupt in the main task
            return
