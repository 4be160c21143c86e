"""Text from outside: mails and comments made plain, folded, inspected and fenced.

Everything a ticket says was written by somebody we do not know. This package turns it into short, honest text for a
model: `to_plain` reads HTML, `fold` cuts what was said before, `inspect_hidden` tells what a person would not have seen,
and `fence` marks where the stranger's words begin and end. It is the bottom layer and imports nothing of helpdesk_mcp.
"""

from .fence import fence, new_mark
from .hidden import inspect_hidden
from .invisible import clean
from .plain import to_plain
from .reply import Folded, fold

__all__ = ["Folded", "clean", "fence", "fold", "inspect_hidden", "new_mark", "to_plain"]
