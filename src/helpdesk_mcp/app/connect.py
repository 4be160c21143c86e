"""How a client is connected to what runs here, as text to paste."""

import json
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path


def claude_desktop(environment: Mapping[str, str], command: str = "serve") -> str:
    """Return the entry for claude_desktop_config.json; paths are whole, because Claude Desktop has its own PATH."""
    script = shutil.which("helpdesk-mcp", path=str(Path(sys.executable).parent))
    program, arguments = (script, [command]) if script else (sys.executable, ["-m", "helpdesk_mcp", command])
    server = {"command": program, "args": arguments, "env": dict(environment)}
    return json.dumps({"mcpServers": {"helpdesk": server}}, indent=2, ensure_ascii=False)
