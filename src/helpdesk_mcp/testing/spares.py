"""Databases that tests have used and that are as new again: emptying one takes milliseconds, making one a tenth of a second.

What a test did besides filling tables shows in the catalogue, and such a database is not used again.
"""

import asyncio
import os
from collections.abc import AsyncGenerator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from itertools import count
from typing import Any, TypeVar

from sqlalchemy import URL, text
from sqlalchemy.ext.asyncio import AsyncConnection

from helpdesk_mcp.store.engines import write_engine

_numbers = count(1)
_Result = TypeVar("_Result")

_OURS = "nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'"
_FIRST_OID = 16384
"""Below are the things that every database has."""
_STATE = f"""
    SELECT concat_ws('|',
        (SELECT string_agg(concat_ws(',', c.oid, relname, relacl, reltuples, relnatts, reloptions), ';' ORDER BY c.oid)
         FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = relnamespace WHERE {_OURS}),
        (SELECT string_agg(concat_ws(',', nspname, nspacl), ';' ORDER BY oid) FROM pg_namespace WHERE {_OURS}),
        (SELECT string_agg(concat_ws(',', attrelid, attname, attisdropped, attnotnull, attacl), ';' ORDER BY attrelid, attnum)
         FROM pg_attribute WHERE attrelid >= {_FIRST_OID}),
        (SELECT md5(string_agg(concat_ws(',', oid, adbin), ';' ORDER BY oid)) FROM pg_attrdef),
        (SELECT md5(string_agg(concat_ws(',', oid, proacl, prosrc, prosqlbody), ';' ORDER BY oid)) FROM pg_proc
         WHERE oid >= {_FIRST_OID}),
        (SELECT string_agg(concat_ws(',', oid, defaclacl), ';' ORDER BY oid) FROM pg_default_acl),
        (SELECT count(*) FROM pg_trigger),
        (SELECT count(*) FROM pg_constraint),
        (SELECT concat_ws(',', datacl, datconnlimit) FROM pg_database WHERE datname = current_database()),
        (SELECT count(*) FROM pg_db_role_setting WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())),
        (SELECT string_agg(version_num, ',' ORDER BY version_num) FROM helpdesk.alembic_version)
    )
"""  # noqa: S608 - our own words
"""All that a test may do to a database besides filling it: tables, their statistics, functions, rights, settings, the version."""
_EMPTY = f"""
    DO $$
    DECLARE
        one regclass;
    BEGIN
        SET LOCAL session_replication_role = replica;
        FOR one IN
            SELECT c.oid FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = relnamespace
            WHERE relkind = 'r' AND relname <> 'alembic_version' AND pg_relation_size(c.oid) > 0 AND {_OURS}
        LOOP
            IF pg_relation_size(one) <= 512 * 1024 THEN
                EXECUTE 'DELETE FROM ' || one;
            ELSE
                EXECUTE 'TRUNCATE ' || one;
            END IF;
        END LOOP;
        PERFORM setval(c.oid::regclass, 1, false) FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = relnamespace
        WHERE relkind = 'S' AND {_OURS};
    END
    $$
"""  # noqa: S608 - our own words
"""TRUNCATE makes new files for a table and each of its indexes, which takes a hundred times longer than to delete a few rows."""
_ALONE = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
_COLUMNS = f"""
    SELECT nspname, relname, array_agg(attname::text ORDER BY attnum)
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = relnamespace JOIN pg_attribute ON attrelid = c.oid
    WHERE relkind = 'r' AND relname <> 'alembic_version' AND pg_relation_size(c.oid) > 0 AND {_OURS}
      AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
    GROUP BY c.oid, nspname, relname
"""  # noqa: S608 - our own words
_NUMBERS = """
    SELECT format('%I.%I', schemaname, sequencename), last_value FROM pg_sequences WHERE last_value IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class Content:
    """All rows of a database, as Postgres' own binary COPY."""

    tables: Sequence[tuple[str, str, Sequence[str], bytes]]
    numbers: Sequence[tuple[str, int]]


