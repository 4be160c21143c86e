"""What docker-compose.yml promises, read from the file: scripts/docker_smoke shows that an engine agrees."""

import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from helpdesk_mcp.settings import describe

REPO = Path(__file__).parents[2]
TEXT = (REPO / "docker-compose.yml").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load(TEXT)
SERVICES = COMPOSE["services"]
ROOT = {"owner"}
"""Gives two folders to the accounts that need them, without a network, and ends."""

each_service = pytest.mark.parametrize("name", SERVICES)
needs_bash = pytest.mark.skipif(sys.platform == "win32", reason="the server it is for runs Linux")


@each_service
def test_a_service_is_confined(name):
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service.get("cap_add", []) == (["CHOWN"] if name in ROOT else [])
    assert (service["user"] == "0:0") == (name in ROOT)
    assert "privileged" not in service
    assert not any("docker.sock" in str(volume) for volume in service.get("volumes", []))


@each_service
def test_a_service_has_limits_and_bounded_logs(name):
    service = SERVICES[name]
    assert service["mem_limit"]
    assert service["cpus"]
    assert service["pids_limit"]
    assert service["logging"] == {"driver": "local", "options": {"max-size": "10m", "max-file": "5"}}
    assert service["stop_grace_period"]


@each_service
def test_a_service_lasts_and_is_watched_or_ends_and_is_waited_for(name):
    service = SERVICES[name]
    if service["restart"] == "unless-stopped":
        assert service["healthcheck"]["test"][0] == "CMD"
        return
    assert service["restart"] == "no"
    assert service["healthcheck"] == {"disable": True}
    waiting = [
        other for other, one in SERVICES.items() if one.get("depends_on", {}).get(name, {}).get("condition")
    ]
    assert waiting


@each_service
def test_an_image_has_a_version(name):
    image = re.sub(r"\$\{\w+:-([^}]+)\}", r"\1", SERVICES[name]["image"])
    assert re.fullmatch(r"[\w./-]+:(?!latest)[\w.-]+", image), image


@each_service
def test_no_secret_stands_in_the_environment(name):
    for variable, value in SERVICES[name].get("environment", {}).items():
        if re.search(r"TOKEN|PASSWORD|SECRET|DATABASE_URL|KEY$", variable):
            assert variable.endswith("_FILE"), variable
            assert value.removeprefix("/run/secrets/") in SERVICES[name]["secrets"]


@each_service
def test_ports_are_open_to_this_machine_only_unless_asked_for(name):
    for port in SERVICES[name].get("ports", []):
        assert port.startswith("${HELPDESK_BIND:-127.0.0.1}:")


def test_the_database_is_reached_by_our_containers_only():
    assert COMPOSE["networks"]["database"] == {"internal": True}
    assert SERVICES["db"]["networks"] == ["database"]
    assert {name for name, one in SERVICES.items() if "database" in one.get("networks", [])} == {
        "db",
        "migrate",
        "worker",
        "server",
    }


def test_worker_and_server_wait_for_the_migration():
    for name in ("worker", "server"):
        assert SERVICES[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
        assert "owner_url" not in SERVICES[name]["secrets"]


@needs_bash
def test_the_script_makes_every_secret_once_and_closes_the_folder(tmp_path):
    folder = tmp_path / "secrets"
    make = [REPO / "scripts" / "docker_secrets", "--demo", folder]
    subprocess.run(make, check=True, capture_output=True)
    made = {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}
    assert made.keys() == {Path(one["file"]).name for one in COMPOSE["secrets"].values()}
    assert stat.S_IMODE(folder.stat().st_mode) == stat.S_IRWXU
    random = [text for name, text in made.items() if name.endswith(("_url", "_key"))]
    assert len(set(random)) == len(random)
    assert made["owner_password"].strip() in made["owner_url"]
    subprocess.run(make, check=True, capture_output=True)
    assert {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()} == made


@needs_bash
def test_without_a_terminal_the_script_says_where_the_token_goes(tmp_path):
    make = [REPO / "scripts" / "docker_secrets", tmp_path]
    done = subprocess.run(make, check=True, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert done.stdout.splitlines() == [
        f"Secrets are in {tmp_path}",
        f"Now put Atera's API token into {tmp_path}/atera_token",
    ]


@pytest.mark.parametrize("file", [".env.example", "docker/demo.env"])
def test_every_variable_of_an_env_file_means_something(file):
    known = set(re.findall(r"\$\{(\w+)", TEXT)) | {name for name, _, _ in describe()}
    known |= {"COMPOSE_PROFILES", "COMPOSE_PROJECT_NAME"}
    named = re.findall(r"^#?([A-Z_]+)=", (REPO / file).read_text(encoding="utf-8"), re.MULTILINE)
    assert named
    assert set(named) <= known


def test_every_variable_of_the_file_is_in_the_guide():
    guide = (REPO / "docs" / "docker.md").read_text(encoding="utf-8")
    assert [name for name in set(re.findall(r"\$\{(\w+)", TEXT)) if f"`{name}`" not in guide] == []


def test_the_image_ends_without_root():
    last = (REPO / "Dockerfile").read_text(encoding="utf-8").rsplit("\nFROM ", 1)[1]
    assert re.findall(r"^USER (\S+)$", last, re.MULTILINE) == ["10001:10001"]
