"""The demo's processes: started with our own command line, logged to files, ended with us however we end."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

_TAIL_LINES = 12


class DemoFailed(Exception):
    """A part of the demo did not come up or ended; the message has the end of its log."""


class Stack:
    """Child processes by name. Each holds our end of a pipe as its input and stops when that closes: also after a kill."""

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        logs.mkdir(parents=True, exist_ok=True)

    def start(self, name: str, arguments: list[str], environment: Mapping[str, str]) -> None:
        """Start `helpdesk-mcp ARGUMENTS` with `environment` on top of ours."""
        with self._log(name).open("wb") as log:
            self._children[name] = subprocess.Popen(  # noqa: S603 - our own interpreter and our own module
                [sys.executable, "-m", "helpdesk_mcp", *arguments, "--until-input-closes"],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                env={**os.environ, **environment},
            )

    def check(self) -> None:
        """Raise DemoFailed when one of the processes has ended."""
        for name, child in self._children.items():
            if (code := child.poll()) is not None:
                raise DemoFailed(
                    f"The {name} ended with code {code}. The end of its log:\n{self._tail(name)}"
                )

    def wait_for_port(self, name: str, port: int, timeout_s: float = 60) -> None:
        """Return once something listens on `port`; raise DemoFailed when the process ends first, or never listens."""
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            self.check()
            with socket.socket() as probe:
                probe.settimeout(1)
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.05)
        raise DemoFailed(
            f"The {name} does not answer on port {port}. The end of its log:\n{self._tail(name)}"
        )

    def stop(self) -> None:
        """Ask all to end, in reverse order of their start, and end those that do not."""
        for child in reversed(self._children.values()):
            if child.stdin is not None:
                child.stdin.close()
        for child in reversed(self._children.values()):
            try:
                child.wait(timeout=15)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        self._children.clear()

    def _log(self, name: str) -> Path:
        return self._logs / f"{name.replace(' ', '-')}.log"

    def _tail(self, name: str) -> str:
        lines = self._log(name).read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(lines[-_TAIL_LINES:]) or "(empty)"


def free_port(wanted: int = 0) -> int:
    """Return `wanted` if it is free, else any free port."""
    for port in (wanted, 0):
        try:
            with socket.create_server(("127.0.0.1", port)) as probe:
                return probe.getsockname()[1]
        except OSError:
            continue
    raise DemoFailed("No port of 127.0.0.1 is free.")
