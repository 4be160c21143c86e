"""Brings a database up to the schema of this version.

The history stands in `migrations/` at the top of a checkout and travels inside the wheel; a plugin with tables has one of its
own, in its own schema. Everything that is pending in a history runs in one transaction, under a lock that makes a second
process wait and then find nothing to do.
"""

import asyncio
import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, text
from sqlalchemy.exc import DBAPIError

from helpdesk_mcp.store import plugins
from helpdesk_mcp.store.engines import reachable, sqlstate, write_engine
from helpdesk_mcp.store.revisions import folder
from helpdesk_mcp.store.tables import metadata
from helpdesk_mcp.store.tables.base import OURS

T = TypeVar("T")

_log = logging.getLogger(__name__)

LOCK = 7_305_808_868_233_454_192
"""Advisory lock of all migrations in this database; any number will do that nobody else uses."""
WAIT_FOR_OTHERS = "5min"
WAIT_FOR_TABLES = "15s"
_LOCK_NOT_AVAILABLE = "55P03"
_FORBIDDEN = "42501"


class MigrationBlocked(Exception):
    """Somebody holds what the migration needs; nothing was changed."""


@dataclass(frozen=True, slots=True)
class History:
    """The migrations of one schema, which also holds the table that says how far they ran."""

    schema: str
    metadata: MetaData
    folder: Path | None = None
    """Folder of the revisions of a plugin; None: the core's, beside Alembic's entry."""


CORE = History(OURS, metadata)


def upgrade(url: str, revision: str = "head", history: History = CORE) -> None:
    """Run what is pending. Not for use on an event loop: call it in a thread.

    Raises StoreUnavailable, MigrationBlocked when tables are in use for longer than 15 seconds, and for a plugin SchemaTaken.
    """

    def work(connection: Connection, config: Config) -> None:
        if history is not CORE:
            plugins.prepare(connection, history.schema)
        command.upgrade(config, revision)

    _run(url, lambda connection: _locked(connection, history, work))


def downgrade(url: str, revision: str = "base", history: History = CORE) -> None:
    """Undo migrations down to `revision`; all data of the tables they made are lost. Errors as for `upgrade`."""
    _run(url, lambda one: _locked(one, history, lambda _, config: command.downgrade(config, revision)))


def pending(url: str, history: History = CORE) -> list[str]:
    """Return the migrations that this database lacks, oldest first, as `revision: what it does`. Changes nothing.

    None for a database that a newer version has upgraded.
    """
    return _run(url, lambda connection: _pending(connection, history))


def differences(url: str, history: History = CORE) -> list[str]:
    """Return what a migrated database has otherwise than its tables are described, as Alembic's operations."""

    def work(connection: Connection) -> list[str]:
        def is_ours(name: str | None, kind: str, _: Any) -> bool:
            return name == history.schema if kind == "schema" else name != "alembic_version"

        options = {"include_schemas": True, "include_name": is_ours}
        context = MigrationContext.configure(connection, opts=options)
        return [repr(one) for one in compare_metadata(context, history.metadata)]

    return _run(url, work)


def left_behind(url: str, loaded: Collection[str]) -> list[str]:
    """Return the schemas of plugins that are not among those `loaded`."""
    return _run(url, lambda connection: plugins.left_behind(connection, loaded))


def configuration(history: History = CORE) -> Config:
    """Return Alembic's configuration for a history."""
    config = Config()
    config.set_main_option("script_location", _escaped(folder()))
    config.set_main_option("path_separator", "newline")
    if history.folder is not None:
        config.set_main_option("version_locations", _escaped(history.folder))
    config.attributes["history"] = history
    return config


def _escaped(path: Path) -> str:
    return str(path).replace("%", "%%")


def _run(url: str, work: Callable[[Connection], T]) -> T:
    async def run() -> T:
        engine = write_engine(url, application_name="helpdesk-mcp migrate")
        try:
            async with reachable(), engine.begin() as connection:
                return await connection.run_sync(work)
        except DBAPIError as error:
            if sqlstate(error) != _FORBIDDEN:
                raise
            raise MigrationBlocked(
                "The database is not at this version, and the user in HELPDESK_DATABASE_URL may not bring it there: run "
                "`helpdesk-mcp migrate` with the address of the database's owner."
            ) from error
        finally:
            await engine.dispose()

    return asyncio.run(run())


def _locked(connection: Connection, history: History, work: Callable[[Connection, Config], Any]) -> None:
    config = configuration(history)
    config.attributes["connection"] = connection
    try:
        connection.execute(text(f"SET LOCAL lock_timeout = '{WAIT_FOR_OTHERS}'"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        connection.execute(text(f"SET LOCAL lock_timeout = '{WAIT_FOR_TABLES}'"))
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        work(connection, config)
    except DBAPIError as error:
        if sqlstate(error) != _LOCK_NOT_AVAILABLE:
            raise
        raise MigrationBlocked(
            "The database could not be upgraded because its tables are in use. Nothing was changed: stop the worker "
            "and other clients, then run `helpdesk-mcp migrate` again."
        ) from error


def _pending(connection: Connection, history: History) -> list[str]:
    context = MigrationContext.configure(connection, opts={"version_table_schema": history.schema})
    script = ScriptDirectory.from_config(configuration(history))
    heads = context.get_current_heads()
    if newer := set(heads) - {one.revision for one in script.walk_revisions()}:
        # An upgrade was taken back. Each migration leaves the version before it working, so that this one may go on.
        _log.warning("database_is_newer schema=%s revision=%s", history.schema, ",".join(sorted(newer)))
        return []
    done = {revision.revision for revision in script.iterate_revisions(heads or "base", "base")}
    wanted = [one for one in script.walk_revisions("base", "heads") if one.revision not in done]
    return [f"{one.revision}: {one.doc.rstrip('.')}" for one in reversed(wanted)]
