"""Which tools a caller is shown, and what is said about the others. What is hidden is refused as well."""

from collections.abc import Mapping

from helpdesk_mcp.sdk import Caller, Tool
from helpdesk_mcp.sdk.caller import LADDER

from .desk import Offered

_DOES = {
    "read": "reads the helpdesk",
    "write": "changes the helpdesk",
    "reach": "sends something out of the house",
}


def visible(caller: Caller, tools: Mapping[str, Offered[Tool]]) -> dict[str, Offered[Tool]]:
    """Return the tools that the caller's scopes allow, in the order given."""
    return {name: offered for name, offered in tools.items() if offered.item.effect in caller.scopes}


def refusal(caller: Caller, tool: Tool) -> str | None:
    """Return the sentence for a caller who may not use this tool; None for one who may."""
    if tool.effect in caller.scopes:
        return None
    held = " and ".join(scope for scope in LADDER if scope in caller.scopes) or "nothing"
    return (
        f"{tool.name} {_DOES[tool.effect]}: it needs the scope {tool.effect}, and this sign-in has {held}. "
        "Nothing was done. Whoever runs the server can give a token or role with that scope."
    )
