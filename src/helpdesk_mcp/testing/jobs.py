"""A plugin's jobs, run as the worker runs them."""

from helpdesk_mcp.app import background
from helpdesk_mcp.discovery import Discovered, Loaded
from helpdesk_mcp.sdk import Plugin, PluginSettings
from helpdesk_mcp.store.engines import WRITER, write_engine
from helpdesk_mcp.sync.jobs import run_jobs
from helpdesk_mcp.sync.run import RunReport


async def run_job(
    plugin: Plugin, name: str, database_url: str, settings: PluginSettings | None = None
) -> RunReport:
    """Run one job, due or not, with the rights it will have, and return the report that `helpdesk-mcp status` shows."""
    found = Discovered((Loaded(plugin, settings or plugin.settings(), plugin.name),), ())
    job = next(job for job in background.jobs(found) if job.stream == f"{plugin.name}.{name}")
    engine = write_engine(database_url, role=WRITER)
    try:
        (report,) = await run_jobs(engine, [job], due_only=False)
    finally:
        await engine.dispose()
    return report
