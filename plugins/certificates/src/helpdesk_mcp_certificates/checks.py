"""Whether the job can do its work."""

from helpdesk_mcp.sdk import Call, Unavailable

from . import queries

FEW = 3
"""So few hosts may well all fail by themselves."""


async def hosts_answer(call: Call) -> str:
    """Look whether hosts answered at the newest look: where none does, it is this machine's way out."""
    seen = await queries.watched(call.db)
    if seen.failing == seen.hosts >= FEW:
        raise Unavailable(
            f"All {seen.hosts} hosts failed at the newest look: may the worker's machine connect to hosts outside?"
        )
    return f"{seen.hosts} hosts are watched, {seen.failing} of them fail"