class Spares:
    """Makes databases from a template, lends them, and takes them back."""

    def __init__(self, postgres: URL, template: str) -> None:
        self._postgres = postgres
        self._template = template
        self._free: list[str] = []
        self._new = ""
        """The state of a new one: the same for all, as they are copies of one template, file by file."""
        self.content = cache(self._content)

    def take(self, content: Content | None = None) -> URL:
        """Return a migrated database of the caller's own, empty or with the rows of another one."""
        url = self._postgres.set(database=self._free.pop() if self._free else self._made())
        if not self._new:
            self._new = _run(_state, url)
        if content is not None:
            _run(_fill, url, content)
        return url

    def give_back(self, url: URL) -> None:
        """Take a database back; if it is not as new when it is empty, it is dropped."""
        name = str(url.database)
        if _run(_emptied, url) == self._new:
            self._free.append(name)
        else:
            self._drop(name)

    def close(self) -> None:
        """Drop what was given back."""
        while self._free:
            self._drop(self._free.pop())

    def _content(self, url: URL) -> Content:
        """Return all rows of a database that nobody changes any more."""
        return _run(_read, url)

    def _made(self) -> str:
        name = new_name()
        execute(self._postgres, f"CREATE DATABASE {name} TEMPLATE {self._template} STRATEGY file_copy")
        return name

    def _drop(self, name: str) -> None:
        execute(self._postgres, f"DROP DATABASE {name} WITH (FORCE)")


def new_name() -> str:
    """Return a name that no database of any run has."""
    return f"helpdesk_test_{os.getpid()}_{next(_numbers)}"


def execute(url: URL, *statements: str) -> None:
    """Execute statements, each by itself."""

    async def run(connection: AsyncConnection) -> None:
        for statement in statements:
            await connection.execute(text(statement))

    _run(run, url)


async def empty(connection: AsyncConnection) -> None:
    """Remove all rows of a database, and let its numbers begin anew."""
    await connection.exec_driver_sql(_EMPTY)


def _run(work: Callable[..., Coroutine[Any, Any, _Result]], url: URL, *arguments: Any) -> _Result:
    """Do some work on a connection of its own."""

    async def run() -> _Result:
        async with _connected(url) as connection:
            return await work(connection, *arguments)

    return asyncio.run(run())


@asynccontextmanager
async def _connected(url: URL) -> AsyncGenerator[AsyncConnection]:
    engine = write_engine(url)
    try:
        async with engine.connect() as connection:
            yield await connection.execution_options(isolation_level="AUTOCOMMIT")
    finally:
        await engine.dispose()


async def _state(connection: AsyncConnection) -> str:
    return str((await connection.exec_driver_sql(_STATE)).scalar_one())


async def _emptied(connection: AsyncConnection) -> str:
    """Empty a database that others have left, and return its state then."""
    await connection.exec_driver_sql(_ALONE)
    await empty(connection)
    return await _state(connection)


async def _read(connection: AsyncConnection) -> Content:
    driver: Any = (await connection.get_raw_connection()).driver_connection
    tables: list[tuple[str, str, list[str], bytes]] = []
    for schema, name, columns in await driver.fetch(_COLUMNS):
        rows = BytesIO()
        options: dict[str, Any] = {"schema_name": schema, "columns": columns, "format": "binary"}
        await driver.copy_from_table(name, output=rows, **options)
        tables.append((schema, name, columns, rows.getvalue()))
    return Content(tables, [(name, last) for name, last in await driver.fetch(_NUMBERS)])


async def _fill(connection: AsyncConnection, content: Content) -> None:
    driver: Any = (await connection.get_raw_connection()).driver_connection
    await driver.execute("SET session_replication_role = replica")
    for schema, name, columns, rows in content.tables:
        options: dict[str, Any] = {"schema_name": schema, "columns": columns, "format": "binary"}
        await driver.copy_to_table(name, source=BytesIO(rows), **options)
    for name, last in content.numbers:
        await driver.execute("SELECT setval($1::text::regclass, $2)", name, last)
