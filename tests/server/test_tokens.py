"""The verifier of our own tokens, on a real database, with a clock that the test moves."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy import text as sql

from helpdesk_mcp.sdk import Caller
from helpdesk_mcp.server.tokens import HelpdeskTokens
from helpdesk_mcp.store import tokens
from helpdesk_mcp.store.engines import SERVER, write_engine
from helpdesk_mcp.store.tables import token as table

from .serving import new_token, no_engine

pytestmark = pytest.mark.anyio


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
async def owner(shared_database_url):
    engine = write_engine(shared_database_url)
    async with engine.begin() as connection:
        await connection.execute(sql("TRUNCATE helpdesk.token"))
    yield engine
    await engine.dispose()


@pytest.fixture
async def verifier(shared_database_url, clock):
    engine = write_engine(shared_database_url, role=SERVER)

    async def give():
        return engine

    yield HelpdeskTokens(give, clock)
    await engine.dispose()


async def used(owner):
    async with owner.connect() as connection:
        return (await connection.execute(select(table.c.last_used_at))).scalar()


async def test_a_token_stands_for_its_engineer_and_not_for_itself(owner, verifier):
    secret = await new_token(owner, "jens-laptop", engineer=" Jens@Example.com", scopes=("write",))
    found = await verifier.verify_token(secret)
    assert found.caller == Caller(
        person="jens@example.com", engineer=" Jens@Example.com", scopes=frozenset({"read", "write"})
    )
    assert (found.scopes, found.token) == (["read", "write"], "")
    assert secret not in repr(found)


async def test_what_is_no_token_of_ours_is_refused_without_asking_the_database():
    secret = tokens.new_secret()
    mistyped = secret[:-1] + ("0" if secret[-1] != "0" else "1")
    verifier = HelpdeskTokens(no_engine)
    for wrong in ("", "x", mistyped, secret.upper(), secret + "0", "hdmcp_" + "0" * 72):
        assert await verifier.verify_token(wrong) is None


async def test_an_unknown_token_is_refused(owner, verifier):
    assert await verifier.verify_token(tokens.new_secret()) is None


async def test_an_expired_token_is_refused(owner, verifier):
    secret = await new_token(owner, "old", lasts=timedelta(0))
    assert await verifier.verify_token(secret) is None


async def test_a_revoked_token_is_refused_within_five_seconds(owner, verifier, clock):
    secret = await new_token(owner, "lost")
    assert await verifier.verify_token(secret) is not None
    async with owner.begin() as connection:
        await tokens.revoke(connection, "lost")
    clock.now += tokens.REVOKED_WITHIN_S - 0.1
    assert await verifier.verify_token(secret) is not None
    clock.now += 0.1
    assert await verifier.verify_token(secret) is None


async def test_use_is_noted_at_most_once_an_hour(owner, verifier, clock):
    secret = await new_token(owner, "busy")
    await verifier.verify_token(secret)
    first = await used(owner)
    clock.now += 60
    await verifier.verify_token(secret)
    assert (first is not None, await used(owner)) == (True, first)
    async with owner.begin() as connection:
        await connection.execute(
            sql("UPDATE helpdesk.token SET last_used_at = last_used_at - interval '2 hours'")
        )
    clock.now += 60
    await verifier.verify_token(secret)
    assert await used(owner) > first


async def test_a_token_whose_use_cannot_be_noted_holds_all_the_same(owner, verifier, caplog):
    secret = await new_token(owner, "replica")
    async with owner.begin() as connection:
        await connection.execute(sql("REVOKE UPDATE (last_used_at) ON helpdesk.token FROM helpdesk_server"))
    try:
        assert await verifier.verify_token(secret) is not None
    finally:
        async with owner.begin() as connection:
            await connection.execute(sql("GRANT UPDATE (last_used_at) ON helpdesk.token TO helpdesk_server"))
    assert "token_use_not_noted" in caplog.text
