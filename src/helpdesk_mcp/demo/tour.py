"""The tour: an engineer's questions, put as calls by a real MCP client to the real server."""

import os
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import indent
from typing import Any

from mcp import Client, StdioServerParameters
from mcp_types import TextContent
from rich.console import Console
from rich.text import Text

from .cast import Cast


@dataclass(frozen=True, slots=True)
class Question:
    """What an engineer says, and the one call that answers it."""

    said: str
    tool: str
    arguments: Mapping[str, Any]


def questions(cast: Cast) -> list[Question]:
    """Return what can be asked as soon as the tickets are here, the brief's own examples first."""
    asked = [
        Question(
            f"List all open tickets assigned to {cast.engineer}.",
            "search_tickets",
            {"engineer": cast.engineer, "limit": 8},
        ),
        Question(
            f"Show ticket #{cast.ticket} and display all public comments.",
            "get_ticket",
            {"ticket": cast.ticket, "comments": "public"},
        ),
        Question(
            "Who has how many overdue tickets?", "search_tickets", {"overdue": True, "group_by": "engineer"}
        ),
        Question(
            f"What is open for {cast.customer}, most urgent first?",
            "search_tickets",
            {"customer": cast.customer, "sort": "priority", "limit": 5},
        ),
        Question("Any critical alerts?", "list_alerts", {"severity": "Critical", "limit": 5}),
        Question(f"How do I reach someone at {cast.customer}?", "find_people", {"name": cast.customer}),
    ]
    if cast.hostile:
        asked.append(
            Question(f"What does ticket #{cast.hostile} say?", "get_ticket", {"ticket": cast.hostile})
        )
    return asked


def questions_about_the_past(cast: Cast) -> list[Question]:
    """Return what needs the conversations of old tickets."""
    return [
        Question(
            f"Have we seen #{cast.ticket} before?", "similar_tickets", {"ticket": cast.ticket, "limit": 3}
        ),
        Question(
            "Which tickets ever mentioned a certificate?",
            "search_tickets",
            {"text": "certificate", "status": "all", "limit": 5},
        ),
        Question("Find all machines that don't match Windows 11 criteria.", "windows11_readiness", {}),
        Question(
            "Which of them need a new computer?", "windows11_readiness", {"group": "replace", "limit": 5}
        ),
        Question(
            "Where is less than 20 GB left on C:?",
            "search_machines",
            {"free_max_gb": 20, "sort": "free", "limit": 5},
        ),
        Question(
            "Which machines still run on a hard disk?", "search_machines", {"disk_type": "HDD", "limit": 5}
        ),
    ]


def questions_of_mine() -> list[Question]:
    """Return what an engineer asks whose name the server knows."""
    return [
        Question(
            "What is on my plate, longest untouched first?",
            "search_tickets",
            {"engineer": "me", "sort": "stale", "limit": 5},
        ),
        Question("How fresh is all this?", "sync_status", {}),
    ]


async def over_http(console: Console, url: str, asked: Sequence[Question]) -> None:
    """Put the questions to the server at `url`."""
    async with Client(url) as client:
        console.print(f"[bold]A client over HTTP[/] speaks MCP {client.protocol_version} with {url}")
        await _ask_all(console, client, asked)


async def over_stdio(console: Console, environment: Mapping[str, str], asked: Sequence[Question]) -> None:
    """Start the server as Claude Desktop would, and put the questions to it."""
    server = server_over_stdio(environment)
    started = time.perf_counter()
    async with Client(server) as client:
        took = time.perf_counter() - started
        console.print(f"[bold]A client over stdio[/], as Claude Desktop does it: started in {took:.1f} s")
        await _ask_all(console, client, asked)


def server_over_stdio(environment: Mapping[str, str]) -> StdioServerParameters:
    """Return how a client starts the server; its log stays out of the tour, but for troubles."""
    quiet = {"HELPDESK_LOG_LEVEL": "WARNING"}
    return StdioServerParameters(
        command=sys.executable,
        args=["-m", "helpdesk_mcp", "serve"],
        env={**os.environ, **environment, **quiet},
    )


async def _ask_all(console: Console, client: Client, asked: Sequence[Question]) -> None:
    """Put the questions that this server's plugins can answer."""
    offered = {tool.name for tool in (await client.list_tools()).tools}
    for question in asked:
        if question.tool in offered:
            await show(console, client, question)


async def show(console: Console, client: Client, question: Question) -> str:
    """Put one question, print it with its call and its answer, and return the answer."""
    arguments = ", ".join(f"{name}={value!r}" for name, value in question.arguments.items())
    console.print()
    console.print(Text(f"“{question.said}”", style="bold cyan"))
    console.print(Text(f"→ {question.tool}({arguments})", style="dim"))
    started = time.perf_counter()
    result = await client.call_tool(question.tool, dict(question.arguments))
    took = (time.perf_counter() - started) * 1000
    text = "\n".join(block.text for block in result.content if isinstance(block, TextContent))
    console.print(Text(indent(text, "   "), style="red" if result.is_error else ""))
    console.print(Text(f"   {took:.0f} ms", style="dim"))
    return text
