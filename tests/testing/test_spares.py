"""Databases that tests use one after the other: what one test did must not show in the next."""

import pytest

from helpdesk_mcp.testing.spares import Spares, execute

REPLACED = """
CREATE OR REPLACE FUNCTION mirror.make_of(vendor text, model text, product text) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN 1
"""


@pytest.fixture(scope="module")
def lender(postgres, template):
    """One with no database but those of these tests."""
    lender = Spares(postgres, template)
    yield lender
    lender.close()


def used(lender, *statements):
    """Let a test do something with a database, and say whether the next one gets the same."""
    first = lender.take()
    execute(first, *statements)
    lender.give_back(first)
    second = lender.take()
    lender.give_back(second)
    return first == second


def test_one_that_was_only_filled_is_lent_again(lender):
    filled = (
        "INSERT INTO mirror.customer (id, name, raw, raw_hash, fetched_at) VALUES (1, 'Acme', '{}', 1, now())"
    )
    run = "INSERT INTO helpdesk.sync_run (stream, started_at) VALUES ('tickets', now())"
    empty = "SELECT 1 / CASE WHEN EXISTS (SELECT FROM mirror.customer) THEN 0 ELSE 1 END"
    first = "SELECT 1 / (nextval('helpdesk.sync_run_id_seq') = 1)::int"
    assert used(lender, empty, first, filled, run)
    assert used(lender, empty, first, filled, run)


@pytest.mark.parametrize(
    "deed",
    [
        "CREATE TABLE mirror.mine (id int)",
        "CREATE INDEX mine ON mirror.ticket (title)",
        "DROP INDEX mirror.ix_ticket_time_due",
        "ALTER TABLE mirror.ticket SET (fillfactor = 50)",
        "ALTER TABLE mirror.ticket ALTER time_due SET DEFAULT true",
        "ALTER TABLE mirror.ticket ALTER time_due DROP NOT NULL",
        "REVOKE SELECT ON mirror.ticket FROM helpdesk_reader",
        "GRANT UPDATE (name) ON mirror.customer TO helpdesk_reader",
        "REVOKE EXECUTE ON FUNCTION mirror.make_of FROM PUBLIC",
        REPLACED,
        "ALTER DEFAULT PRIVILEGES IN SCHEMA mirror REVOKE SELECT ON TABLES FROM helpdesk_reader",
        "UPDATE helpdesk.alembic_version SET version_num = '0001'",
    ],
)
def test_one_that_was_changed_is_not(lender, deed):
    assert not used(lender, deed)
