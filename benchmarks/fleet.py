"""What questions about all machines take, of a fleet as it is and of one twenty times as big, and what others wait meanwhile.

The server is one process: while it judges a fleet in Python, nobody else gets an answer. So besides the time of the answer it
is measured how long the event loop stood still at most.
"""

import asyncio
import time
from dataclasses import dataclass, field
from statistics import median

import asyncpg
from mcp import Client
from mcp_types import TextContent

from helpdesk_mcp.store.engines import read_engine

from .data import Sizes, dsn_of, fill
from .postgres import scratch_postgres
from .questions import Question, questions
from .reads import clients
from .report import Report

ROUNDS = 12
TICK_S = 0.002
MOST_MS = {5_000: 100, 100_000: 1000}
"""Longest time of the median answer, by the number of machines."""
FLEETS = {"small": (5_000,), "full": (5_000, 100_000)}
TOOLS = ("windows11_readiness", "search_machines")


@dataclass(slots=True)
class Timing:
    """Milliseconds of one question; the first is that of a connection and of caches that have not seen it."""

    question: Question
    machines: int
    answers: list[float] = field(default_factory=list[float])
    still: float = 0.0
    tokens: int = 0

    @property
    def row(self) -> tuple[object, ...]:
        """Return the line of the table."""
        middle = median(self.answers)
        figures = (f"{self.answers[0]:.0f}", f"{middle:.0f}", f"{self.still:.0f}", self.tokens)
        missed = f"> {MOST_MS[self.machines]} ms" if middle > MOST_MS[self.machines] else ""
        return (self.question.told, f"{self.machines:,}", *figures, missed)


def run(scale: str, command: str, *, keep: bool) -> None:
    """Measure, print, and keep the result."""
    fleets = FLEETS[scale]
    report = Report(
        "fleet", "Questions about a whole fleet", f"{' and '.join(f'{n:,}' for n in fleets)} machines"
    )
    timings: list[Timing] = []
    for machines in fleets:
        with scratch_postgres(f"fleet-{machines}", keep=keep) as url:
            sizes = Sizes(5_000, machines, 5_000, 200 if machines < 10_000 else 2_000, 2_000)  # noqa: PLR2004 - as in data.py
            asyncio.run(fill(url, sizes))
            timings += asyncio.run(_measure(url, machines))
    report.table(
        ["question", "machines", "first ms", "p50 ms", "loop still ms", "tokens", "missed aim"],
        [timing.row for timing in timings],
    )
    report.say(
        f"{ROUNDS} rounds, through an in-memory client. Loop still: the longest time in all rounds for which the server's event loop"
        " did nothing else."
    )
    report.save(command)


async def _measure(url: str, machines: int) -> list[Timing]:
    bare = await asyncpg.connect(dsn_of(url))
    asked = [one for one in await questions(bare) if one.tool in TOOLS]
    await bare.close()
    engine = read_engine(url, statement_timeout_s=60)
    try:
        async with clients(engine, asked[0].engineer) as (product, _):
            return [await _timing(one, machines, product) for one in asked]
    finally:
        await engine.dispose()


async def _timing(question: Question, machines: int, product: Client) -> Timing:
    timing = Timing(question, machines)
    for _ in range(ROUNDS):
        began = last = time.perf_counter()
        answering = asyncio.create_task(product.call_tool(question.tool, question.arguments))
        while not answering.done():
            await asyncio.sleep(TICK_S)
            now = time.perf_counter()
            timing.still, last = max(timing.still, (now - last - TICK_S) * 1000), now
        timing.answers.append((time.perf_counter() - began) * 1000)
        texts = [block.text for block in answering.result().content if isinstance(block, TextContent)]
        timing.tokens = sum(map(len, texts)) // 4
    print(*timing.row, sep="  ", flush=True)
    return timing
