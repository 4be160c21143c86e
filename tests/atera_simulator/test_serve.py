import os
import signal
import subprocess
import sys
import time

import httpx
import pytest

from atera_simulator import changes
from atera_simulator.serve import Simulator
from atera_simulator.snapshot import load


def get(simulator, path):
    return httpx.get(simulator.url + path, headers={"X-API-KEY": simulator.token}, trust_env=False)


def test_a_simulator_starts_on_a_free_port_and_is_gone_afterwards(world):
    start = time.monotonic()
    with Simulator(world) as simulator:
        assert time.monotonic() - start < 0.5
        assert simulator.url.startswith("http://127.0.0.1:")
        assert simulator.url.endswith("/api/v3")
        assert get(simulator, "/account").status_code == 200
    with pytest.raises(httpx.ConnectError):
        get(simulator, "/account")


def test_two_simulators_run_side_by_side(world):
    with Simulator(world) as one, Simulator(world, token="other") as other:
        assert one.url != other.url
        assert get(other, "/account").status_code == 200


def test_the_world_can_be_changed_from_another_thread(world, clock):
    with Simulator(world, clock=clock) as simulator:
        assert get(simulator, "/tickets").json()["totalItemCount"] == 3
        with simulator.changing() as held:
            changes.delete_ticket(held, 90401, now=clock.now)
        assert get(simulator, "/tickets?ticketStatus=Deleted").json()["totalItemCount"] == 1


def test_with_a_pace_the_world_changes_by_itself(world, clock):
    before = len(world.journal)
    with Simulator(world, clock=clock, pace=60_000) as simulator:
        deadline = time.monotonic() + 5
        while len(world.journal) == before:
            assert time.monotonic() < deadline
            get(simulator, "/account")


def test_an_error_in_the_life_of_the_world_is_logged(world, clock, caplog):
    world.tickets[90401].clear()
    with Simulator(world, clock=clock, pace=60_000) as simulator:
        deadline = time.monotonic() + 5
        while "A background job of the simulator ended" not in caplog.text:
            assert time.monotonic() < deadline
            get(simulator, "/account")


def test_a_small_answer_does_not_wait_for_nagle(world):
    with Simulator(world) as simulator, httpx.Client(trust_env=False) as client:
        headers = {"X-API-KEY": simulator.token}
        client.get(simulator.url + "/account", headers=headers)
        waits = [
            client.get(simulator.url + "/account", headers=headers).elapsed.total_seconds() for _ in range(5)
        ]
    assert min(waits) < 0.03


def test_a_port_that_is_taken_is_an_error_at_the_start(world):
    with Simulator(world) as simulator:
        port = int(simulator.root_url.rpartition(":")[2])
        with pytest.raises(OSError, match="in use|one usage"), Simulator(world, port=port):
            pass


def test_a_hanging_call_does_not_keep_a_simulator_from_ending(world, faults):
    faults.configure({"rules": [{"kind": "hang"}]})
    with (
        httpx.Client(trust_env=False, timeout=0.1) as client,
        Simulator(world, faults=faults) as simulator,
        pytest.raises(httpx.ReadTimeout),
    ):
        client.get(simulator.url + "/account", headers={"X-API-KEY": simulator.token})


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no SIGTERM for another process")
@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_in_the_foreground_a_signal_saves_the_world_and_ends_without_an_error(tmp_path, end):
    state = tmp_path / "world.json.gz"
    code = (
        "import sys; from pathlib import Path; from atera_simulator.serve import run;"
        "run(port=0, size='tiny', state=Path(sys.argv[1]), announce=lambda url: print(url, flush=True))"
    )
    environment = {**os.environ, "PYTHONWARNINGS": "error"}
    command = [sys.executable, "-c", code, str(state)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        url = process.stdout.readline().strip()
        headers = {"X-API-KEY": "simulated-token"}
        made = httpx.post(url + "/departments", json={"Name": "Made here"}, headers=headers, trust_env=False)
        process.send_signal(end)
        _, errors = process.communicate(timeout=10)

    assert (process.returncode, errors) == (0, "")
    assert load(state).departments[int(made.json()["ActionID"])]["Name"] == "Made here"
