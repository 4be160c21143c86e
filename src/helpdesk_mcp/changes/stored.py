"""A change as rows of the journal hold it: steps as JSON, what it would send as a hash, the tickets as they were shown."""

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from typing import Any, cast

from helpdesk_mcp.atera import wire
from helpdesk_mcp.sdk.change import FromStep, Step

_CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without those that people mistake for each other."""
_CODE_LENGTH = 8
_SHOWN = (
    "TicketTitle",
    "TicketStatus",
    "TicketPriority",
    "TicketImpact",
    "TicketType",
    "TechnicianContactID",
    "EndUserID",
    "LastEndUserCommentTimestamp",
    "LastTechnicianCommentTimestamp",
)
_WORDS = {
    "TicketTitle": "title",
    "TicketStatus": "status",
    "TicketPriority": "priority",
    "TicketImpact": "impact",
    "TicketType": "type",
    "TechnicianContactID": "engineer",
    "EndUserID": "contact",
    "LastEndUserCommentTimestamp": "a new message of the contact",
    "LastTechnicianCommentTimestamp": "a new message of an engineer",
}


def steps_to_json(steps: Sequence[Step]) -> list[dict[str, Any]]:
    """Return the steps as the journal keeps them."""
    return [
        {
            "operation": step.operation,
            "arguments": {name: _plain(value) for name, value in step.arguments.items()},
            "says": step.says,
            "ticket_id": step.ticket_id,
            "reaches": step.reaches,
        }
        for step in steps
    ]


def steps_from_json(stored: Sequence[Mapping[str, Any]]) -> tuple[Step, ...]:
    """Return the steps that the journal kept."""
    return tuple(
        Step(
            operation=one["operation"],
            arguments={name: _rich(value) for name, value in one["arguments"].items()},
            says=one["says"],
            ticket_id=one["ticket_id"],
            reaches=one["reaches"],
        )
        for one in stored
    )


def payload_hash(steps: Sequence[Step]) -> str:
    """Return a hash of all that would be sent: equal for the same change, whoever asks for it."""
    return digest(
        [{"operation": one["operation"], "arguments": one["arguments"]} for one in steps_to_json(steps)]
    )


def digest(value: Any) -> str:
    """Return the SHA-256 of a JSON value, hexadecimal."""
    return secret_hash(json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")))


def secret_hash(secret: str) -> str:
    """Return the SHA-256 of a random secret: it is too long to be guessed, so it needs no salt and no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def new_code() -> str:
    """Return a code to confirm with: 39 random bits, in letters that can be read aloud."""
    letters = "".join(secrets.choice(_CODE_LETTERS) for _ in range(_CODE_LENGTH))
    return f"{letters[:4]}-{letters[4:]}"


def normal_code(said: str) -> str:
    """Return a code as it was made, from how people and models write it."""
    letters = "".join(letter for letter in said.upper() if letter.isalnum())
    return f"{letters[:4]}-{letters[4:]}"


def version(ticket: wire.Ticket) -> dict[str, Any]:
    """Return what a preview shows of a ticket: the change is refused when that is another at the end."""
    return {name: _comparable(getattr(ticket, name)) for name in _SHOWN}


def differences(shown: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Return what is another than it was shown, in words."""
    found: list[str] = []
    for name, word in _WORDS.items():
        old, new = shown.get(name), now.get(name)
        if old != new:
            plain = name.endswith(("Timestamp", "ID"))
            found.append(word if plain else f"{word} {old or 'none'} → {new or 'none'}")
    return found


def _comparable(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else (value or None)


def _plain(value: Any) -> Any:
    return {"from_step": value.step} if isinstance(value, FromStep) else value


def _rich(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return FromStep(cast("dict[str, int]", value)["from_step"])
