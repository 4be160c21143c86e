"""Engines: how this process connects to Postgres, and what it says when it cannot.

Why here: one place decides what a reader may do, how long anything may take, and which of the driver's many errors mean
"the database is away" rather than "the statement is wrong". Passwords never reach a message.
"""

import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, Literal

import asyncpg  # pyright: ignore[reportMissingTypeStubs] - it ships none
import orjson
from sqlalchemy import URL, Connection, ExceptionContext, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from helpdesk_mcp import metrics, traces

READER = "helpdesk_reader"
"""May SELECT from the mirror and the records of the sync, and nothing else. Migrations make the roles where that is permitted."""
WRITER = "helpdesk_writer"
"""The sync worker: writes the mirror and its own records; neither sees nor writes changes and their journal."""
SERVER = "helpdesk_server"
"""The server when it writes: adds to the journal and never alters it; refreshes the tickets that it has changed."""
Role = Literal["helpdesk_reader", "helpdesk_writer", "helpdesk_server"]

_SPAN = "helpdesk_span"
READERS = 10
"""Connections for questions in one process."""
CONNECT_TIMEOUT_S = 10.0
WRITE_TIMEOUT_S = 120.0
"""Longest statement of the sync: a page, a sweep, a pruning."""
WORK_MEM = "32MB"
"""Of a question, for each sort and each list of hits. With Postgres' 4 MB, what a common word finds among a million tickets is kept by
page and not by ticket, and then looked at page by page."""
GRACE_S = 3.0
"""How much longer than the server we wait ourselves, so that its own error comes first."""

_NOTICE_THE_DEAD = {
    "tcp_keepalives_idle": "30",
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "3",
}
"""A process that dies says so; a machine that vanishes does not, and by default keeps its locks for two hours, not for a minute."""

ASSUMABLE = """
    pg_has_role(session_user, oid, CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END)
"""
"""Whether the user of this connection may take on a row of pg_roles."""
_ASSUME = f"""
    SELECT set_config('role', rolname::text, false) FROM pg_roles WHERE rolname = $1 AND {ASSUMABLE}
"""  # noqa: S608 - our own words

_SET = "SELECT count(set_config(key, value, false)) FROM json_each_text($1::text::json)"
_KEEP_MEMORY = "SELECT length(repeat(repeat(' ', 1000), 2000))"
"""Takes 2 MB and gives them back, once: from then on glibc keeps pieces of up to that size for the next statement. Else a list of
10,000 hits goes back to the system after each question, and to get it again, page by page, takes the next one half of its time."""
_BACKEND = "SELECT pg_backend_pid()"
_NOT_MY_STATEMENT = ("42P05", "26000")
"""A prepared statement that is there already, or not there: it was made on another connection."""

_log = logging.getLogger(__name__)

# Connection lost, too many connections, shutting down or starting, disk full: gone by itself or by an operator, not by us.
_PASSING = ("08", "53", "57P")
_NOT_LET_IN = ("28", "3D")
_NOT_SET_UP = ("42P01", "3F000", "42703")
"""No such table, schema or column: the database is new, or older than this version."""


_CATCHING_UP = "40001"
"""A replica ends a question that holds up what it has to replay. Our own transactions read what is committed and never get it."""

_SHARED = (
    "A pooler in front of Postgres gives each transaction another connection, and this server needs one of its own: set "
    "pool_mode to session in PgBouncer for this database, or connect to Postgres itself."
)
_TOLD = {
    **dict.fromkeys(_NOT_MY_STATEMENT, _SHARED),
    "53300": "Postgres has no free connection; close other clients or raise max_connections, then try again.",
    _CATCHING_UP: "The copy of the database was busy catching up; try again now.",
}


class StoreUnavailable(Exception):
    """Postgres cannot be used right now; the message is a sentence for the person who waits."""


class StoreNotSetUp(StoreUnavailable):
    """Postgres is there, and something that the statement names is not in it."""


