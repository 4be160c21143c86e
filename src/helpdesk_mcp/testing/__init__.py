"""For tests of plugins, and for nothing else: the contract as a test, a real database, the plugin called as the server calls it.

`pytest_plugins = ["helpdesk_mcp.testing.fixtures"]` in the conftest.py at the top brings the fixtures. A plugin's own
conftest.py says which plugin they are for, by a fixture `plugin`; `mirror` and `ask` then do the rest.
Beside `sdk` and not in it, because it knows the server and the worker, which plugins do not.
"""

from .asking import Asker, make_desk
from .contract import check_plugin, check_tables, definition_tokens
from .imports import foreign_imports
from .jobs import run_job
from .mirror import NOW, Mirror, ago

__all__ = [
    "NOW",
    "Asker",
    "Mirror",
    "ago",
    "check_plugin",
    "check_tables",
    "definition_tokens",
    "foreign_imports",
    "make_desk",
    "run_job",
]
