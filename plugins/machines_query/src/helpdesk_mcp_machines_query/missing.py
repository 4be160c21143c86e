"""Facts that are missing: how a person gets them, and having the sync read first what it has not read yet."""

from collections.abc import Iterable, Sequence

from helpdesk_mcp.sdk import Call
from helpdesk_mcp.sdk.wanted import AGAIN_AFTER, MOST
from helpdesk_mcp.sdk.words import quoted

from .queries import conditions as on
from .queries import facts, machines
from .queries.conditions import Condition
from .readiness import Readiness, judgement
from .settings import settings_of
from .survey import Survey

_HOW = (
    "TPM and Secure Boot are not in Atera's inventory. Run the collector script from Atera into the custom field"
    " {field} (docs/windows11.md), or fill the fields {tpm} and {secure_boot}."
)


async def of_fleet(call: Call, found: Survey) -> list[str]:
    """Return what to do about facts that a fleet lacks, as notes for an answer; nothing where none is missing.

    Has the sync read the machines that it has not read yet before others; the survey has to list the `unread`.
    """
    lacking = [part for part in found.parts if part.judgement.lacks_facts]
    if not lacking:
        return []
    new = [id_ for part in lacking for id_ in part.listed if id_ is not None]
    return [_how(call), *([_unread(call, new, len(new))] if new and await _can_be_read(call) else [])]


async def of_machines(call: Call, judged: Iterable[Readiness]) -> list[str]:
    """Return what to do about facts that some machines lack, as `of_fleet`; has the sync read all of them before others."""
    lacking = [one.machine for one in judged if judgement(one).lacks_facts]
    if not lacking:
        return []
    notes = [_how(call)]
    if not await _can_be_read(call):
        return notes
    new = [machine.id for machine in lacking if machine.facts_read_at is None]
    notes += [_unread(call, new, len(new))] if new else []
    old = [
        machine.id
        for machine in lacking
        if machine.facts_read_at is not None and call.now - machine.facts_read_at >= AGAIN_AFTER
    ]
    if old and call.want_facts(old):
        notes.append(
            f"The sync reads {_custom_values(len(old))} again next: if the collector has run, ask again in ten minutes."
        )
    return notes


def _how(call: Call) -> str:
    settings = settings_of(call)
    fields = (settings.facts_field, settings.tpm_field, settings.secure_boot_field)
    names = dict(zip(("field", "tpm", "secure_boot"), map(quoted, fields), strict=True))
    return _HOW.format(**names)


async def _can_be_read(call: Call) -> bool:
    """Return whether the account has custom fields of machines."""
    return bool(await facts.field_names(call.db))


async def unread(call: Call, conditions: Sequence[Condition]) -> list[str]:
    """Return what a question about custom values should know of machines that are not read yet, and have them read first."""
    not_read = [*conditions, on.UNREAD]
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
