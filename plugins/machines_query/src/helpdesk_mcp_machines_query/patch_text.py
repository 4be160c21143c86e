"""A machine's updates, as Atera has them at this moment."""

from helpdesk_mcp.sdk import Call, Patch, Patches
from helpdesk_mcp.sdk.times import shown
from helpdesk_mcp.sdk.words import inert, joined

_MOST_INSTALLED = 10


def patches(found: Patches, call: Call) -> list[str]:
    """Return the missing updates, all of them, and the latest installed ones; the heading says that they are live."""
    reported = (
        f", reported by the machine {shown(found.reported_at, call.now, call.zone)}"
        if found.reported_at
        else ""
    )
    newest = sorted(found.installed, key=_installed_at, reverse=True)
    rest = len(newest) - _MOST_INSTALLED
    return [
        f"Updates, LIVE from Atera{reported}:",
        f"  Missing ({len(found.available)}):",
        *(f"  - {joined((inert(one.name), one.kb, one.category, one.status))}" for one in found.available),
        f"  Installed ({len(newest)}), newest first:",
        *(f"  - {joined((inert(one.name), one.kb, _when(one, call)))}" for one in newest[:_MOST_INSTALLED]),
        *([f"  - and {rest} older ones"] if rest > 0 else []),
    ]


def _installed_at(patch: Patch) -> float:
    return patch.installed_at.timestamp() if patch.installed_at else 0


def _when(patch: Patch, call: Call) -> str:
    return shown(patch.installed_at, call.now, call.zone)
