"""A helpdesk server in a process of its own, and how a client starts the bridge to it."""

import subprocess
import sys
from contextlib import contextmanager

import pytest
from mcp import StdioServerParameters
from tests import processes
from tests.bridge.lan_server import TOKEN


@contextmanager
def served(port):
    """Serve at `port` until the block ends."""
    command = [sys.executable, "-m", "tests.bridge.lan_server", str(port)]
    server = subprocess.Popen(command, stderr=subprocess.PIPE)
    try:
        processes.wait_for_port(server, port)
        yield
    finally:
        server.kill()
        _, errors = server.communicate()
        assert b"Traceback" not in errors, errors.decode()


@pytest.fixture(scope="session")
def lan_url():
    port = processes.free_port()
    with served(port):
        yield f"http://127.0.0.1:{port}/mcp"


def bridge(url, token=TOKEN, patience=0):
    """How a client starts the bridge, as StdioServerParameters."""
    settings = {"bridge_url": url} if token is None else {"bridge_url": url, "bridge_token": token}
    return StdioServerParameters(
        command=processes.COMMAND[0],
        args=[*processes.COMMAND[1:], "bridge", "--patience", str(patience)],
        env=processes.environment(**settings, log_level="ERROR"),
    )
