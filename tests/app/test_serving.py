"""How a serving process starts: a client waits for its first answer."""

import asyncio
import gc
import json
import subprocess
import sys

from helpdesk_mcp.app import serving
from helpdesk_mcp.app.database import Database
from helpdesk_mcp.settings import load

LOADED = "import json, sys, helpdesk_mcp.app.serving; print(json.dumps(sorted(sys.modules)))"


def test_what_only_other_commands_need_is_not_loaded():
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)
    late = {"alembic", "apscheduler", "httpx", "psutil", "rich", "helpdesk_mcp.embedded"}
    assert late & {*json.loads(done.stdout)} == set()


def test_garbage_is_collected_again_once_all_is_loaded():
    collecting = []

    async def transport(_, __):
        collecting.append(gc.isenabled())

    gc.disable()
    try:
        settings = load({"HELPDESK_PLUGINS": "none"})
        asyncio.run(serving._serve(settings, Database(settings), transport))
    finally:
        gc.enable()
        gc.unfreeze()
    assert collecting == [True]
