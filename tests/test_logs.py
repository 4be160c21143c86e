import json
import logging

import pytest

from helpdesk_mcp import logs
from helpdesk_mcp.logs import redact


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("url=postgresql://me:hunter2@db/helpdesk", "url=postgresql://me:***@db/helpdesk"),
        ("Authorization: Bearer abc.def.ghi", "Authorization: ***"),
        ("X-API-KEY=0123456789abcdef next", "X-API-KEY=*** next"),
        ("jwt eyJhbGciOi.eyJzdWIi.sig-nature here", "jwt *** here"),
        ("made " + "hdmcp_" + "0f" * 36 + " for jens", "made *** for jens"),
        ("ticket 24117 stays", "ticket 24117 stays"),
    ],
)
def test_secrets_are_masked_and_nothing_else(line, shown):
    assert redact(line) == shown


@pytest.fixture
def told(capsys, monkeypatch):
    """Configure as a process does, log through the function given, and return the lines on stderr."""
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])
    before = root.level, logging.getLogger("helpdesk_mcp").level

    def log(action, form="text", level="INFO"):
        logs.configure(level, form)
        action(logging.getLogger("helpdesk_mcp.test"))
        out, err = capsys.readouterr()
        assert out == ""
        return err.splitlines()

    yield log
    root.setLevel(before[0])
    logging.getLogger("helpdesk_mcp").setLevel(before[1])


def find():
    try:
        return {}["printer of Mrs. " + "Smith"]
    except KeyError as error:
        raise ValueError("row of Mrs. " + "Smith") from error


def stumble(log):
    try:
        find()
    except ValueError:
        log.exception("call_failed name=crash")


def test_the_lines_of_a_call_carry_its_id_and_others_none(told):
    def both(log):
        with logs.of_request("4bf92f35"):
            log.info("inside")
        log.info("outside")

    inside, outside = told(both)
    assert inside.endswith("INFO helpdesk_mcp.test inside request=4bf92f35")
    assert outside.endswith("INFO helpdesk_mcp.test outside")


def test_a_line_break_in_a_value_does_not_make_a_second_line(told):
    (line,) = told(lambda log: log.info("host_refused host=%s", "evil\n2026 INFO forged"))
    assert line.endswith("host=evil\\n2026 INFO forged")


def test_of_an_error_its_kinds_and_places_are_told_and_not_its_words(told):
    lines = told(stumble)
    assert "Mrs. Smith" not in "".join(lines)
    assert "ValueError" in lines
    assert "KeyError" in lines
    assert any('test_logs.py", line' in line and line.endswith("in find") for line in lines)


def test_debug_tells_an_error_in_full(told):
    assert "ValueError: row of Mrs. Smith" in told(stumble, level="DEBUG")


def test_json_has_an_object_a_line_with_the_parts_of_an_event(told):
    def event(log):
        with logs.of_request("007"):
            log.warning("call tool=%s ms=%d person=%r level=%s", "get_ticket", 12, "Ada L", "forged")

    (line,) = told(event, "json")
    said = json.loads(line)
    assert said.pop("time").endswith("+00:00")
    assert said == {
        "level": "WARNING",
        "logger": "helpdesk_mcp.test",
        "request": "007",
        "event": "call",
        "tool": "get_ticket",
        "ms": 12,
        "person": "Ada L",
    }


def test_json_keeps_a_sentence_as_it_is_and_masks_secrets(told):
    (line,) = told(lambda log: log.info("It said token=abc123, then left."), "json")
    assert json.loads(line)["message"] == "It said token=***, then left."


def test_json_tells_an_error_on_the_line_of_its_event(told):
    (line,) = told(stumble, "json")
    said = json.loads(line)
    assert (said["event"], said["name"]) == ("call_failed", "crash")
    assert "ValueError\n\nwhich came of\n\nTraceback" in said["exception"]
