"""What plugins bring for the worker: their tables, brought up to date, and their jobs, made ready to run."""

import asyncio
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from helpdesk_mcp import sdk
from helpdesk_mcp.discovery import Discovered, Loaded
from helpdesk_mcp.store import migrate
from helpdesk_mcp.store.engines import StoreNotSetUp, StoreUnavailable, sqlstate
from helpdesk_mcp.store.plugins import SchemaTaken
from helpdesk_mcp.store.runs import Counts
from helpdesk_mcp.sync.jobs import Job, JobFailed
from helpdesk_mcp.sync.streams import STREAMS

_FORBIDDEN = "42501"
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Upgrade:
    """What became of the tables of all plugins."""

    ran: list[str] = field(default_factory=list[str])
    """Migrations, as `plugin revision: what it does`."""
    failed: dict[str, str] = field(default_factory=dict[str, str])
    """By plugin: why its tables are not up to date, a sentence. The other plugins' are."""
    left_behind: list[str] = field(default_factory=list[str])
    """Schemas of plugins that are not loaded."""


async def upgrade_tables(url: str, found: Discovered) -> Upgrade:
    """Bring the tables of all plugins up to their version, each by itself. Raises StoreUnavailable."""
    done = Upgrade()
    for name, history in _histories(found):
        try:
            if pending := await asyncio.to_thread(migrate.pending, url, history):
                await asyncio.to_thread(migrate.upgrade, url, history=history)
                done.ran += [f"{name} {one}" for one in pending]
        except StoreNotSetUp as error:
            # The core's tables are there by now: the migration itself names something that is not.
            done.failed[name] = _reason(name, error.__cause__ or error)
        except StoreUnavailable:
            raise
        except Exception as error:  # noqa: BLE001 - a stranger's migration: whatever it raises, the others are served
            done.failed[name] = _reason(name, error)
    for name, reason in done.failed.items():
        _log.warning("plugin_tables_left plugin=%s reason=%r", name, reason)
    done.left_behind = await asyncio.to_thread(migrate.left_behind, url, _names(found))
    return done


async def look_at_tables(url: str, found: Discovered) -> Upgrade:
    """Return the same without changing anything: what is pending counts as failed."""
    seen = Upgrade()
    for name, history in _histories(found):
        if pending := await asyncio.to_thread(migrate.pending, url, history):
            seen.failed[name] = (
                f"Its tables are not up to date: run `helpdesk-mcp migrate` ({', '.join(pending)})."
            )
    seen.left_behind = await asyncio.to_thread(migrate.left_behind, url, _names(found))
    return seen


def jobs(found: Discovered) -> list[Job]:
    """Return the jobs of all plugins, ready to run."""
    streams = {stream.base for stream in STREAMS}
    ready: list[Job] = []
    for loaded in found.loaded:
        if loaded.plugin.jobs and loaded.plugin.name in streams:
            _log.warning("plugin_jobs_left_out plugin=%s reason='a stream has its name'", loaded.plugin.name)
            continue
        ready += [_job(loaded, job) for job in loaded.plugin.jobs]
    return ready


def _job(loaded: Loaded, job: sdk.Job) -> Job:
    stream = loaded.plugin.stream(job)

    async def run(engine: AsyncEngine, now: datetime, counts: Counts) -> None:
        given = sdk.JobRun(
            db=sdk.JobSession(engine, loaded.plugin.name),
            settings=loaded.settings,
            now=now,
            counts=counts,
            log=logging.getLogger(f"helpdesk_mcp.jobs.{stream}"),
        )
        try:
            await job.run(given)
        except sdk.ToolFailure as failure:
            raise JobFailed(str(failure)) from failure
        except DBAPIError as error:
            if sqlstate(error) == _FORBIDDEN:
                raise JobFailed(
                    "The job touched what is not its plugin's own, and Postgres refused it: jobs read the mirror and write "
                    "the tables of their plugin."
                ) from error
            raise

    every = job.every(loaded.settings) if callable(job.every) else job.every
    return Job(stream, every, job.longest, run)


def _histories(found: Discovered) -> Iterator[tuple[str, migrate.History]]:
    for loaded in found.loaded:
        if (schema := loaded.plugin.schema) is not None:
            name = loaded.plugin.name
            yield name, migrate.History(name, schema.metadata, schema.migrations)


def _names(found: Discovered) -> set[str]:
    return {loaded.plugin.name for loaded in found.loaded}


def _reason(plugin: str, error: BaseException) -> str:
    if isinstance(error, SchemaTaken | migrate.MigrationBlocked):
        return str(error)
    kind = f"{type(error).__name__} {sqlstate(error)}".strip()
    _log.debug("plugin_migration_broke plugin=%s", plugin, exc_info=error)
    return f"Its migrations ended with {kind}, and nothing of them was kept: please report it to whoever made it."
