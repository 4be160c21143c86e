"""Where Postgres is: at the configured address, or a private one of our own that this process starts or joins."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.ext.asyncio import AsyncEngine

from helpdesk_mcp.settings import Settings
from helpdesk_mcp.store.engines import SERVER, WRITER, Role, StoreUnavailable, read_engine, write_engine

if TYPE_CHECKING:
    from helpdesk_mcp.embedded import Cluster

NAME = "helpdesk"
"""Database in the private Postgres."""


class Database:
    """The database of one process. Nothing is touched before the first use, so that a server starts while it is down."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = asyncio.Lock()
        self._cluster: Cluster | None = None
        self._url: str | None = None
        self._engines: list[AsyncEngine] = []
        self._reader: AsyncEngine | None = None
        self._replica: AsyncEngine | None = None
        self._server: AsyncEngine | None = None

    @property
    def is_private(self) -> bool:
        """Whether Postgres is our own, in the data folder."""
        return self._settings.database_url is None

    async def url(self) -> str:
        """Return the address; the first call starts or joins the private Postgres, which takes about a second."""
        async with self._lock:
            if self._url is None:
                configured = self._settings.database_url
                self._url = configured.get_secret_value() if configured else await self._private()
            return self._url

    @property
    def has_replica(self) -> bool:
        """Whether questions have a copy of their own."""
        return self._settings.read_database_url is not None

    async def reader(self) -> AsyncEngine:
        """Return the engine for tools: it cannot write."""
        url = await self.url()
        if self._reader is None:
            self._reader = self._reading(url)
        return self._reader

    async def replica(self) -> AsyncEngine:
        """Return the engine of the copy for questions; that of the database itself where there is none."""
        configured = self._settings.read_database_url
        if configured is None:
            return await self.reader()
        if self._replica is None:
            self._replica = self._reading(configured.get_secret_value())
        return self._replica

    async def writer(self, purpose: str) -> AsyncEngine:
        """Return an engine for the sync, under the name `purpose` in pg_stat_activity."""
        return self._writing(await self.url(), WRITER, purpose)

    async def server(self) -> AsyncEngine:
        """Return the engine of the server's own records: changes and their journal."""
        url = await self.url()
        if self._server is None:
            self._server = self._writing(url, SERVER, "changes")
        return self._server

    async def owner(self) -> AsyncEngine:
        """Return an engine with all rights of the address's own user, for what an operator does by hand."""
        return self._writing(await self.url(), None, "operator")

    async def upgrade(self) -> list[str]:
        """Bring the database up to this version; return the migrations that ran, as `revision: what it does`."""
        from helpdesk_mcp.store import migrate  # noqa: PLC0415 - loads Alembic, which a server never needs

        url = await self.url()
        pending = await asyncio.to_thread(migrate.pending, url)
        if pending:
            await asyncio.to_thread(migrate.upgrade, url)
        return pending

    async def close(self) -> None:
        """Close the connections and leave the private Postgres; the last one out stops it."""
        for engine in self._engines:
            await engine.dispose()
        self._engines.clear()
        self._reader = self._replica = self._server = None
        if self._cluster is not None:
            cluster, self._cluster = self._cluster, None
            await asyncio.to_thread(cluster.stop)

    async def _private(self) -> str:
        from helpdesk_mcp.embedded import EmbeddedError  # noqa: PLC0415 - not needed where a Postgres is configured

        try:
            return await asyncio.to_thread(self._start)
        except EmbeddedError as error:
            # To whoever asks a question, a private Postgres that does not start is a database that is away.
            raise StoreUnavailable(str(error)) from error

    def _reading(self, url: str) -> AsyncEngine:
        engine = read_engine(
            url, statement_timeout_s=self._settings.call_timeout_s, application_name="helpdesk-mcp serve"
        )
        self._engines.append(engine)
        return engine

    def _writing(self, url: str, role: Role | None, purpose: str) -> AsyncEngine:
        engine = write_engine(url, role=role, application_name=f"helpdesk-mcp {purpose}")
        self._engines.append(engine)
        return engine

    def _start(self) -> str:
        from helpdesk_mcp.embedded import Cluster, find_binaries  # noqa: PLC0415 - see above

        cluster = Cluster(private_home(self._settings), find_binaries(self._settings.pg_bin))
        cluster.start()
        self._cluster = cluster
        cluster.ensure_database(NAME)
        return cluster.url(NAME)


def private_home(settings: Settings) -> Path:
    """Return the folder of the private Postgres."""
    return settings.data_dir / "postgres"


def is_there(settings: Settings) -> bool:
    """Return whether a database is configured, or a private one was made before."""
    return settings.database_url is not None or private_home(settings).exists()
