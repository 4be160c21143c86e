"""How fast tools answer through MCP, next to the least they could take: their own SQL on a bare driver, and a tool that does nothing.

Each round calls all three one after the other, so that what else the machine does meets them alike.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median, quantiles
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg
import mcp_types as types
from mcp import Client
from mcp.server import Server
from sqlalchemy.ext.asyncio import AsyncEngine

from helpdesk_mcp.app.serving import settle
from helpdesk_mcp.discovery import discover
from helpdesk_mcp.sdk import Caller
from helpdesk_mcp.server.build import build_server
from helpdesk_mcp.server.desk import Desk
from helpdesk_mcp.store.engines import WORK_MEM, read_engine

from .capture import captured
from .data import SIZES, dsn_of, fill
from .postgres import scratch_postgres
from .questions import Question, questions
from .report import Report

ROUNDS = 30
WARM_UP = 6
"""Postgres decides after five runs whether a prepared statement keeps one plan."""
MOST_S = 6.0
"""A question is given up before all its rounds when they take longer; its line then rests on fewer, but not on less than two."""
FEWEST = 3
MOST_RATIO = 1.3
MOST_MS = 300


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds of one question, and those of its floor."""

    question: Question
    tool: list[float]
    sql: list[float]
    empty: list[float]
    statements: int
    is_error: bool

    @property
    def ratio(self) -> float:
        """Return the tool's median in terms of the least it could take."""
        return median(self.tool) / (median(self.sql) + median(self.empty))

    @property
    def p95(self) -> float:
        """Return the time that one call of twenty exceeds."""
        return quantiles(self.tool, n=20)[-1]

    @property
    def flag(self) -> str:
        """Return which aims are missed."""
        missed = ["error"] if self.is_error else []
        missed += [f"> {MOST_RATIO}"] if self.ratio > MOST_RATIO else []
        return ", ".join([*missed, f"> {MOST_MS} ms"] if self.p95 > MOST_MS else missed)

    @property
    def row(self) -> tuple[object, ...]:
        """Return the line of the table."""
        tool, sql = median(self.tool), median(self.sql)
        figures = (f"{tool:.2f}", f"{self.p95:.1f}", f"{sql:.2f}", self.statements, f"{self.ratio:.2f}")
        return (self.question.told, *figures, self.flag)


def run(scale: str, command: str, *, keep: bool, only: str = "") -> None:
    """Measure, print, and keep the result."""
    report = Report("reads", "Answering questions", SIZES[scale].summary)
    with scratch_postgres(f"reads-{scale}", keep=keep) as url:
        asyncio.run(fill(url, SIZES[scale]))
        timings = asyncio.run(_measure(url, only))
    empty = median([ms for timing in timings for ms in timing.empty])
    report.table(
        ["question", "p50 ms", "p95 ms", "SQL p50 ms", "statements", "÷ floor", "missed aim"],
        [timing.row for timing in timings],
    )
    missed = sum(1 for timing in timings if timing.flag)
    report.say(
        f"Floor: the statements of the question on a held asyncpg connection, prepared, plus an empty tool on the bare SDK's server "
        f"(p50 {empty:.2f} ms in this run), through the same in-memory client. {ROUNDS} rounds. Aims: at most {MOST_RATIO} times the floor, "
        f"p95 at most {MOST_MS} ms; {missed} of {len(timings)} questions miss one."
    )
    if not only:
        report.save(command)


async def _measure(url: str, only: str) -> list[Timing]:
    settings = {"jit": "off", "search_path": "public", "work_mem": WORK_MEM}
    bare = await asyncpg.connect(dsn_of(url), server_settings=settings)
    engine = read_engine(url)
    asked = [one for one in await questions(bare) if only in one.told]
    try:
        async with clients(engine, asked[0].engineer) as (product, empty):
            timings: list[Timing] = []
            for one in asked:
                timings.append(await _timing(one, product, empty, engine, bare))
                print(*timings[-1].row, sep="  ", flush=True)
            return timings
    finally:
        await engine.dispose()
        await bare.close()


@asynccontextmanager
async def clients(engine: AsyncEngine, engineer: str) -> AsyncIterator[tuple[Client, Client]]:
    """Yield a client of the product and one of an empty server."""

    async def opened() -> AsyncEngine:
        return engine

    desk = Desk(
        engine=opened,
        plugins=discover(None),
        zone=ZoneInfo("Europe/Copenhagen"),
        local=Caller(person="benchmark", engineer=engineer),
        small=False,
        call_timeout_s=60,
        clock=lambda: datetime.now(UTC),
    )
    async with Client(build_server(desk)) as product, Client(_empty_server()) as empty:
        settle()
        yield product, empty


def _empty_server() -> Server[Any]:
    async def list_tools(_: Any, __: types.PaginatedRequestParams | None) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[types.Tool(name="nothing", input_schema={"type": "object"})])

    async def call_tool(_: Any, __: types.CallToolRequestParams) -> types.CallToolResult:
        return types.CallToolResult(content=[types.TextContent(type="text", text="nothing")])

    return Server("empty", on_list_tools=list_tools, on_call_tool=call_tool)


async def _timing(
    question: Question, product: Client, empty: Client, engine: AsyncEngine, bare: asyncpg.Connection
) -> Timing:
    # What a tool keeps between calls spares it statements, so those of a first call would be a floor too high.
    await product.call_tool(question.tool, question.arguments)
    with captured(engine) as statements:
        result = await product.call_tool(question.tool, question.arguments)
    prepared = [(await bare.prepare(said), values) for said, values in statements]

    async def sql() -> None:
        for statement, values in prepared:
            await statement.fetch(*values)

    rounds: list[tuple[float, float, float]] = []
    began = time.perf_counter()
    while len(rounds) < WARM_UP + ROUNDS and (len(rounds) < FEWEST or time.perf_counter() - began < MOST_S):
        rounds.append(
            (
                await _milliseconds(lambda: product.call_tool(question.tool, question.arguments)),
                await _milliseconds(sql),
                await _milliseconds(lambda: empty.call_tool("nothing", {})),
            )
        )
    # Where a question was given up early, Postgres had its five runs of each statement in fewer rounds or not at all.
    tool, floor, nothing = map(list, zip(*rounds[min(WARM_UP, len(rounds) - FEWEST + 1) :], strict=True))
    return Timing(question, tool, floor, nothing, len(statements), bool(result.is_error))


async def _milliseconds(run: Callable[[], Awaitable[Any]]) -> float:
    began = time.perf_counter()
    await run()
    return (time.perf_counter() - began) * 1000
