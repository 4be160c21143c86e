"""The demo as a newcomer starts it, on a smaller account so that it is quick."""

import json

import psutil
from tests import processes

from helpdesk_mcp.app.connect import claude_desktop


def test_the_tour_answers_every_question_and_leaves_no_process(tmp_path):
    done = processes.run(
        "--data-dir", str(tmp_path), "demo", "--size", "tiny", "--exit", "--port", "0", timeout=240
    )
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr
    lines = done.stdout.splitlines()
    asked = [line for line in lines if line.startswith("“")]
    assert len(asked) >= 8
    assert "List all open tickets assigned to " in asked[0]
    assert any("display all public comments" in question for question in asked)
    assert "A client over stdio" in done.stdout
    if any(question.startswith("“Create a new ticket for") for question in asked):
        # Four changes after forms and a question, one after a code; none refused.
        assert done.stdout.count("   Done (change ") == 5
        assert "using the wizard" in done.stdout
        assert "NOT DONE YET. This would be done:" in done.stdout
    failed = [line for line in lines if "failed inside the server" in line or "cannot be" in line]
    assert failed == []
    assert [process for process in _command_lines() if str(tmp_path) in process] == []


def _command_lines():
    for process in psutil.process_iter(["cmdline"]):
        yield " ".join(process.info["cmdline"] or [])


def test_what_to_paste_for_claude_desktop_starts_this_server(tmp_path):
    (server,) = json.loads(claude_desktop({"HELPDESK_DATA_DIR": str(tmp_path)}))["mcpServers"].values()
    assert server["args"][-1] == "serve"
    assert server["env"] == {"HELPDESK_DATA_DIR": str(tmp_path)}
