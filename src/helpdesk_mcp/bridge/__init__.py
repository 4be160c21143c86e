"""A client on this computer, a helpdesk server on another: stdio on one side, the server's streamable HTTP on the other.

Claude Desktop starts programs and speaks to them through pipes; it reaches no address of the local network by itself. So it
starts this. Messages pass through as they came, byte for byte and in both protocol eras: nothing here knows tools, prompts or
questions, and so nothing is lost when the protocol grows. It imports neither `mcp` nor the rest of the product, which
keeps its start below half a second and its bundle for Claude Desktop small (docs/decisions/0006).

pump      lines of stdin to tasks, answers to lines of stdout
remote    the server's end: requests, what it says by itself, its session, renewed after a restart
link      HTTP to one address, with the token
messages  what must be known of a message to carry it
probe     one question to a server, to check the connection
trouble   what the person is told when the server cannot answer
"""

from helpdesk_mcp.bridge.link import Unusable
from helpdesk_mcp.bridge.probe import who_is
from helpdesk_mcp.bridge.pump import run
from helpdesk_mcp.bridge.trouble import Trouble, Unreachable

__all__ = ["Trouble", "Unreachable", "Unusable", "run", "who_is"]
