"""The probe as a container runs it: a process of its own."""

import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from tests import processes

PROBE = [sys.executable, "-m", "helpdesk_mcp.probe"]


class Answering(BaseHTTPRequestHandler):
    """Answers with the status that the path names."""

    def do_GET(self):
        self.send_response(int(self.path[1:]))
        self.end_headers()
        self.wfile.write(b"in one line\n")

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def address():
    with HTTPServer(("127.0.0.1", 0), Answering) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize(("status", "code"), [(200, 0), (401, 0), (404, 0), (500, 1), (503, 1)])
def test_the_exit_code_says_whether_somebody_answers_without_trouble(address, status, code):
    done = subprocess.run([*PROBE, f"{address}/{status}"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (code, "in one line\n", "")


def test_nobody_there_is_told_in_a_line():
    url = f"http://127.0.0.1:{processes.free_port()}/livez"
    done = subprocess.run([*PROBE, url], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stdout.startswith(f"{url} does not answer: ")
    assert done.stderr == ""


def test_it_loads_nothing_but_the_standard_library():
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, helpdesk_mcp.probe; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    ours = {name for name in loaded if name.startswith("helpdesk_mcp")}
    assert ours == {"helpdesk_mcp", "helpdesk_mcp.probe"}
    assert not {"pydantic", "sqlalchemy", "mcp", "asyncio"} & set(loaded)
