"""What an operator does with tokens: make one, see them, take one back. It takes the rights of the database's owner."""

import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from rich.console import Console
from rich.table import Table
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from helpdesk_mcp.sdk.caller import LADDER, Scope, with_lower
from helpdesk_mcp.settings import Settings, SettingsError
from helpdesk_mcp.store import tokens
from helpdesk_mcp.store.engines import reachable, sqlstate

from .database import Database

_LONGEST = timedelta(days=3650)
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_FORBIDDEN = "42501"


async def make(
    settings: Settings, name: str, *, engineer: str | None, scopes: str, expires: str
) -> tuple[str, str]:
    """Make a token; return it, for it is nowhere else, and the words about it.

    Raises:
        SettingsError: the name is taken, or scopes or expiry cannot be read.
    """
    held, lasts, secret = _scopes(scopes), _lasting(expires), tokens.new_secret()
    name, person = name.strip(), (engineer or "").strip() or None
    if not name:
        raise SettingsError("A token needs a name that says whose it is, such as jens-laptop.")
    try:
        async with _owned(settings) as connection:
            row = await tokens.add(
                connection,
                secret,
                name=name,
                engineer=person,
                scopes=held,
                lasts=lasts,
            )
    except tokens.NameTaken:
        raise SettingsError(
            f"There is a token {name!r} already: take it back with `helpdesk-mcp token revoke`, or choose another name."
        ) from None
    whose = f"for {person}" if person else "for nobody in particular, so that `me` means nothing"
    about = (
        f"Token {row.id} ({row.name}) {whose}; it may {', '.join(held)}, until {_day(row.expires_at)}.\n"
        "It is shown only now; the database has its hash. Send it as: Authorization: Bearer <token>"
    )
    return secret, about


async def show(settings: Settings) -> int:
    """Print all tokens, never what they are."""
    async with _owned(settings) as connection:
        rows = await tokens.listed(connection)
    table = Table(box=None, pad_edge=False)
    for heading in ("id", "name", "engineer", "scopes", "state", "expires", "last used"):
        table.add_column(heading, no_wrap=True)
    for row in rows:
        used = f"{row.last_used_at:%Y-%m-%d %H:00} UTC" if row.last_used_at else "never"
        table.add_row(
            str(row.id),
            row.name,
            row.engineer or "",
            ", ".join(row.scopes),
            row.state,
            _day(row.expires_at),
            used,
            style="" if row.state == "in force" else "dim",
        )
    console = Console()
    Console(width=None if console.is_terminal else 140).print(table if rows else "There are no tokens.")
    return 0


async def revoke(settings: Settings, said: str) -> str:
    """Take a token back, by its name or number; return a sentence that says so.

    Raises:
        SettingsError: no token in force is called so.
    """
    async with _owned(settings) as connection:
        row = await tokens.revoke(connection, said)
    if row is None:
        raise SettingsError(f"No token in force is called {said!r}: `helpdesk-mcp token list` shows them.")
    return f"Token {row.id} ({row.name}) is revoked; servers refuse it within {tokens.REVOKED_WITHIN_S:g} seconds."


@asynccontextmanager
async def _owned(settings: Settings) -> AsyncGenerator[AsyncConnection]:
    database = Database(settings)
    try:
        async with reachable(), (await database.owner()).begin() as connection:
            yield connection
    except DBAPIError as error:
        if sqlstate(error) != _FORBIDDEN:
            raise
        raise SettingsError(
            "The user in HELPDESK_DATABASE_URL may not make or take back tokens: use the address of the database's owner, "
            "with which `helpdesk-mcp migrate` runs."
        ) from error
    finally:
        await database.close()


def _scopes(text: str) -> list[Scope]:
    said = [word for word in re.split(r"[,\s]+", text.lower()) if word]
    unknown = [word for word in said if word not in LADDER]
    if unknown or not said:
        what = f"no {' or '.join(map(repr, unknown))}" if unknown else "nothing was given"
        raise SettingsError(f"--scopes takes {', '.join(LADDER)}, each with those before it, and {what}.")
    held = with_lower(said)
    return [scope for scope in LADDER if scope in held]


def _lasting(text: str) -> timedelta:
    match = re.fullmatch(r"([1-9]\d{0,4})([hdw])", text.strip().lower())
    lasts = int(match[1]) * _UNITS[match[2]] if match else None
    if lasts is None or lasts > _LONGEST:
        raise SettingsError(
            f"--expires takes hours, days or weeks up to ten years, such as 12h, 90d or 52w, and not {text!r}."
        )
    return lasts


def _day(moment: Any) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