def read_engine(
    url: str | URL,
    *,
    statement_timeout_s: float = 10.0,
    pool_size: int = READERS,
    application_name: str = "helpdesk-mcp",
) -> AsyncEngine:
    """Return an engine that cannot write: SELECT-only role where it exists, read-only transactions, statements that end.

    It autocommits, as each question is one statement. Nothing is connected yet. ValueError for a URL that is not Postgres.
    """
    return _engine(
        url,
        statement_timeout_s,
        application_name,
        {"default_transaction_read_only": "on", "work_mem": WORK_MEM},
        READER,
        pool_size=pool_size,
        # Connections beyond a fixed pool are made anew for each call, and cost more than the wait for one.
        max_overflow=0,
        # Whoever waits for a connection waits as long as a call may: the call itself ends first, and says why.
        pool_timeout=max(CONNECT_TIMEOUT_S, statement_timeout_s + GRACE_S),
        isolation_level="AUTOCOMMIT",
    )


def write_engine(
    url: str | URL,
    *,
    role: Role | None = None,
    pool_size: int = 5,
    application_name: str = "helpdesk-mcp sync",
) -> AsyncEngine:
    """Return an engine for those who write, with the rights of `role` where it exists, else of the URL's user.

    Nothing is connected yet. ValueError for a URL that is not Postgres.
    """
    settings = {"lock_timeout": "30s", **_NOTICE_THE_DEAD}
    return _engine(url, WRITE_TIMEOUT_S, application_name, settings, role, pool_size=pool_size)


