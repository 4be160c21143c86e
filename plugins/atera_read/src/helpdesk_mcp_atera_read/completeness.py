"""What an answer may lack while the first load is not done."""

from helpdesk_mcp.sdk import Call

from .queries import streams


async def unread(call: Call) -> list[str]:
    """Return a note where conversations were never read yet; those of closed tickets come last, over hours."""
    missing = (await streams.threads(call.db)).never_read
    if not missing:
        return []
    what = "1 conversation is" if missing == 1 else f"{missing:,} conversations are"
    return [f"{what} not read from Atera yet, so comments in them are not found. See sync_status."]
