"""The simulated Atera as a command: what goes wrong with it can be said when it is started."""

import subprocess

import httpx2
import pytest
from tests import processes


def test_a_simulated_atera_can_be_started_with_its_faults():
    port = processes.free_port()
    faults = '{"date_skew_s": -7200, "rules": [{"kind": "throttle-bare", "times": 1}]}'
    command = [
        *processes.COMMAND,
        "simulate-atera",
        "--size",
        "tiny",
        "--port",
        str(port),
        "--faults",
        faults,
    ]
    with subprocess.Popen(command, env=processes.environment(), stdout=subprocess.DEVNULL) as simulator:
        try:
            processes.wait_for_port(simulator, port)
            with httpx2.Client(trust_env=False, headers={"x-api-key": "simulated-token"}) as http:
                answers = [http.get(f"http://127.0.0.1:{port}/api/v3/account") for _ in range(2)]
        finally:
            simulator.kill()
    assert [one.status_code for one in answers] == [429, 200]


@pytest.mark.parametrize(
    ("faults", "sentence"),
    [
        ("429", "it is no JSON object."),
        ('{"rules": [{"kind": "flood"}]}', "There is no fault 'flood'; the kinds are status, throttle, "),
    ],
)
def test_faults_that_do_not_exist_are_refused_with_those_that_do(faults, sentence):
    done = processes.run("simulate-atera", "--faults", faults)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"helpdesk-mcp: --faults cannot be used: {sentence}")
