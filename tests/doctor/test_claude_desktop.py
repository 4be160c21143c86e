"""Claude Desktop's files as they lie on Windows, macOS and Linux: laid out here, for the program itself cannot be had."""

import json
import sys

import pytest

from helpdesk_mcp.doctor import desktop_files
from helpdesk_mcp.doctor.checks import claude_desktop
from helpdesk_mcp.doctor.finding import Finding

PASTE = "Paste the entry below into it, and start Claude Desktop anew."


@pytest.fixture
def folder(tmp_path):
    """Claude Desktop's folder on a Linux desktop."""
    folder = tmp_path / ".config" / "Claude"
    folder.mkdir(parents=True)
    return folder


def look(home, platform="linux", environment=None):
    return list(claude_desktop.findings(desktop_files.find(platform, environment or {}, home)))


def write(folder, config):
    text = config if isinstance(config, str) else json.dumps(config)
    (folder / "claude_desktop_config.json").write_text(text, encoding="utf-8")
    return folder / "claude_desktop_config.json"


def entry(command, *arguments, name="helpdesk"):
    return {"mcpServers": {name: {"command": str(command), "args": [*map(str, arguments)]}}}


@pytest.mark.parametrize(
    ("platform", "place"),
    [
        ("win32", "AppData/Roaming/Claude"),
        ("win32", "AppData/Local/Packages/Claude_pzs8sxrjxfjjc/LocalCache/Roaming/Claude"),
        ("darwin", "Library/Application Support/Claude"),
        ("linux", ".config/Claude"),
    ],
)
def test_the_configuration_is_found_on_each_system(tmp_path, platform, place):
    (tmp_path / place).mkdir(parents=True)
    write(tmp_path / place, entry(sys.executable))
    assert look(tmp_path, platform) == [
        Finding("Claude Desktop", "ok", f"The entry 'helpdesk' runs {sys.executable}.")
    ]


def test_folders_named_by_the_environment_are_used(tmp_path):
    assert desktop_files.find(
        "win32", {"APPDATA": str(tmp_path), "LOCALAPPDATA": "/none"}, tmp_path
    ).looked_in == (tmp_path / "Claude",)
    assert desktop_files.find("linux", {"XDG_CONFIG_HOME": "/xdg"}, tmp_path).looked_in[0].parts[1:] == (
        "xdg",
        "Claude",
    )


def test_an_entry_where_a_packaged_claude_desktop_does_not_look(tmp_path):
    packaged = tmp_path / "AppData/Local/Packages/Claude_pzs8sxrjxfjjc/LocalCache/Roaming/Claude"
    plain = tmp_path / "AppData/Roaming/Claude"
    packaged.mkdir(parents=True)
    plain.mkdir(parents=True)
    write(plain, entry(sys.executable))
    read = packaged / "claude_desktop_config.json"
    assert look(tmp_path, "win32") == [
        Finding(
            "Claude Desktop",
            "warning",
            f"It does not read {plain / 'claude_desktop_config.json'}.",
            f"What is in there belongs into {read}.",
        ),
        Finding(
            "Claude Desktop",
            "warning",
            f"It has no configuration yet ({read}).",
            f"Paste the entry below into {read}, and start Claude Desktop anew.",
        ),
    ]


def test_no_claude_desktop_is_nothing_to_worry_about(tmp_path):
    assert look(tmp_path) == [
        Finding(
            "Claude Desktop",
            "ok",
            f"It is not installed for this user (looked for {tmp_path / '.config' / 'Claude'}).",
        )
    ]


@pytest.mark.parametrize(
    ("config", "text"),
    [
        (
            '{"mcpServers": {,}}',
            "is not JSON (line 1, column 17: Expecting property name enclosed in double quotes).",
        ),
        ("[]", "cannot be used: it must be an object with an object `mcpServers`."),
        ('{"mcpServers": []}', "cannot be used: it must be an object with an object `mcpServers`."),
    ],
)
def test_a_file_that_claude_desktop_cannot_read(tmp_path, folder, config, text):
    path = write(folder, config)
    assert look(tmp_path) == [
        Finding("Claude Desktop", "problem", f"{path} {text}", "Correct it; nothing of it is read.")
    ]


def test_a_byte_order_mark_is_told(tmp_path, folder):
    path = write(folder, "\ufeff" + json.dumps(entry(sys.executable)))
    first, _ = look(tmp_path)
    assert first == Finding(
        "Claude Desktop", "warning", f"{path} begins with a byte-order mark.", "Save it as UTF-8 without one."
    )


def test_a_configuration_without_us(tmp_path, folder):
    path = write(folder, {"mcpServers": {"files": {"command": "npx", "env": {"KEY": "s3cret"}}}})
    assert look(tmp_path) == [
        Finding("Claude Desktop", "warning", f"{path} has no entry for this server.", PASTE)
    ]


def test_an_extension_needs_no_entry(tmp_path, folder):
    extension = folder / "Claude Extensions" / "local.helpdesk"
    extension.mkdir(parents=True)
    (extension / "manifest.json").write_text('{"name": "helpdesk-mcp", "version": "0.1.0"}')
    write(folder, {"mcpServers": {}})
    assert look(tmp_path) == [
        Finding("Claude Desktop", "ok", "The extension is installed: helpdesk-mcp 0.1.0.")
    ]


def test_what_an_entry_names_must_exist(tmp_path, folder):
    gone = tmp_path / "gone"
    write(
        folder,
        {
            "mcpServers": {
                "a": {"command": str(gone), "args": ["-m", "helpdesk_mcp"]},
                "helpdesk-dir": {"command": sys.executable, "args": ["--directory", str(gone), "run"]},
                "Helpdesk": {"args": []},
            }
        },
    )
    assert look(tmp_path) == [
        Finding("Claude Desktop", "problem", f"The entry 'a' runs {gone}, which does not exist.", PASTE),
        Finding(
            "Claude Desktop",
            "problem",
            f"The entry 'helpdesk-dir' works in {gone}, which does not exist.",
            PASTE,
        ),
        Finding("Claude Desktop", "problem", "The entry 'Helpdesk' has no command.", PASTE),
    ]


def test_a_command_without_its_path_is_told_with_the_whole_path(tmp_path, folder, monkeypatch):
    program = tmp_path / "bin" / "uv"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent))
    write(folder, entry("uv"))
    assert look(tmp_path) == [
        Finding(
            "Claude Desktop",
            "warning",
            "The entry 'helpdesk' runs 'uv', which it looks up in a PATH of its own.",
            f"Write the whole path: {program}.",
        )
    ]
