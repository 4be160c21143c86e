"""A pooler in front of Postgres: one that shares connections is refused, one that keeps its promise is used.

PgBouncer itself stands in docs/scaling.md, tried by hand; here a connection says what it would say behind one.
"""

import pytest

from helpdesk_mcp.store import engines
from helpdesk_mcp.store.engines import StoreUnavailable, read_engine

pytestmark = pytest.mark.anyio
REFUSAL = (
    "A pooler in front of Postgres gives each transaction another connection, and this server needs one of its own: set "
    "pool_mode to session in PgBouncer for this database, or connect to Postgres itself."
)


class Pooled:
    """A connection that is told the number 7 of a server process, and finds these."""

    def __init__(self, *found):
        self._found = list(found)

    def get_server_pid(self):
        return 7

    async def fetchval(self, _statement):
        return self._found.pop(0)

    async def close(self):
        assert self._found == []


@pytest.fixture
def behind(monkeypatch):
    """Ask whether a connection may be used, while another client finds `theirs`."""

    async def asked(mine, theirs):
        async def connected(_url):
            return Pooled(theirs)

        monkeypatch.setattr(engines, "_connected", connected)
        await engines._refuse_shared(Pooled(*mine), read_engine("postgresql://me@localhost/helpdesk"))

    return asked


async def test_no_pooler_is_taken_for_none(behind):
    await behind([7], theirs=None)


async def test_a_pooler_that_keeps_its_promise_is_used(behind):
    await behind([41, 41], theirs=42)


@pytest.mark.parametrize(("mine", "theirs"), [([41], 41), ([41, 43], 42)])
async def test_a_pooler_that_shares_a_connection_is_refused(behind, mine, theirs):
    with pytest.raises(StoreUnavailable) as refused:
        await behind(mine, theirs)
    assert str(refused.value) == REFUSAL


@pytest.mark.parametrize("code", ["42P05", "26000"])
async def test_statements_that_are_on_another_connection_are_told_as_what_they_are(database_url, code):
    lost = f"DO $$ BEGIN RAISE EXCEPTION 'no such statement' USING ERRCODE = '{code}'; END $$"
    engine = read_engine(database_url)
    with pytest.raises(StoreUnavailable) as refused:
        async with engines.reachable(), engine.connect() as connection:
            await connection.exec_driver_sql(lost)
    await engine.dispose()
    assert str(refused.value) == REFUSAL
