"""A small plugin for tests of the core: no test of the core names a real one."""

from typing import Annotated, Literal

from pydantic import Field
from sqlalchemy import func, select

from helpdesk_mcp.discovery import Discovered, Loaded
from helpdesk_mcp.sdk import (
    Advanced,
    Answer,
    Call,
    Completion,
    NotFound,
    Plugin,
    PluginSettings,
    Prompt,
    Resource,
    Tool,
    Unavailable,
    tables,
)


async def greet(
    call: Call,
    *,
    name: Annotated[str, Field(description="Whom to greet")],
    tone: Annotated[Literal["warm", "plain"], Field(description="How")] = "plain",
    times: Annotated[int | None, Field(ge=1, le=3), Advanced()] = None,
) -> str:
    """Greet someone. Use when a test wants a harmless answer."""
    return "; ".join([f"Hello {name} ({tone})"] * (times or 1))


async def count_tickets(call: Call) -> Answer:
    """Count the tickets in the local copy."""
    total = await call.db.scalar(select(func.count()).select_from(tables.ticket))
    return Answer(text=f"{total} tickets", shown=0, total=total, more="page=2", notes=("A toy counted.",))


async def lose(call: Call, *, what: str = "it") -> str:
    """Find nothing, always."""
    raise NotFound(f"{what} is nowhere: look elsewhere.")


async def crash(call: Call) -> str:
    """Fail by a bug."""
    raise KeyError("secret detail")


async def write_row(call: Call) -> str:
    """Try to change the mirror."""
    await call.db.rows(tables.ticket.delete().returning(tables.ticket.c.id))
    return "deleted"


async def flood(call: Call) -> str:
    """Answer with far too much."""
    return "\n".join(f"line {number}" for number in range(10_000))


async def morning(call: Call, *, engineer: str = "me") -> str:
    """Plan the morning of an engineer."""
    return f"Plan the morning of {engineer}."


async def note(call: Call, *, number: str) -> str:
    """Read a note by its number."""
    if number == "0":
        raise NotFound("There is no note 0.")
    if number == "9":
        raise Unavailable("The notes are away: try again later.")
    return f"note {number}"


async def table(call: Call, *, rows: int) -> str:
    """Give rows for a spreadsheet."""
    return "\n".join(f"{number};row" for number in range(rows))


async def engineers(call: Call, typed: str) -> list[str]:
    return [name for name in ("Ada", "Alan", "Grace") if name.lower().startswith(typed.lower())]


async def broken_completion(call: Call, typed: str) -> list[str]:
    raise KeyError("secret detail")


plugin = Plugin(
    name="toys",
    summary="Toys for tests.",
    tools=(
        Tool(run=greet, title="Greet", effect="read"),
        Tool(run=count_tickets, title="Count", effect="read", streams=("tickets",)),
        Tool(run=lose, title="Lose", effect="read", small=False),
        Tool(run=crash, title="Crash", effect="read"),
        Tool(run=write_row, title="Write", effect="read"),
        Tool(run=flood, title="Flood", effect="read"),
    ),
    prompts=(Prompt(run=morning, title="Morning"),),
    resources=(
        Resource(uri="note://{number}", run=note, title="A note"),
        Resource(uri="table://{rows}", run=table, title="Rows", mime_type="text/csv", streams=("tickets",)),
    ),
    completions=(
        Completion(argument="engineer", run=engineers),
        Completion(argument="customer", run=broken_completion),
    ),
)

discovered = Discovered((Loaded(plugin, PluginSettings(), "toys 1"),), ())
