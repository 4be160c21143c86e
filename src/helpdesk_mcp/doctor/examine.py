"""All checks at once, each in a thread of its own: one that hangs or fails hides no other."""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping

from helpdesk_mcp.doctor.finding import Finding, problem
from helpdesk_mcp.settings import Settings

Check = Callable[[Settings], Iterator[Finding]]
"""Yields its findings one by one; what it has yielded counts, also if it fails or hangs after that."""

_log = logging.getLogger(__name__)
_THREADS = "doctor: "
LIMIT_S = 25.0
"""Longest for all checks together. Each has shorter limits of its own: this is for those that do not hold."""


def examine(settings: Settings, checks: Mapping[str, Check], limit_s: float = LIMIT_S) -> list[Finding]:
    """Return the findings of all checks, in the order of the checks."""
    ends = time.monotonic() + limit_s
    running = [_Running(name, check, settings) for name, check in checks.items()]
    return [finding for one in running for finding in one.findings(ends)]


def still_running() -> bool:
    """Return whether a check did not come to its end."""
    return any(thread.name.startswith(_THREADS) for thread in threading.enumerate())


class _Running:
    def __init__(self, name: str, check: Check, settings: Settings) -> None:
        self._name = name
        self._check = check
        self._settings = settings
        self._found: list[Finding] = []
        # A daemon: Python does not wait for it at its end.
        self._thread = threading.Thread(target=self._work, name=f"{_THREADS}{name}", daemon=True)
        self._thread.start()

    def findings(self, ends: float) -> list[Finding]:
        """Return what was found until `ends` (monotonic seconds), or until the check was through."""
        self._thread.join(max(0.0, ends - time.monotonic()))
        found = list(self._found)
        if self._thread.is_alive():
            found.append(
                problem(
                    self._name,
                    "The check did not come to an end.",
                    "Something it asks does not answer: see the other lines.",
                )
            )
        return found

    def _work(self) -> None:
        try:
            for finding in self._check(self._settings):
                self._found.append(finding)
        except Exception as error:  # noqa: BLE001 - whatever a check meets, the others are told
            # Its text may hold a statement or an address: for the log of whoever asks for it.
            _log.debug("check_failed check=%s", self._name, exc_info=error)
            failed = f"The check failed ({type(error).__name__})."
            then = "HELPDESK_LOG_LEVEL=DEBUG shows where. Please report it."
            self._found.append(problem(self._name, failed, then))
