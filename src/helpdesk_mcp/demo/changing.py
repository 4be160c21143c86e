"""The tour's second half: an engineer changes things, through a client that shows forms, and through one that cannot."""

from collections.abc import Mapping
from datetime import datetime
from textwrap import indent
from typing import Any

from mcp import Client
from mcp.client import ClientRequestContext
from mcp_types import ElicitRequestFormParams, ElicitRequestParams, ElicitResult
from rich.console import Console
from rich.text import Text

from helpdesk_mcp.server.forms import CONFIRM

from .cast import Cast
from .tour import Question, server_over_stdio, show


def questions(cast: Cast) -> list[Question]:
    """Return the brief's examples of changes; what they leave open is asked for."""
    return [
        Question(
            f"Create a new ticket for {cast.customer} describing a label printer that prints blank pages, using the wizard.",
            "create_ticket",
            {"customer": cast.customer},
        ),
        Question(
            f"Add an internal note to ticket #{cast.ticket}: 'Awaiting vendor response.'",
            "add_internal_note",
            {"ticket": cast.ticket, "text": "Awaiting vendor response."},
        ),
        Question(
            f"Assign ticket #{cast.ticket} to {cast.colleague}.",
            "update_ticket",
            {"ticket": cast.ticket, "engineer": cast.colleague},
        ),
        Question(
            f"Close ticket #{cast.ticket} and log 1 hour as off-site time.",
            "close_ticket",
            {"ticket": cast.ticket, "duration": "1h", "site": "off-site"},
        ),
    ]


def answers(cast: Cast) -> Mapping[str, Any]:
    """Return what the engineer fills into forms."""
    # With the time of day: exactly the same ticket twice within minutes would be refused.
    since = f"{datetime.now().astimezone():%H:%M}"
    return {
        "contact": cast.contact,
        "title": "Label printer prints blank pages",
        "description": f"Since {since} all labels are blank. A new roll did not help.",
        "priority": "Medium",
        "impact": "Minor",
        "type": "Incident",
        "engineer": "me",
        "resolution": "Solved together with the user on the phone.",
        "billable": True,
    }


async def with_forms(console: Console, url: str, cast: Cast) -> None:
    """Make the changes through a client that can ask its person."""
    filled = answers(cast)

    async def ask(context: ClientRequestContext, params: ElicitRequestParams) -> ElicitResult:  # noqa: ARG001 - the SDK's
        if not isinstance(params, ElicitRequestFormParams):
            return ElicitResult(action="decline")
        given = {
            name: True if name == CONFIRM else filled.get(name, "")
            for name in params.requested_schema["properties"]
        }
        _print_form(console, params, given)
        return ElicitResult(action="accept", content=given)

    async with Client(url, elicitation_callback=ask) as client:
        console.print(
            "[bold]A client that can ask its person[/] changes things: forms for what is missing, then a last question"
        )
        offered = {tool.name for tool in (await client.list_tools()).tools}
        for question in questions(cast):
            if question.tool in offered:
                await show(console, client, question)


async def with_codes(console: Console, environment: Mapping[str, str], cast: Cast) -> None:
    """Make a change as in Claude Desktop, which cannot ask: preview and code first, then the confirmation."""
    server = server_over_stdio(environment)
    async with Client(server) as client:
        if "log_time" not in {tool.name for tool in (await client.list_tools()).tools}:
            return
        console.print(
            "\n[bold]A client that cannot ask[/], like Claude Desktop: a preview with a code, then the confirmation"
        )
        said = f"Log 15 more minutes on #{cast.ticket}, on the phone, not billable."
        more = {"ticket": cast.ticket, "duration": "15m", "site": "off-site", "billable": False}
        preview = await show(console, client, Question(said, "log_time", more))
        code = preview.split('confirm_change(code="')[-1].split('"')[0]
        await show(console, client, Question("Yes.", "confirm_change", {"code": code}))
        await show(console, client, Question("What have I changed today?", "recent_changes", {}))


def _print_form(console: Console, params: ElicitRequestFormParams, given: Mapping[str, Any]) -> None:
    console.print(Text(indent(params.message, "   ? "), style="yellow"))
    for name, property_ in params.requested_schema["properties"].items():
        asks: Any = property_
        title = asks.get("title") or name
        console.print(Text(f"     {title} → {given[name]}", style="green"))
