"""How to connect a client to the running demo, as text to paste."""

import json
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path


def claude_desktop(environment: Mapping[str, str]) -> str:
    """Return the entry for claude_desktop_config.json; paths are whole, because Claude Desktop has its own PATH."""
    script = shutil.which("helpdesk-mcp", path=str(Path(sys.executable).parent))
    command, arguments = (script, ["serve"]) if script else (sys.executable, ["-m", "helpdesk_mcp", "serve"])
    server = {"command": command, "args": arguments, "env": dict(environment)}
    return json.dumps({"mcpServers": {"helpdesk": server}}, indent=2, ensure_ascii=False)
