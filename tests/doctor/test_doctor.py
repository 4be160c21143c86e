"""The command as a person runs it."""

import json

import pytest
from tests import processes

from helpdesk_mcp.settings import as_set, load_usable


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A user without Claude Desktop and without a private Postgres."""
    for variable in ("HOME", "USERPROFILE", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(variable, str(tmp_path))
    return tmp_path


def test_one_line_for_each_check_and_a_configuration_to_paste(home, database_url):
    done = processes.run("doctor", database_url=database_url, engineer="Siân")
    lines, _, entry = done.stdout.partition("\n\nFor Claude Desktop, into claude_desktop_config.json:\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert {line[:8].strip() for line in lines.splitlines()} <= {"ok", "warning"}
    names = [line[8:].split("  ")[0] for line in lines.splitlines()]
    assert [*dict.fromkeys(names)] == [
        "settings",
        "Atera key",
        "database",
        "sync",
        "plugins",
        "ports",
        "Claude Desktop",
    ]
    server = json.loads(entry)["mcpServers"]["helpdesk"]
    assert server["args"][-1] == "serve"
    assert server["env"] == {"HELPDESK_ENGINEER": "Siân", "HELPDESK_DATABASE_URL": "<put it here>"}


def test_no_secret_is_ever_shown(home):
    secrets = {
        "database_url": f"postgresql://helpdesk:pg-hunter2@127.0.0.1:{processes.free_port()}/helpdesk",
        "atera_token": "eyJhbGciOiJIUzI1NiJ9.atera-hunter2.c2lnbmF0dXJl",
        "bridge_token": "bridge-hunter2",
    }
    config = {
        "mcpServers": {"helpdesk": {"command": "/none", "env": {"HELPDESK_ATERA_TOKEN": "desk-hunter2"}}}
    }
    (home / "Claude").mkdir()
    (home / "Claude" / "claude_desktop_config.json").write_text(json.dumps(config))
    away = f"http://127.0.0.1:{processes.free_port()}"
    for arguments in (("doctor",), ("doctor", "--json")):
        done = processes.run(*arguments, **secrets, atera_url=away, bridge_url=away)
        assert done.returncode == 1
        assert "runs /none, which does not exist" in done.stdout
        assert "hunter2" not in done.stdout + done.stderr


def test_a_setting_that_cannot_be_used_is_a_problem_and_the_rest_is_examined(home):
    done = processes.run("doctor", "--json", profile="huge", time_zone="Mars", engineer="Siân")
    found = json.loads(done.stdout)["findings"]
    assert done.returncode == 1
    assert found[:2] == [
        {
            "check": "settings",
            "level": "problem",
            "text": "HELPDESK_PROFILE cannot be used: Input should be 'full' or 'small'.",
            "then": "Correct it; the checks below go on without it.",
        },
        {
            "check": "settings",
            "level": "problem",
            "text": "HELPDESK_TIME_ZONE cannot be used: 'Mars' is no time zone; use an IANA name such as Europe/Berlin.",
            "then": "Correct it; the checks below go on without it.",
        },
    ]
    assert {one["check"] for one in found} >= {"plugins", "ports", "Claude Desktop"}


def test_a_client_of_another_server_gets_the_bridge_to_paste(home):
    url = f"http://127.0.0.1:{processes.free_port()}/mcp"
    done = processes.run("doctor", "--json", bridge_url=url, bridge_token="t0ken-of-siân")
    server = json.loads(done.stdout)["claude_desktop_config"]["mcpServers"]["helpdesk"]
    assert server["args"][-1] == "bridge"
    assert server["env"] == {"HELPDESK_BRIDGE_URL": url, "HELPDESK_BRIDGE_TOKEN": "<put it here>"}


def test_usable_settings_are_read_beside_unusable_ones(tmp_path):
    settings, unusable = load_usable(
        {
            "HELPDESK_ENGINEER": "Siân",
            "HELPDESK_SYNC_EVERY_S": "soon",
            "HELPDESK_ATERA_TOKEN_FILE": str(tmp_path / "none"),
        }
    )
    assert (settings.engineer, settings.sync_every_s, settings.atera_token) == ("Siân", 300, None)
    assert len(unusable) == 2


def test_what_is_set_is_told_without_secrets_and_with_the_files_that_hold_them():
    assert as_set(
        {
            "HELPDESK_ATERA_TOKEN": "s3cret",
            "HELPDESK_BRIDGE_TOKEN_FILE": "/run/secrets/bridge",
            "HELPDESK_ENGINEER": "${user_config.engineer}",
            "HELPDESK_TIME_ZONE": "Europe/Berlin",
        }
    ) == {
        "HELPDESK_ATERA_TOKEN": "<put it here>",
        "HELPDESK_BRIDGE_TOKEN_FILE": "/run/secrets/bridge",
        "HELPDESK_TIME_ZONE": "Europe/Berlin",
    }
