"""Tokens in the database: hashed, named, listed, taken back."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import text

from helpdesk_mcp.store import tokens

pytestmark = pytest.mark.anyio
DAY = timedelta(days=1)


async def add(connection, name, **values):
    secret = tokens.new_secret()
    options = {"engineer": None, "scopes": ["read"], "lasts": DAY, **values}
    return secret, await tokens.add(connection, secret, name=name, **options)


def test_a_token_can_be_told_by_its_form_and_never_comes_twice():
    made = {tokens.new_secret() for _ in range(50)}
    assert len(made) == 50
    assert all(re.fullmatch(r"hdmcp_[0-9a-f]{72}", one) and tokens.is_well_formed(one) for one in made)


async def test_a_token_is_stored_as_its_hash_alone(connection):
    secret, row = await add(connection, "jens-laptop", engineer="jens@example.com", scopes=["read", "write"])
    stored = (await connection.execute(text("SELECT * FROM helpdesk.token"))).one()
    assert stored.token_hash == tokens.digest(secret)
    assert secret[6:38] not in str(tuple(stored))
    assert (row.name, row.engineer, row.scopes) == ("jens-laptop", "jens@example.com", ["read", "write"])
    assert row.expires_at - row.created_at < DAY + timedelta(seconds=5)


async def test_two_tokens_in_force_have_different_names(connection):
    await add(connection, "jens-laptop")
    await tokens.revoke(connection, "jens-laptop")
    await add(connection, "jens-laptop")
    with pytest.raises(tokens.NameTaken):
        await add(connection, "jens-laptop")


async def test_a_token_is_found_until_it_expires_or_is_revoked(connection):
    good, row = await add(connection, "good")
    old, _ = await add(connection, "old", lasts=timedelta(0))
    lost, _ = await add(connection, "lost")
    await tokens.revoke(connection, "lost")
    assert (await tokens.find(connection, good)).id == row.id
    assert [await tokens.find(connection, secret) for secret in (old, lost, tokens.new_secret())] == [
        None
    ] * 3


async def test_the_list_says_the_state_of_each(connection):
    await add(connection, "good")
    await add(connection, "old", lasts=timedelta(0))
    await add(connection, "lost")
    await tokens.revoke(connection, "lost")
    assert [(row.name, row.state) for row in await tokens.listed(connection)] == [
        ("good", "in force"),
        ("old", "expired"),
        ("lost", "revoked"),
    ]


async def test_a_token_is_revoked_by_name_or_number_and_only_once(connection):
    _, first = await add(connection, "first")
    _, second = await add(connection, "second")
    _, named_like_the_first = await add(connection, str(first.id))
    assert (await tokens.revoke(connection, str(second.id))).id == second.id
    assert (await tokens.revoke(connection, str(first.id))).id == named_like_the_first.id
    assert (await tokens.revoke(connection, str(first.id))).id == first.id
    for said in ("first", "nobody", "9" * 40, "0"):
        assert await tokens.revoke(connection, said) is None
