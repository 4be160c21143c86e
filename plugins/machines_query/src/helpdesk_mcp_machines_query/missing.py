"""Facts that are missing: how a person gets them, and having the sync read first what it has not read yet."""

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement

from helpdesk_mcp.sdk import Call
from helpdesk_mcp.sdk.wanted import AGAIN_AFTER, MOST

from .lines import quoted
from .queries import conditions as on
from .queries import facts, machines
from .settings import settings_of
from .survey import Part

_UNLISTED = {"TPM", "Secure Boot"}
_HOW = (
    "TPM and Secure Boot are not in Atera's inventory. Run the collector script from Atera into the custom field"
    " {field} (docs/windows11.md), or fill the fields {tpm} and {secure_boot}."
)


async def how_to_know(call: Call, parts: Iterable[Part], *, again: bool = False) -> list[str]:
    """Return what to do about facts that are missing, as notes for an answer; nothing where none is.

    Has the sync read the machines that it has not read yet before others, and `again` those that it has.
    """
    lacking = [part for part in parts if part.one.group != "on_11" and _UNLISTED & set(part.one.missing)]
    if not lacking:
        return []
    settings = settings_of(call)
    fields = (settings.facts_field, settings.tpm_field, settings.secure_boot_field)
    names = dict(zip(("field", "tpm", "secure_boot"), map(quoted, fields), strict=True))
    notes = [_HOW.format(**names)]
    if await facts.field_names(call.db):
        notes += _asked(call, lacking, again=again)
    return notes


def _asked(call: Call, lacking: Sequence[Part], *, again: bool) -> list[str]:
    """Ask for the custom values of these machines, and return what the caller should know of that."""
    new: list[int] = []
    old: list[int] = []
    for part in lacking:
        at = part.one.machine.facts_read_at
        if at is None:
            new += part.ids
        elif call.now - at >= AGAIN_AFTER:
            old += part.ids
    notes = [_unread(call, new, len(new))] if new else []
    if again and old and call.want_facts(old):
        notes.append(
            f"The sync reads {_custom_values(len(old))} again next: if the collector has run, ask again in ten minutes."
        )
    return notes


async def unread(call: Call, conditions: Sequence[ColumnElement[bool]]) -> list[str]:
    """Return what a question about custom values should know of machines that are not read yet, and have them read first."""
    not_read = [*conditions, on.m.facts_read_at.is_(None)]
    ids = await machines.ids(call.db, not_read, limit=MOST)
    if not ids or not await facts.field_names(call.db):
        return []
    total = len(ids) if len(ids) < MOST else await machines.count(call.db, not_read)
    return [f"{_unread(call, ids, total)} They may be missing here."]


def _unread(call: Call, ids: Sequence[int], total: int) -> str:
    """Ask for the custom values of machines that the sync has not read yet, and return what the caller should know of that."""
    is_asked = call.want_facts(ids)
    when = (
        f"it reads {'these' if total <= MOST else MOST} next" if is_asked else "it reads some in every cycle"
    )
    return f"The sync has not read {_custom_values(total)} from Atera yet; {when}."


def _custom_values(machines: int) -> str:
    return f"the custom values of {machines} machines" if machines > 1 else "the custom values of one machine"
