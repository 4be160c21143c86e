"""The product's own processes, as an operator would start them, for end-to-end tests."""

import asyncio
import os
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager

from mcp import StdioServerParameters

COMMAND = [sys.executable, "-m", "helpdesk_mcp"]


def environment(**settings):
    """The environment of a process: ours without any HELPDESK_ variable, plus `settings` as HELPDESK_<NAME>."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("HELPDESK_")}
    return {**inherited, **{f"HELPDESK_{name.upper()}": str(value) for name, value in settings.items()}}


def run(*arguments, timeout=120, **settings):
    """Run a command to its end and return what subprocess.run returns."""
    return subprocess.run(
        [*COMMAND, *arguments],
        env=environment(**settings),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=timeout,
        check=False,
        stdin=subprocess.DEVNULL,
    )


async def run_aside(*arguments, **settings):
    """Run a command to its end while the test's own hosts go on answering."""
    return await asyncio.to_thread(run, *arguments, **settings)


def stdio(**settings):
    """How a client starts the server over stdio."""
    return StdioServerParameters(
        command=COMMAND[0], args=[*COMMAND[1:], "serve"], env=environment(**settings)
    )


@contextmanager
def http(bound="127.0.0.1", **settings):
    """The server over HTTP; yields its URL on loopback, also where it is `bound` to more."""
    port = free_port()
    # A file and not a pipe: the log has a line for each call, and a pipe that nobody reads stops its writer once it is full.
    with tempfile.TemporaryFile() as log:
        server = subprocess.Popen(
            [*COMMAND, "serve", "--http", f"{bound}:{port}", "--until-input-closes"],
            env=environment(**settings),
            stdin=subprocess.PIPE,
            stderr=log,
        )
        try:
            wait_for_port(server, port)
            yield f"http://127.0.0.1:{port}/mcp"
        finally:
            server.communicate(timeout=30)
            log.seek(0)
            said = log.read()
            assert b"Traceback" not in said, said.decode()


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def wait_for_port(process, port, timeout_s=60):
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        assert process.poll() is None, "it has ended: its log says why"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise AssertionError(f"nothing listens on {port}")
