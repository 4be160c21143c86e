"""Clocks that jump, of the database and of the worker's machine: nothing stands still, and the next cycle makes the mirror equal."""

import asyncio
from datetime import datetime, timedelta
from random import Random

import apscheduler.schedulers.base
import pytest
from sqlalchemy import text
from tests.sync.events import TOLD, happen

from helpdesk_mcp.sync import schedule
from helpdesk_mcp.sync.schedule import Worker

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("small")]

STAMPS = """
    SELECT format('UPDATE %I.%I SET %s', table_schema, table_name,
                  string_agg(format('%1$I = %1$I + $1', column_name), ', '))
    FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
    WHERE table_type = 'BASE TABLE'
      AND (column_name IN ('fetched_at', 'deleted_at', 'seen_at', 'field_changed_at', 'thread_read_at', 'facts_read_at',
                          'finished_at', 'data_as_of')
           OR (table_name, column_name) = ('sync_run', 'started_at'))
      AND table_schema IN ('mirror', 'helpdesk')
    GROUP BY table_schema, table_name
"""


@pytest.fixture
def jump(engine):
    """Let the database's clock jump: the other way round, by moving all that it has stamped so far."""

    async def by(interval):
        async with engine.begin() as connection:
            for statement in list(await connection.scalars(text(STAMPS))):
                await connection.execute(text(statement.replace("$1", f"interval '{interval}'")))

    return by


@pytest.mark.parametrize("interval", ["2 hours", "-2 hours"])
async def test_a_clock_of_the_database_that_jumps_costs_nothing(simulator, sync, jump, equal, interval):
    die = Random(6)
    await sync()
    await jump(interval)
    with simulator.changing() as world:
        happen(world, die, 12, TOLD)
    async with asyncio.timeout(20):
        await sync()
    await equal()


class SetBack(datetime):
    """The machine's clock, which somebody sets."""

    by = timedelta()

    @classmethod
    def now(cls, tz=None):
        return datetime.now(tz) - cls.by


async def test_a_clock_of_the_machine_that_is_set_back_does_not_make_the_worker_wait(
    client, engine, monkeypatch
):
    monkeypatch.setattr(schedule, "datetime", SetBack)
    monkeypatch.setattr(apscheduler.schedulers.base, "datetime", SetBack)
    monkeypatch.setattr(schedule, "CLOCK_LOOK_S", 0.05)
    cycles = asyncio.Queue()

    class Counted(Worker):
        async def cycle(self):
            cycles.put_nowait(None)
            return []

    stop = asyncio.Event()
    working = asyncio.create_task(Counted(client, engine, timedelta(seconds=0.2)).run(stop))
    async with asyncio.timeout(20):
        await cycles.get()
        monkeypatch.setattr(SetBack, "by", timedelta(hours=2))
        for _ in range(3):
            await cycles.get()
        stop.set()
        await working