def normal_url(url: str | URL) -> URL:
    """Return the URL for our driver, from the spellings that people paste (`postgres://`, `?sslmode=require`)."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise ValueError(
            "The database URL cannot be read; write postgresql://user:password@host/name."
        ) from None
    if parsed.drivername.split("+")[0] not in {"postgres", "postgresql"}:
        raise ValueError(
            f"The database URL is for {parsed.drivername}, not for Postgres; write postgresql://user:password@host/name."
        )
    query = {"ssl" if name == "sslmode" else name: value for name, value in parsed.query.items()}
    return parsed.set(drivername="postgresql+asyncpg", query=query)


@asynccontextmanager
async def reachable(setting: str = "HELPDESK_DATABASE_URL") -> AsyncGenerator[None]:
    """Turn the errors that mean "Postgres is away" into `StoreUnavailable`; all others pass unchanged.

    `setting` is where its address stands, for the sentence.
    """
    try:
        yield
    except (OSError, TimeoutError, PoolTimeout) as error:
        raise StoreUnavailable(_sentence(error, setting)) from error
    except (DBAPIError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        if not _is_away(error):
            raise
        kind = StoreNotSetUp if sqlstate(error) in _NOT_SET_UP else StoreUnavailable
        raise kind(_sentence(error, setting)) from error


def sqlstate(error: BaseException) -> str:
    """Return the five-letter code of a database error, wrapped or not; empty where there is none."""
    original = error.orig if isinstance(error, DBAPIError) else error
    return getattr(original, "sqlstate", None) or ""


def _engine(
    url: str | URL,
    statement_timeout_s: float,
    application_name: str,
    settings: dict[str, str],
    role: Role | None,
    **options: Any,
) -> AsyncEngine:
    milliseconds = round(statement_timeout_s * 1000)
    engine = create_async_engine(
        normal_url(url),
        json_serializer=_dump,
        json_deserializer=orjson.loads,
        # Errors end up in logs, and parameters are what people asked for or wrote.
        hide_parameters=True,
        connect_args={
            "timeout": CONNECT_TIMEOUT_S,
            # Without it a network that swallows packets hangs the call for ever.
            "command_timeout": statement_timeout_s + GRACE_S,
            "server_settings": {"application_name": application_name},
        },
        **{"pool_timeout": CONNECT_TIMEOUT_S, **options},
    )
    common = {
        # It costs more than it gives on queries that take milliseconds.
        "jit": "off",
        # The default begins with the user's own schema, and a user may well be called like one of ours.
        "search_path": "public",
        "statement_timeout": str(milliseconds),
    }
    _prepare(engine, {**common, **settings}, role)
    metrics.watch_pool(engine.sync_engine, application_name)
    if traces.are_on():
        _trace(engine)
    return engine


def _trace(engine: AsyncEngine) -> None:
    """Make a span of each statement: what it does to which table, and no value of it."""

    def before(connection: Connection, _cursor: Any, sql: str, *_: Any) -> None:
        connection.info[_SPAN] = traces.begun(sql)

    def after(connection: Connection, *_: Any) -> None:
        traces.ended(connection.info.pop(_SPAN, None))

    def failed(trouble: ExceptionContext) -> None:
        if trouble.connection is not None:
            kind = sqlstate(trouble.original_exception) or type(trouble.original_exception).__name__
            traces.ended(trouble.connection.info.pop(_SPAN, None), kind)

    event.listen(engine.sync_engine, "before_cursor_execute", before)
    event.listen(engine.sync_engine, "after_cursor_execute", after)
    event.listen(engine.sync_engine, "handle_error", failed)


def _dump(value: Any) -> str:
    return orjson.dumps(value).decode()


def _prepare(engine: AsyncEngine, settings: dict[str, str], role: Role | None) -> None:
    """Give each new connection its settings and its role.

    By a statement and not as it connects: PgBouncer refuses to be told then, or does not pass it on.
    """
    told = False

    def on_connect(connection: Any, _record: Any) -> None:
        async def prepare(driver: Any) -> None:
            nonlocal told
            await _refuse_shared(driver, engine)
            await driver.execute(_SET, _dump(settings))
            if role == READER:
                await driver.execute(_KEEP_MEMORY)
            if role is not None and await driver.fetchval(_ASSUME, role) is None and not told:
                told = True
                _log.warning("role_not_taken role=%s rights=those of the user in HELPDESK_DATABASE_URL", role)

        connection.run_async(prepare)

    # Before SQLAlchemy's own first look, which remembers the search path.
    event.listen(engine.sync_engine, "connect", on_connect, insert=True)


async def _refuse_shared(driver: Any, engine: AsyncEngine) -> None:
    """Refuse a pooler that gives each transaction another connection: neither role nor locks would hold there.

    A pooler makes up the number of the server process. While one client keeps its connection, another never gets the same one
    from a pooler that keeps its promise; one that does not gives back the same as soon as it can.
    """
    try:
        mine = await driver.fetchval(_BACKEND)
        if mine == driver.get_server_pid():
            return
        other = await _connected(engine.url)
        try:
            theirs = await other.fetchval(_BACKEND)
        finally:
            await other.close()
        if mine != theirs and mine == await driver.fetchval(_BACKEND):
            return
    except asyncpg.PostgresError as error:
        if sqlstate(error) not in _NOT_MY_STATEMENT:
            raise
    raise StoreUnavailable(_SHARED)


async def _connected(url: URL) -> Any:
    query = {"sslmode" if name == "ssl" else name: value for name, value in url.query.items()}
    plain = url.set(drivername="postgresql", query=query).render_as_string(hide_password=False)
    return await asyncpg.connect(plain, timeout=int(CONNECT_TIMEOUT_S))  # pyright: ignore[reportUnknownMemberType,reportUnknownVariableType] - untyped


def _is_away(error: Exception) -> bool:
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    if isinstance(error, asyncpg.InterfaceError):
        return True
    return sqlstate(error).startswith((*_PASSING, *_NOT_LET_IN, *_NOT_SET_UP, *_TOLD))


def _sentence(error: Exception, setting: str) -> str:
    if sqlstate(error).startswith(_NOT_LET_IN):
        return f"Postgres refuses the login or has no such database; check the user, password and name in {setting}."
    if (told := _TOLD.get(sqlstate(error))) is not None:
        return told
    if sqlstate(error) in _NOT_SET_UP:
        return "The database is not set up for this version; start the worker, or run `helpdesk-mcp migrate`."
    if sqlstate(error).startswith("57P"):
        return "Postgres is starting or shutting down; try again in a few seconds."
    if isinstance(error, TimeoutError | PoolTimeout):
        return "Postgres did not answer in time; check that it is running and not overloaded, then try again."
    return (
        f"Postgres cannot be reached; check that it is running and that {setting} is right, then try again."
    )
