"""Checks run side by side: one that hangs or fails hides no other, and the process ends."""

import subprocess
import sys
import threading

from tests import processes

from helpdesk_mcp.doctor.examine import examine
from helpdesk_mcp.doctor.finding import Finding, ok
from helpdesk_mcp.settings import load

SETTINGS = load({})


def fine(_):
    yield ok("fine", "All is well.")


def failing(_):
    yield ok("failing", "So far.")
    raise RuntimeError("boom")


def test_a_check_that_fails_keeps_what_it_found_and_hides_no_other():
    assert examine(SETTINGS, {"failing": failing, "fine": fine}) == [
        Finding("failing", "ok", "So far."),
        Finding(
            "failing",
            "problem",
            "The check failed (RuntimeError).",
            "HELPDESK_LOG_LEVEL=DEBUG shows where. Please report it.",
        ),
        Finding("fine", "ok", "All is well."),
    ]


def test_a_check_that_hangs_is_told_and_hides_no_other():
    end = threading.Event()

    def hanging(_):
        yield ok("hanging", "Asking.")
        end.wait()

    found = examine(SETTINGS, {"hanging": hanging, "fine": fine}, limit_s=0.2)
    end.set()
    assert found == [
        Finding("hanging", "ok", "Asking."),
        Finding(
            "hanging",
            "problem",
            "The check did not come to an end.",
            "Something it asks does not answer: see the other lines.",
        ),
        Finding("fine", "ok", "All is well."),
    ]


HANGING = """
import asyncio, sys, threading
from helpdesk_mcp import doctor
from helpdesk_mcp.doctor import examine
from helpdesk_mcp.settings import load
examine.examine.__defaults__ = (0.5,)

def hang(settings):
    asyncio.run(asyncio.to_thread(threading.Event().wait))
    yield

sys.exit(doctor.leave(doctor.run(load({}), [], checks={"hang": hang})))
"""


def test_the_process_ends_although_a_thread_of_a_check_never_does():
    done = subprocess.run(
        [sys.executable, "-c", HANGING],
        env=processes.environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "The check did not come to an end." in done.stdout
